/**
 * Which file beside a photo speaks of it, by names alone.
 *
 *   photo.jpg.xmp, photo.xmp   XMP: what people corrected in a photo manager
 *   photo.jpg.json             Google Takeout, by the many names that it makes (takeout-name.ts)
 *   photo.AAE                  Apple's edits
 *   film.THM, film.MOI, filmM01.XML   what cameras put beside a film
 *
 * A JSON that two photos could both own is nobody's: a wrong date is worse than none.
 */

import { normalStem } from "../layouts/layout.ts";
import { extensionOf, fileKindOf } from "./file-kinds.ts";
import {
  COPY_COUNT,
  companyTitles,
  fitOfPhoto,
  isOfOriginal,
  mayMove,
  NOTES,
  namedBy,
  splitExtension,
  takeoutTitle,
} from "./takeout-name.ts";

export interface Pairing {
  /** Names of the sidecars that speak of the photo, the most trusted first. */
  readonly own: readonly string[];
  /**
   * Of a film: stills that it is the moving half of, and sidecars of such a still that is not there. They say when
   * it was taken where it does not know itself.
   */
  readonly company: readonly string[];
  /** Sidecars that could be this photo's and other photos' as well, or that are two for one photo. */
  readonly unclear: readonly Unclear[];
}

export interface Unclear {
  readonly sidecars: readonly string[];
  readonly photos: readonly string[];
}

const NO_PAIRING: Pairing = { own: [], company: [], unclear: [] };

/**
 * @param photo its name, without folders
 * @param near names in the same folder: at least all whose stem is one of `sidecarStems`, and all photos whose names
 * begin like a cut one
 */
export function pairSidecars(photo: string, near: readonly string[]): Pairing {
  const others = near.filter((name) => name !== photo);
  if (others.length === 0) return NO_PAIRING;
  const { own, unclear } = takeoutOf(photo, others);
  const xmp = stemSidecars(photo, others, "xmp");
  const aae = stemSidecars(photo, others, "aae");
  return { own: [...xmp, ...own, ...aae], company: companyFor(photo, others), unclear };
}

/** XMP and Apple's edits: of every photo of that name, RAW and JPEG; named with the extension before without. */
function stemSidecars(photo: string, others: readonly string[], kind: string): string[] {
  const folded = normalStem(photo);
  const { stem } = splitExtension(folded);
  const names = others.filter((name) => extensionOf(name) === kind);
  const [whole, bare] = [folded, stem].map((wanted) =>
    names.filter((name) => normalStem(name.slice(0, -kind.length - 1)) === wanted),
  );
  return [...closest(photo, whole ?? []), ...closest(photo, stem === folded ? [] : (bare ?? []))];
}

/** Of names that differ in spelling only, the one that is spelled as the photo is; all, where none is. */
function closest(photo: string, names: readonly string[]): readonly string[] {
  const same = names.filter((name) => name.startsWith(splitExtension(photo).stem));
  return same.length > 0 ? same : names;
}

function takeoutOf(photo: string, others: readonly string[]): Omit<Pairing, "company"> {
  const jsons = others.filter((name) => extensionOf(name) === "json");
  if (jsons.length === 0) return NO_PAIRING;
  const photos = [photo, ...others.filter((name) => fileKindOf(name) !== "sidecar")];
  const claims = jsons.flatMap((name) => {
    const fit = fitOfPhoto(photo, namedBy(name));
    if (fit === null) return [];
    const rivals = isOfOriginal(fit) ? [photo] : claimants(name, photos, jsons);
    return rivals.includes(photo) ? [{ name, fit, rivals }] : [];
  });
  const best = Math.min(...claims.map(({ fit }) => fit));
  const mine = claims.filter(({ fit }) => fit === best);
  const sidecars = spelledAs(
    photo,
    mine.map(({ name }) => name),
  );
  if (sidecars.length > 1) return { own: [], unclear: [{ sidecars, photos: [photo] }] };
  const rivals = mine.find(({ name }) => name === sidecars[0])?.rivals ?? [];
  if (rivals.length < 2) return { own: sidecars, unclear: [] };
  return { own: [], unclear: [{ sidecars, photos: rivals.toSorted() }] };
}

/** The photos that this sidecar fits best, but those that another fits better; one that is spelled alike wins. */
function claimants(sidecar: string, photos: readonly string[], jsons: readonly string[]): readonly string[] {
  const named = namedBy(sidecar);
  const claims = photos.flatMap((photo) => {
    const fit = fitOfPhoto(photo, named);
    if (fit === null || isOfOriginal(fit)) return [];
    const better = jsons.some((other) => {
      const theirs = other === sidecar ? null : fitOfPhoto(photo, namedBy(other));
      return theirs !== null && theirs < fit;
    });
    return better ? [] : [{ photo, fit }];
  });
  const best = Math.min(...claims.map(({ fit }) => fit));
  const fitting = claims.filter(({ fit }) => fit === best).map(({ photo }) => photo);
  // A still and its film share a name, and the sidecar is the still's; the film has it as its company.
  const stills = fitting.filter((photo) => !mayMove(photo));
  const able = stills.length > 0 ? stills : fitting;
  const alike = able.filter((photo) => isSpelledAs(photo, sidecar));
  return alike.length === 1 ? alike : able;
}

function spelledAs(photo: string, sidecars: readonly string[]): readonly string[] {
  const alike = sidecars.filter((sidecar) => isSpelledAs(photo, sidecar));
  return alike.length === 1 ? alike : sidecars;
}

/** True where the sidecar repeats the photo's name to the letter. */
function isSpelledAs(photo: string, sidecar: string): boolean {
  const { stem } = splitExtension(photo);
  const [, base = stem] = COPY_COUNT.exec(stem) ?? [];
  return sidecar.startsWith(photo) || sidecar.startsWith(base + photo.slice(stem.length));
}

/** The camera's own notes of a film first, which need nobody to agree with them. */
function companyFor(photo: string, others: readonly string[]): readonly string[] {
  const titles = companyTitles(photo);
  if (titles.length === 0) return [];
  const stems = new Set(titles.map(({ base, count }) => base + count));
  const notes = others.filter((name) => isNoteOf(name, stems));
  const stills = others.filter((name) => {
    if (fileKindOf(name) !== "image") return false;
    const { base, count } = takeoutTitle(name);
    return stems.has(base + count);
  });
  if (stills.length > 0) return [...notes, ...stills];
  const jsons = others.filter((name) => {
    if (extensionOf(name) !== "json") return false;
    const { base, extension, count } = namedBy(name);
    return fileKindOf(`x${extension}`) === "image" && stems.has(base + count);
  });
  return [...notes, ...(jsons.length === 1 ? jsons : [])];
}

/** C0001M01.XML, MOV001.MOI, MVI_0001.THM */
function isNoteOf(name: string, stems: ReadonlySet<string>): boolean {
  const stem = normalStem(splitExtension(name).stem);
  const extension = extensionOf(name);
  if (extension === "xml") return stem.endsWith(NOTES) && stems.has(stem.slice(0, -NOTES.length));
  return (extension === "thm" || extension === "moi") && stems.has(stem);
}

/** True for a file of the company of a film that is a picture, with tags of its own; others are read as sidecars. */
export function isPicture(name: string): boolean {
  return fileKindOf(name) === "image" || extensionOf(name) === "thm";
}
