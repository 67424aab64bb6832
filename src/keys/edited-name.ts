/**
 * Google writes after the name of an edited copy that it is one, in the language of its owner, and cuts that with
 * the name: `IMG_1-edited.jpg`, `IMG_1-ha edit.jpg`. The copy has no sidecar of its own.
 */

/** Folded. The first are of other copies that Google makes; the rest by language, en pl de nl ja it fr es ca … */
const WORDS = (
  "effects|smile|mix|" +
  "edited|edytowane|bearbeitet|bewerkt|編集済み|modificato|modifié|ha editado|editado|editada|editat|" +
  "redigerad|redigerat|redigeret|redigert|muokattu|upraveno|upravené|szerkesztve|szerkesztett|düzenlendi|" +
  "düzenlenmiş|измененный|изменено|отредактировано|змінено|відредаговано|επεξεργασμένο|επεξεργασία|" +
  "已编辑|编辑后|已修改|已編輯|編輯後|수정됨|편집됨|diedit|telah diedit|đã chỉnh sửa|แก้ไขแล้ว|נערך|معدّل|معدل|تم التعديل|" +
  "uređeno|urejeno|редактирано|уређено|redaguota|rediģēts|muudetud|breytt|संपादित"
)
  .normalize("NFC")
  .split("|");

/** A name is cut so that it has 51 characters with its extension: from so many on it may have been. */
const NEARLY_FULL = 44;
/** Of a word that a shorter name has only the beginning of, so much must be there: "polar-bear" is not "bearbeitet". */
const SAID_ENOUGH = 5;

/**
 * The name of the original that this is an edited copy of; null where it is none.
 * @param stem without extension and count, in composed Unicode and lower case
 */
export function originalOfEdited(stem: string): string | null {
  const hyphen = stem.lastIndexOf("-");
  if (hyphen < 1) return null;
  const said = stem.slice(hyphen + 1);
  const least = stem.length >= NEARLY_FULL ? 1 : SAID_ENOUGH;
  const edited = WORDS.includes(said) || (said.length >= least && WORDS.some((word) => word.startsWith(said)));
  return edited ? stem.slice(0, hyphen) : null;
}
