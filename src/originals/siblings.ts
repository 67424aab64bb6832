/** What lies beside a key may overrule what its name says; always towards keeping more. Pure. */

import { extensionOf, fileKindOf, isComparable, withoutExtension } from "../keys/file-kinds.ts";
import { normalStem } from "../layouts/layout.ts";
import type { CataloguedObject } from "../model.ts";
import { asOriginal, type Verdict } from "./classify.ts";
import { bytesBearOut, sizeBearsOut } from "./size-range.ts";

/** Fewer bytes hold no photo: services answer with an error page of this size where an original is lost. */
export const LEAST_PHOTO = 1000;

/** True where only the siblings can tell whether the verdict holds. */
export function needsSiblings(size: number, verdict: Verdict): boolean {
  if (verdict.stem === null) return false;
  if (verdict.kind === "rendition") return verdict.needs !== "nothing" || verdict.range !== undefined;
  return verdict.kind === "original" && (verdict.rank > 0 || isStub(size));
}

/** The verdict after looking at all objects of its stem; the same one where it holds. */
export function reconcile(object: CataloguedObject, verdict: Verdict, siblings: readonly CataloguedObject[]): Verdict {
  if (verdict.kind === "rendition") return asRendition(object, verdict, siblings);
  const ranked = asRanked(object, verdict, siblings);
  return isStub(object.size) ? asStub(object, ranked, siblings) : ranked;
}

/**
 * The original beside which a key is looked at as its rendition: a still for a still, one that can be decoded before one
 * that cannot, a RAW file last, the truest of those, the largest; null where none is listed. Of a video a still is no original.
 * @param needs with `one`, null where several photos have the stem
 */
export function originalFor(
  { key }: Pick<CataloguedObject, "key">,
  siblings: readonly CataloguedObject[],
  needs: Verdict["needs"] = "nothing",
): CataloguedObject | null {
  if (needs === "one" && photosAmong(siblings, key) > 1) return null;
  const video = fileKindOf(key) === "video";
  const unlike = (one: CataloguedObject) => Number((fileKindOf(one.key) === "video") !== video);
  const unseen = (one: CataloguedObject) => Number(!isComparable(one.key)) + Number(fileKindOf(one.key) === "raw");
  const [best] = siblings
    .filter((one) => one.kind === "original" && one.size > 0 && !isStub(one.size) && one.key !== key)
    .filter((one) => !video || unlike(one) === 0)
    .sort((a, b) => unlike(a) - unlike(b) || unseen(a) - unseen(b) || a.rank - b.rank || b.size - a.size);
  return best ?? null;
}

function isStub(size: number): boolean {
  return size > 0 && size < LEAST_PHOTO;
}

/** Where nothing truer is listed, this is the truest there is. */
function asRanked(object: CataloguedObject, verdict: Verdict, siblings: readonly CataloguedObject[]): Verdict {
  const truer = siblings.some(
    ({ key, kind, size, rank }) => kind === "original" && size > 0 && rank < verdict.rank && key !== object.key,
  );
  return verdict.rank === 0 || truer ? verdict : { ...verdict, rank: 0 };
}

function asRendition(object: CataloguedObject, verdict: Verdict, siblings: readonly CataloguedObject[]): Verdict {
  const parent = originalFor(object, siblings, verdict.needs);
  if (parent === null) {
    if (verdict.needs !== "larger" && verdict.needs !== "one") return asOrphan(object, verdict);
    const many = photosAmong(siblings, object.key) > 1;
    const but = many
      ? "but more than one photo is listed that it could be made from"
      : "but nothing is listed that it could be made from";
    return asOriginal(verdict, but);
  }
  const isSame = ({ size, etag }: CataloguedObject) => size === object.size && etag !== "" && etag === object.etag;
  const ofVideo = (key: string) => fileKindOf(key) === "video";
  const originals = siblings.filter(
    ({ kind, key }) => kind === "original" && key !== object.key && (ofVideo(key) || !ofVideo(object.key)),
  );
  if (!originals.some((one) => one.size > object.size || isSame(one))) {
    return asOriginal(verdict, `but it is not smaller than ${parent.key}`);
  }
  const { range } = verdict;
  // The same bytes under another name: nothing is lost with them.
  if (range === undefined || isSame(parent)) return verdict;
  if (!isProof(parent.key, verdict)) {
    return asOriginal(verdict, `but it cannot be compared with ${parent.key}, as others were`);
  }
  const kinds = { child: fileKindOf(object.key), parent: fileKindOf(parent.key) };
  if (bytesBearOut(object.size, parent.size, range, kinds)) return verdict;
  return asOriginal(verdict, `but its ${object.size} bytes are not what such a copy of ${parent.key} has`);
}

/** True for an original of a kind that its family was proven by; its photos speak for videos, RAW files and bare names. */
function isProof(parent: string, { extensions = [] }: Verdict): boolean {
  return (
    isComparable(parent) ||
    ["video", "raw"].includes(fileKindOf(parent)) ||
    ["", ...extensions].includes(extensionOf(parent))
  );
}

/** Of what has no original its bytes are all that bears out that it is a rendition. */
function asOrphan({ key, size }: CataloguedObject, verdict: Verdict): Verdict {
  if (verdict.range === undefined || sizeBearsOut(size, verdict.range, fileKindOf(key))) {
    return verdict;
  }
  const but = `but its ${size} bytes are not what its family has, and its original is not listed`;
  return asOriginal(verdict, but);
}

/** Objects that differ in their extensions only are one photo; what was kept for want of an original is none. */
function photosAmong(siblings: readonly CataloguedObject[], but: string): number {
  const truest = siblings.filter(
    ({ key, kind, rank, size }) => kind === "original" && rank === 0 && size > 0 && key !== but,
  );
  return new Set(truest.map(({ key }) => normalStem(withoutExtension(key)))).size;
}

/** A stub leaves its stem, so that a rendition of it counts as the best that there is. */
function asStub(object: CataloguedObject, verdict: Verdict, siblings: readonly CataloguedObject[]): Verdict {
  const better = siblings.find(({ kind, size }) => kind === "rendition" && size > object.size);
  if (better === undefined) return verdict;
  const reason = `${verdict.reason}; its ${object.size} bytes are no photo, while ${better.key} has ${better.size}`;
  return { ...verdict, stem: null, reason };
}
