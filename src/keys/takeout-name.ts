/**
 * Names as Google Takeout makes them of a photo's title, and of the JSON that speaks of it:
 *
 *   photo.jpg.json                         of photo.jpg
 *   photo.jpg.supplemental-metadata.json   since 2024
 *   photo.jpg.supple.json, photo.j.json    all but `.json` cut to 46 characters of UTF-16, wherever that falls
 *   photo.json                             without the extension
 *   photo.jpg(1).json                      of photo(1).jpg; also photo(1).jpg.json
 *   photo.jpg.json                         of photo-edited.jpg, in any language (originalOfEdited)
 *
 * Names are compared in composed Unicode and lower case, as drives and tools re-spell them.
 */

import { normalStem } from "../layouts/layout.ts";
import { extensionOf, fileKindOf, isPartOfExtension } from "./file-kinds.ts";

/** A name as Takeout makes it of a title: `photo(1).jpg` and `photo.jpg(1)` are both photo, .jpg, (1). Folded. */
export interface TakeoutTitle {
  readonly base: string;
  /** With its dot; of a sidecar's perhaps only the beginning; "" where there is none. */
  readonly extension: string;
  /** `(1)`, or "". */
  readonly count: string;
}

/** A title that a sidecar names, which may be cut. */
export interface SidecarTitle extends TakeoutTitle {
  readonly cut: boolean;
}

/** Characters of UTF-16 before `.json`. */
const FULL_NAME = 46;
/** A name is perhaps cut from here on: it may have been counted, or spelled, in another way since. */
const PERHAPS_FULL = 45;
/** No cut name is shorter, in whatever way it was spelled. */
const LEAST_CUT = 40;
/**
 * What is left of a character of two halves that was cut in the middle: U+FFFD, a half of it, a question mark, or
 * bytes that are no UTF-8 (key.ts). Some write `_`, which is a character of its own elsewhere.
 */
const HALF = /(?:[\ufffd?\uef80-\uefff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff])+$/;
export const COPY_COUNT = /^(.+)(\(\d{1,4}\))$/su;
const ADDED = "supplemental-metadata";
/** Sony's notes of a film are called C0001M01.XML. */
export const NOTES = "m01";
/** `photo-edited-effects.jpg` is an edit of an edit. */
const MOST_EDITS = 4;

export function takeoutTitle(name: string): TakeoutTitle {
  const folded = normalStem(name);
  const { stem, extension } = splitExtension(folded);
  const [, base = stem, count = ""] = COPY_COUNT.exec(stem) ?? [];
  return { base, extension, count };
}

export function splitExtension(folded: string): { stem: string; extension: string } {
  const extension = extensionOf(folded);
  return extension === ""
    ? { stem: folded, extension: "" }
    : { stem: folded.slice(0, -extension.length - 1), extension: `.${extension}` };
}

/** @param name of a sidecar: `photo.jpg.supplemental-me(1).json` → photo, .jpg, (1) */
export function namedBy(name: string): SidecarTitle {
  const own = name.slice(0, -extensionOf(name).length - 1);
  const folded = normalStem(own);
  let [, rest = folded, count = ""] = COPY_COUNT.exec(folded) ?? [];
  const full = utf16Length(rest) >= PERHAPS_FULL;
  const bare = withoutAdded(rest, full);
  const cut = full && (bare === rest || HALF.test(rest));
  rest = cut ? bare.replace(HALF, "") : bare;
  const take = (text: string) => {
    const inner = count === "" ? COPY_COUNT.exec(text) : null;
    if (inner === null) return text;
    count = inner[2] ?? "";
    return inner[1] ?? text;
  };
  rest = take(rest);
  const dot = rest.lastIndexOf(".");
  const extension = dot > 0 && isPartOfExtension(rest.slice(dot + 1)) ? rest.slice(dot) : "";
  const base = take(extension === "" ? rest : rest.slice(0, dot));
  return { base, extension, count, cut };
}

/** In UTF-16, in the longer spelling. */
function utf16Length(text: string): number {
  return text.normalize("NFD").length;
}

/** Without `.supplemental-metadata`, or its beginning: any of it after an extension, else more than could be a name's own. */
function withoutAdded(name: string, full: boolean): string {
  const dot = name.lastIndexOf(".");
  const said = name.slice(dot + 1);
  if (dot < 1 || !ADDED.startsWith(said)) return name;
  const rest = name.slice(0, dot);
  const behind = rest.lastIndexOf(".");
  const extended = behind > 0 && isPartOfExtension(rest.slice(behind + 1).replace(/\(\d{1,4}\)$/, ""));
  return extended || full || said.length >= "suppl".length ? rest : name;
}

/** What a sidecar has in common with the photo it speaks of: the photo's name, folded, without its extension. */
export function sidecarStem(name: string): string {
  const { base, count } = namedBy(name);
  return base + count;
}

/** The beginning that names of photos have in common which a sidecar of a cut name may be of; null where it is not cut. */
export function cutSidecarStem(name: string): string | null {
  if (extensionOf(name) !== "json") return null;
  const { base, extension, cut } = namedBy(name);
  return cut && extension === "" ? base : null;
}

