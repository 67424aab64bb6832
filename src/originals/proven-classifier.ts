/**
 * Says what a key is under a decision: a rendition only where its family was proven, or a person said so. Everything
 * else that a layout calls a rendition, or litter, comes home as an original. Pure.
 *
 * | the layout says | the user named it | its family is                         | the key is                      |
 * |-----------------|-------------------|---------------------------------------|---------------------------------|
 * | rendition       | yes               | any                                   | a rendition                     |
 * | rendition       | no                | accepted at the terminal              | a rendition                     |
 * | rendition       | no                | proven, and it was compared: not same | an original                     |
 * | rendition       | no                | proven, ended                         | an original                     |
 * | rendition       | no                | proven                                | a rendition, if its bytes bear that out |
 * | rendition       | no                | told key by key, and these bytes were the same | a rendition            |
 * | rendition       | no                | told key by key, a video, its photos proven | a rendition, if it has fewer bytes |
 * | rendition       | no                | any other, or unknown                 | an original                     |
 * | litter          | no                | any                                   | an original                     |
 */

import { extensionOf, fileKindOf, isComparable } from "../keys/file-kinds.ts";
import type { Classifier, KeyAndSize, Verdict } from "./classify.ts";
import { asOriginal, classifier } from "./classify.ts";
import { unitOf } from "./family-proof.ts";
import type { ProvenFamily, SavedLayout } from "./saved-layout.ts";

type Decision = Pick<SavedLayout, "layout" | "chosen" | "families">;

/** Makes a decision ready for many keys. */
export function provenClassifier({ layout, chosen, families }: Decision): Classifier {
  const decide = classifier(layout);
  if (chosen) return decide;
  const ready = new Map([...families].map(([unit, family]) => [unit, readied(family)]));
  return (object) => {
    const verdict = decide(object);
    if (verdict.kind === "other" && verdict.byLayout === true) {
      return asOriginal(verdict, "but no key is left out on the word of a layout that nobody named");
    }
    if (verdict.kind !== "rendition") return verdict;
    const family = ready.get(unitOf(verdict.family));
    if (family === undefined) return asOriginal(verdict, "but nothing proves that it is one");
    return byFamily(object, verdict, family);
  };
}

interface ReadyFamily {
  readonly family: ProvenFamily;
  /** Bytes by key. */
  readonly same: ReadonlyMap<string, number>;
  readonly other: ReadonlySet<string>;
}

function readied(family: ProvenFamily): ReadyFamily {
  return { family, same: new Map(family.sameKeys), other: new Set(family.otherKeys) };
}

function byFamily({ key, size }: KeyAndSize, verdict: Verdict, { family, same, other }: ReadyFamily): Verdict {
  const { state, evidence, range, ended } = family;
  const video = fileKindOf(key) === "video";
  if (state === "accepted") return verdict;
  if (state === "none") return asOriginal(verdict, `but that is not proven: ${evidence}`);
  if (state === "each") {
    if (same.get(key) === size) return verdict;
    if (video && family.holdsForVideos) return { ...verdict, needs: "larger" };
    return asOriginal(verdict, "but its picture was not found to be that of its original");
  }
  if (other.has(key)) return asOriginal(verdict, "but its picture is not that of its original");
  if (ended !== null) return asOriginal(verdict, `but ${ended}`);
  if (video) return { ...verdict, needs: "larger" };
  if (range === null) return asOriginal(verdict, "but nothing is known of its size");
  const { extensions } = family;
  return isComparable(key) || extensions.includes(extensionOf(key))
    ? { ...verdict, range, extensions }
    : asOriginal(verdict, "but a file of this type was not compared with its original");
}
