/** The words by which services call originals and renditions, as people and programs write them in keys. */

function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

const ORIGINAL = wordSet(`original originals orig origs full fullsize fullres raw master masters source sources o`);

/** Made by programs: people rarely give their own photos such names. */
const MACHINE = wordSet(`
  thumb thumbs thumbnail thumbnails thumb2x tn th thm tile tiles preview previews icon icons sq square squares
  small_square large_square medium_large placeholder derivative derivatives rendition renditions conversions
  variant variants optimized medium med xs sm md lg xl xxl xlarge xxlarge xsmall small2x medium2x
  #x# w# h# #px
  75 100 120 128 150 160 200 240 256 300 320 400 480 500 512 600 640 720 768 800 960 1000 1024 1080 1200 1280
  1440 1600 1900 1920 2048 2560`);

/** Made by programs and by people alike. */
const ANYONE = wordSet(`
  large larger small smaller tiny mini micro huge big normal poster posters display web mobile lowres low lores
  resized scaled reduced compressed crop cropped cache cached`);

/** What people and cameras make themselves: never a rendition, whatever the sizes say. */
const KEPT_WORDS = wordSet(`
  edited edit adjusted alternative effects smile mix bearbeitet bewerkt edytowane editado editada editat modificato
  modifie modifié redigerad redigert redigeret muokattu upraveno düzenlendi 編集済み 编辑 已編輯
  hdr hevc mp burst cover collage animation pano panorama portrait night print prints color_pop final retouched
  lightroom export exports`);

export type WordSense = "original" | "rendition" | "kept" | "unknown";

/** What a word, or the words of a directory and a name together, say of a family. */
export function senseOf(word: string): WordSense {
  if (!word.includes(" ")) return senseOfOne(word);
  const senses = word.split(" ").map(senseOfOne);
  if (senses.includes("kept")) return "kept";
  if (senses.includes("rendition")) return "rendition";
  return senses.includes("original") ? "original" : "unknown";
}

/** True where one of the words is a program's word for a rendition. */
export function isMachineWord(word: string): boolean {
  return word.split(" ").some((one) => MACHINE.has(one));
}

function senseOfOne(word: string): WordSense {
  if (ORIGINAL.has(word)) return "original";
  if (MACHINE.has(word) || ANYONE.has(word)) return "rendition";
  return KEPT_WORDS.has(word) ? "kept" : "unknown";
}