/** The stems under which sidecars of a photo may lie, its own first. */
export function sidecarStems(photo: string): string[] {
  const company = companyTitles(photo);
  const notes = company.slice(0, 1).map((own) => ({ ...own, base: `${own.base}${NOTES}` }));
  const titles = [...ownTitles(photo), ...company, ...notes];
  const stems = titles.flatMap(({ base, extension, count }) =>
    [base, ...misreadOf(base, extension), ...cutsOf(base)].map((stem) => stem + count),
  );
  return [...new Set(stems)];
}

/** What the stem of a sidecar is where its name does not show where that of the photo ends. */
function misreadOf(base: string, extension: string): string[] {
  const dot = base.lastIndexOf(".");
  const inner = dot > 0 && isPartOfExtension(base.slice(dot + 1)) ? [base.slice(0, dot)] : [];
  return isPartOfExtension(extension.slice(1)) ? inner : [...inner, base + extension];
}

/** The beginnings that a sidecar may have of a name that is too long for it, however its accents were spelled. */
function cutsOf(base: string): string[] {
  const spellings = new Set([base, base.normalize("NFD")]);
  return [...spellings].flatMap((spelled) => {
    const cuts: string[] = [];
    for (let length = Math.min(FULL_NAME + 1, spelled.length); length >= LEAST_CUT; length -= 1) {
      const cut = spelled.slice(0, length).normalize("NFC");
      cuts.push(cut.replace(HALF, ""), ...(HALF.test(cut) ? [cut.replace(HALF, "_")] : []));
    }
    return cuts;
  });
}

/** The titles whose sidecar is this photo's: its own, and those of what it is an edited copy of, edited again perhaps. */
export function ownTitles(photo: string): TakeoutTitle[] {
  const titles = [takeoutTitle(photo)];
  for (let last = titles[0]; last !== undefined && titles.length < MOST_EDITS; ) {
    const original = originalOfEdited(last.base);
    if (original === null) break;
    const [, base = original, count = ""] = COPY_COUNT.exec(original) ?? [];
    const { extension } = last;
    last = last.count === "" ? { base, extension, count } : { ...last, base: original };
    titles.push(last);
  }
  return titles;
}

/** Of a film, the titles of the still that it is the moving half of: IMG_1.MOV, IMG_1_HEVC.MOV, PXL_1.MP of PXL_1.MP.jpg. */
export function companyTitles(photo: string): TakeoutTitle[] {
  if (!mayMove(photo)) return [];
  const own = takeoutTitle(photo);
  const bare = own.base.replace(/_hevc$/, "");
  const whole = { base: normalStem(photo), extension: "", count: "" };
  return [own, ...(bare === own.base ? [] : [{ ...own, base: bare }]), whole];
}

/** Google's motion photos end in `.MP`, which nothing else knows. */
export function mayMove(name: string): boolean {
  return fileKindOf(name) === "video" || /\.mp(~\d+)?$/i.test(name);
}

/**
 * How well a sidecar fits, the smaller the better. 0: it names the photo whole. 1: but for an end that was cut off.
 * 2: but for the extension. 3: it is of the original that the photo is an edited copy of. 4: and that has another extension.
 */
export type Fit = 0 | 1 | 2 | 3 | 4;

function fitOf(title: TakeoutTitle, named: SidecarTitle): Fit | null {
  if (title.count !== named.count) return null;
  const whole = title.base + title.extension;
  const said = named.base + named.extension;
  if (whole === said) return 0;
  const partly = said.length > title.base.length && whole.startsWith(said);
  if (partly) return 1;
  if (named.cut && utf16Length(said) >= LEAST_CUT && beginsWith(whole, said)) return 1;
  return said === title.base ? 2 : null;
}

/** True also where the end of what was cut is half a character, for which a `_` was written. */
function beginsWith(whole: string, cut: string): boolean {
  if (whole.startsWith(cut)) return true;
  const bare = cut.slice(0, -1);
  return cut.endsWith("_") && whole.startsWith(bare) && /^[\ud800-\udbff]/.test(whole.slice(bare.length));
}

/** The fit of a photo that may be an edited copy. */
export function fitOfPhoto(photo: string, named: SidecarTitle): Fit | null {
  const [own, ...originals] = ownTitles(photo);
  const fit = own === undefined ? null : fitOf(own, named);
  if (fit !== null) return fit;
  if (originals.some((original) => fitOf(original, named) !== null)) return 3;
  const other = originals.some(({ base, count }) => base === named.base && count === named.count);
  return other ? 4 : null;
}

/** Any number of edited copies have the sidecar of their original, which it keeps. */
export function isOfOriginal(fit: Fit): boolean {
  return fit >= 3;
}

/** Folded. The first are of other copies that Google makes; the rest by language, en pl de nl ja it fr es ca … */
const EDITED = (
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
 * The name of the original that this is an edited copy of; null where it is none. Google writes after the name of an edited
 * copy that it is one, in the language of its owner, and cuts that with the name: `IMG_1-edited.jpg`, `IMG_1-ha edit.jpg`.
 * The copy has no sidecar of its own.
 * @param stem without extension and count, in composed Unicode and lower case
 */
function originalOfEdited(stem: string): string | null {
  const hyphen = stem.lastIndexOf("-");
  if (hyphen < 1) return null;
  const said = stem.slice(hyphen + 1);
  const least = stem.length >= NEARLY_FULL ? 1 : SAID_ENOUGH;
  const edited = EDITED.includes(said) || (said.length >= least && EDITED.some((word) => word.startsWith(said)));
  return edited ? stem.slice(0, hyphen) : null;
}
