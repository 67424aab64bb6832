/** What lies beside a key may overrule what its name says; always towards keeping more. Pure. */

import type { CataloguedObject } from "../model.ts";
import type { Verdict } from "./classify.ts";
import { fileKindOf } from "./file-kinds.ts";

/** Fewer bytes hold no photo: services answer with an error page of this size where an original is lost. */
export const LEAST_PHOTO = 1000;

/** True where only the siblings can tell whether the verdict holds. */
export function needsALook(size: number, verdict: Verdict): boolean {
  if (verdict.stem === null) return false;
  if (verdict.kind === "rendition") return verdict.needs !== "nothing";
  return verdict.kind === "original" && (verdict.rank > 0 || isStub(size));
}

/** The verdict after looking at all objects of its stem; the same one where it holds. */
export function besides(
  object: CataloguedObject,
  verdict: Verdict,
  siblings: readonly CataloguedObject[],
): Verdict {
  if (verdict.kind === "rendition") return asRendition(object, verdict, siblings);
  const ranked = asRanked(object, verdict, siblings);
  return isStub(object.size) ? asStub(object, ranked, siblings) : ranked;
}

function isStub(size: number): boolean {
  return size > 0 && size < LEAST_PHOTO;
}

/** Where nothing truer is listed, this is the truest there is. */
function asRanked(
  object: CataloguedObject,
  verdict: Verdict,
  siblings: readonly CataloguedObject[],
): Verdict {
  const truer = siblings.some(
    ({ key, kind, size, rank }) =>
      kind === "original" && size > 0 && rank < verdict.rank && key !== object.key,
  );
  return verdict.rank === 0 || truer ? verdict : { ...verdict, rank: 0 };
}

function asRendition(
  object: CataloguedObject,
  verdict: Verdict,
  siblings: readonly CataloguedObject[],
): Verdict {
  const video = fileKindOf(object.key) === "video";
  const originals = siblings.filter(
    ({ key, kind, size }) =>
      kind === "original" &&
      size > 0 &&
      key !== object.key &&
      (!video || fileKindOf(key) === "video"),
  );
  if (originals.length === 0) {
    if (verdict.needs !== "larger") return verdict;
    return keep(verdict, "but nothing is listed that it could be made from");
  }
  const larger = originals.some(
    ({ size, etag }) =>
      size > object.size || (size === object.size && etag !== "" && etag === object.etag),
  );
  return larger ? verdict : keep(verdict, `but it is not smaller than ${originals[0]?.key ?? ""}`);
}

/** A stub leaves its stem, so that a rendition of it counts as the best that there is. */
function asStub(
  object: CataloguedObject,
  verdict: Verdict,
  siblings: readonly CataloguedObject[],
): Verdict {
  const better = siblings.find(({ kind, size }) => kind === "rendition" && size > object.size);
  if (better === undefined) return verdict;
  const reason = `${verdict.reason}; its ${object.size} bytes are no photo, while ${better.key} has ${better.size}`;
  return { ...verdict, stem: null, reason };
}

function keep(verdict: Verdict, but: string): Verdict {
  return {
    ...verdict,
    kind: "original",
    rank: 1,
    needs: "nothing",
    reason: `${verdict.reason}, ${but}`,
  };
}
