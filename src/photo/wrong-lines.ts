/** What a list of a target, or the catalogue, says and the file itself denies: it is taken back, before the lists are mended. */

import { stopIf } from "../cancel.ts";
import type { Adoption } from "../catalogue/compare-lists.ts";
import type { KeptRow } from "../catalogue/rows.ts";
import type { Sum, Target } from "../targets/target.ts";
import { rebuiltEntry } from "./rebuilt-entry.ts";
import { type Candidate, isVouchedFor, whichLies } from "./vouched.ts";

/** So many photos are looked at or read one by one: more are no rot, but a list that is gone, and would take hours. */
export const FEW = 1024;
const MOST_WRONG = 100_000;

export interface Asking {
  readonly target: Pick<Target, "open" | "look" | "vouchesFor">;
  readonly adoption: Adoption;
  readonly signal: AbortSignal;
}

/** Lines that are to be taken out; more than a few are no rot, and stay for `verify` to tell. */
export class Wrong {
  readonly #sums = new Set<string>();

  get size(): number {
    return this.#sums.size;
  }

  readonly isWrong = ({ path, sha256 }: Sum): boolean => this.#sums.has(`${sha256} ${path}`);

  /** @returns false where there are too many */
  add({ path, sha256 }: Sum): boolean {
    if (this.#sums.size >= MOST_WRONG) return false;
    this.#sums.add(`${sha256} ${path}`);
    return true;
  }
}

/**
 * Of a line that the manifest alone has, the file tells whether the manifest or SHA256SUMS rotted: what does not lie
 * there, and whose bytes are those that SHA256SUMS says, is taken back.
 */
export async function dropUnsummed({ target, adoption, signal }: Asking, wrong: Wrong): Promise<void> {
  const few = adoption.differences().unsummed <= FEW;
  for await (const chunk of adoption.alone()) {
    for (const { path, sha256, other } of chunk) {
      const gone = few && (await target.look(path, signal)) === null;
      const isOther = other !== null && (await rebuiltEntry({ path, sha256: other }, target, signal)) !== null;
      if ((gone || isOther) && wrong.add({ path, sha256 })) adoption.drop({ path, sha256 });
    }
  }
}

/**
 * Lines may give one path different bytes: the file tells which of them holds, and where it tells nothing what is remembered
 * does. Lines after that one are none of this target's, and are taken back; those before it are what lay there once.
 * @param remembers the bytes that are remembered as kept at a path
 * @param onOther told what lies at a path, which is none other any more
 */
export async function dropContradicted(
  { target, adoption, signal }: Asking,
  wrong: Wrong,
  remembers: (folded: string) => readonly string[],
  onOther: (there: { readonly folded: string; readonly sha256: string }) => void,
): Promise<void> {
  let read = 0;
  for await (const names of adoption.contradicted()) {
    for (const folded of names) {
      stopIf(signal);
      const lines = adoption.linesAt("folded", folded);
      const kept = remembers(folded);
      const last = lines[0];
      if (last === undefined || kept.includes(last.sha256)) continue;
      read += 1;
      const lies = await whichLies(last.path, lines.map(candidateOf), target, signal, read > FEW);
      const holds = lines[lies ?? -1] ?? lines.find(({ sha256 }) => kept.includes(sha256));
      if (holds === undefined) continue;
      for (const line of lines.slice(0, lines.indexOf(holds))) if (wrong.add(line)) adoption.drop(line);
      onOther({ folded, sha256: holds.sha256 });
    }
  }
}

function candidateOf({ sha256, size, md5, targetEtag }: KeptRow["entry"]): Candidate {
  return { sha256, size, etag: targetEtag ?? md5 };
}

/**
 * Sums at the end of SHA256SUMS that the manifest lacks are what a run was cut at, where they are true. Others nobody wrote for
 * this target.
 */
export async function judgeLastSums({ target, adoption, signal }: Asking, wrong: Wrong): Promise<void> {
  for await (const chunk of adoption.unlisted()) {
    for (const sum of chunk) {
      stopIf(signal);
      if ((await whichLies(sum.path, [sum], target, signal)) === -1) wrong.add(sum);
    }
  }
}

/** Both lists may give a photo other bytes than are remembered: the file tells. To be called after `miss`. */
export async function dropContested({ target, adoption, signal }: Asking, wrong: Wrong): Promise<void> {
  let read = 0;
  for await (const chunk of adoption.contested()) {
    for (const { path, sha256, other } of chunk) {
      if (other === null || read >= FEW) return;
      read += 1;
      const isOther = (await rebuiltEntry({ path, sha256: other }, target, signal)) !== null;
      if (isOther && wrong.add({ path, sha256 })) adoption.drop({ path, sha256 });
    }
  }
}

/**
 * A photo that no list names and the catalogue alone remembers lay on the drive once; what has its name and size now may be
 * something else (an older image, to which somebody copied a file). Where there are few, their bytes tell.
 * @param missed how many there are at most
 */
export async function dropUnproven(asking: Asking, missed: number): Promise<void> {
  if (missed > FEW) return;
  const { adoption, signal } = asking;
  for await (const chunk of adoption.unsure()) {
    for (const row of chunk) {
      stopIf(signal);
      if (!(await isThere(row, asking))) adoption.notThere(row);
    }
  }
}

async function isThere({ entry }: KeptRow, { target, signal }: Asking): Promise<boolean> {
  const { path, size, sha256, md5, targetEtag } = entry;
  if (await isVouchedFor({ path, size, sha256, etag: targetEtag ?? md5 }, target, signal)) return true;
  return (await rebuiltEntry(entry, target, signal)) !== null;
}
