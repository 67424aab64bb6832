/** The words by which services call originals and renditions, as people and programs write them in keys. */

const ORIGINAL = new Set(
  "original originals orig full fullsize fullres raw master masters source sources o".split(" "),
);
const RENDITION = new Set(
  `large larger medium med small smaller tiny mini micro tile tiles thumb thumbs thumbnail thumbnails thm tn th
  preview previews square squares sq icon icons poster posters display web mobile lowres low lores resized scaled
  reduced compressed crop cropped derivative derivatives variant variants rendition renditions conversions cache
  cached optimized xs sm md lg xl xxl xlarge xxlarge xsmall huge big normal placeholder
  medium_large small_square large_square thumb2x small2x medium2x #x# w# h# #px`.split(/\s+/),
);
/** Words of what people make themselves: never a rendition, whatever the sizes say. */
const KEPT = new Set(
  `edited edit adjusted alternative bearbeitet modifié modifie bewerkt modificato editado editada editat edytowane
  编辑 編集済み redigerad redigert redigeret muokattu effects smile mix hdr hevc mp burst cover collage animation pano
  panorama portrait night print color_pop final retouched lightroom export exports`.split(/\s+/),
);

export type WordSense = "original" | "rendition" | "kept" | "unknown";

/** What a word, or two words of a directory and a name, say of a family. */
export function senseOf(word: string): WordSense {
  const senses = word.split(" ").map(senseOfOne);
  if (senses.includes("kept")) return "kept";
  if (senses.includes("rendition")) return "rendition";
  return senses.includes("original") ? "original" : "unknown";
}

function senseOfOne(word: string): WordSense {
  if (ORIGINAL.has(word)) return "original";
  if (RENDITION.has(word)) return "rendition";
  return KEPT.has(word) ? "kept" : "unknown";
}
