/**
 * Settle lists: the manifest of a target, its SHA256SUMS, and what is remembered of it must say the same. Where they
 * do not, that is told, and the lists are mended: what cannot be read is set aside, and what one of them lacks comes
 * from the other, from what is remembered, and from the files themselves.
 *
 * | the lists                                                    | then                                        |
 * |--------------------------------------------------------------|---------------------------------------------|
 * | are those that are remembered, and may have grown             | taken over                                  |
 * | agree with one another and the files, and are others          | taken as they are: an older image, a clone  |
 * | name photos that one of them lacks, or are not as written     | told, and mended                            |
 * | lack photos that are remembered and lie there                 | told, and mended                            |
 * | are as remembered, and end with a few in SHA256SUMS only      | a run was cut there, where the files are    |
 * |                                                              | as these say: they come again; else mended  |
 * | give one path different bytes                                 | the file says which; others after are taken |
 * |                                                              | out, and told                               |
 */

import { stopIf } from "../cancel.ts";
import type { Adoption, Differences } from "../catalogue/compare-lists.ts";
import type { Likely } from "../catalogue/objects-like.ts";
import type { KeptRow } from "../catalogue/rows.ts";
import type { Emit } from "../events.ts";
import type { ManifestEntry } from "../model.ts";
import { folded } from "../naming/name.ts";
import { inBatches } from "../targets/read-lists.ts";
import type { OnBroken, Sum, Target } from "../targets/target.ts";
import { rebuiltEntry } from "./rebuilt-entry.ts";
import {
  dropContested,
  dropContradicted,
  dropUnproven,
  dropUnsummed,
  FEW,
  judgeLastSums,
  Wrong,
} from "./wrong-lines.ts";

/** A run that is cut between the two lists leaves no more than this in one of them: several batches. */
const CUT = FEW;

type Flaws = Record<Parameters<OnBroken>[0], number>;

export interface Settling {
  readonly target: Pick<Target, "name" | "traits" | "entries" | "lists" | "open" | "look" | "vouchesFor">;
  readonly adoption: Adoption;
  /** Enters the files that lie there. */
  readonly lookAround: () => Promise<void>;
  /** The lists are those that are remembered, and may have grown. */
  readonly follows: boolean;
  readonly mends: boolean;
  /** Told of each photo that lies there, as its bytes were read, and of which nobody knows which object it is. */
  readonly onLying?: ((target: string, photo: Sum) => void) | undefined;
  /** Told what lies at a path of which the lines say different things: what is remembered to lie there besides does not. */
  readonly onOther: (there: { readonly folded: string; readonly sha256: string }) => void;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Enters both lists, and mends them where that is needed.
 * @returns true where they did not agree with one another
 * @throws HaulError a target's troubles
 */
export async function settleLists(settling: Settling): Promise<boolean> {
  const { target, adoption, follows, mends, emit } = settling;
  const [manifest, sums] = [await enterManifest(settling), await enterSums(settling)];
  const wrong = { manifest: new Wrong(), sums: new Wrong() };
  await dropUnsummed(settling, wrong.manifest);
  if (!follows) {
    adoption.miss();
    await dropContested(settling, wrong.manifest);
  }
  const remembers = (name: string) => (follows ? adoption.keptAt(name) : []);
  await dropContradicted(settling, wrong.manifest, remembers, settling.onOther);
  let found = adoption.differences();
  if (found.missed > 0) {
    await settling.lookAround();
    await dropUnproven(settling, found.missed);
    found = adoption.differences();
  }
  const mayBeCut = follows && found.unlisted === found.unlistedAtEnd && found.unlisted <= CUT;
  if (mayBeCut) await judgeLastSums(settling, wrong.sums);
  manifest.unreadable += wrong.manifest.size;
  const flawed = [manifest, sums].map((flaws) => flaws.unreadable + flaws.flawed + flaws.form > 0);
  const [cleansManifest = false, cleansSums = false] = flawed;
  const cut = mayBeCut && wrong.sums.size === 0;
  const lacks = found.unsummed + found.missedThere + (cut ? 0 : found.unlisted);
  const disagreed = cleansManifest || cleansSums || lacks > 0;
  if (disagreed) tell(saysOf(found, manifest, sums), settling);
  else if (found.missed > 0) tellBehind(found, settling);
  if (!mends || !(disagreed || found.unlisted > 0)) return disagreed;
  const rebuilt = await rebuild(settling, disagreed ? wrong.sums : null);
  const of = (clean: boolean, { isWrong, size }: Wrong) => ({ clean: clean || size > 0, isWrong });
  await target.lists.mend(
    {
      manifest: { ...of(cleansManifest, wrong.manifest), add: adoption.made() },
      sums: { ...of(cleansSums, wrong.sums), add: adoption.unsummed() },
    },
    settling.signal,
  );
  if (disagreed) {
    const message = `the lists of ${target.name} were mended: ${rebuilt} photos were written down again. \`photohaul verify\` reads them`;
    emit({ type: "warning", code: "lists-mended", message });
  }
  return disagreed;
}

async function enterManifest({ target, adoption, signal }: Settling): Promise<Flaws> {
  const flaws = noFlaws();
  await inBatches(target.entries(signal, counting(flaws)), (entries) =>
    adoption.enter(entries.map((entry) => ({ entry, folded: folded(entry.path, target.traits) }))),
  );
  return flaws;
}

async function enterSums({ target, adoption, signal }: Settling): Promise<Flaws> {
  const flaws = noFlaws();
  await inBatches(target.lists.sums(signal, counting(flaws)), (sums: readonly Sum[]) => adoption.sum(sums));
  return flaws;
}

/**
 * Enters what the manifest lacks and is to get.
 * @param wrong is given the lines of SHA256SUMS that nothing bears out; null to leave them
 * @returns how many photos
 */
async function rebuild({ target, adoption, emit, onLying, signal }: Settling, wrong: Wrong | null): Promise<number> {
  let photos = 0;
  const enter = (entries: readonly KeptRow[]) => {
    photos += entries.length;
    adoption.enter(entries, "made");
  };
  for await (const chunk of adoption.missedThere()) enter(chunk);
  for await (const chunk of adoption.unlisted()) {
    // The source has the others still, and with them all that is to be known of a photo.
    const found: ManifestEntry[] = [];
    for (const sum of chunk.filter((one) => !one.listed || one.contested || wrong?.isWrong(one) === true)) {
      stopIf(signal);
      const entry = await rebuiltEntry(sum, target, signal);
      if (entry !== null && sum.listed) continue;
      if (entry !== null) found.push(entry);
      else {
        wrong?.add(sum);
        const message = `${sum.path} stands in SHA256SUMS of ${target.name} only, and does not lie there as it says`;
        emit({ type: "warning", code: "not-there", message, key: sum.path });
      }
    }
    const objects = adoption.objectsOf(found);
    for (const [at, entry] of found.entries()) if (objects[at] === null) onLying?.(target.name, entry);
    enter(found.map((entry, at) => rowOf(entry, objects[at] ?? null, target)));
  }
  return photos;
}

/** With the key of the object that it is, as a name template may file it elsewhere; by its path where none is known. */
function rowOf(entry: ManifestEntry, object: Likely | null, { traits }: Settling["target"]): KeptRow {
  const row = { entry, folded: folded(entry.path, traits) };
  if (object === null) return row;
  // Where the ETag proves nothing its bytes are fetched once more, and known again by their SHA-256.
  const { key, modified } = object;
  const etag = object.etag.toLowerCase() === entry.md5 ? object.etag : entry.etag;
  return { ...row, entry: { ...entry, key, etag, modified } };
}

/** What is wrong, in clauses. */
function saysOf(found: Differences, manifest: Flaws, sums: Flaws): string[] {
  const unreadable = manifest.unreadable + manifest.flawed;
  return [
    ...(unreadable > 0 ? [`${unreadable} lines of the manifest cannot be read, or say what is not so`] : []),
    ...(manifest.form > 0 ? ["another program wrote the manifest anew in a form of its own"] : []),
    ...(sums.unreadable > 0 ? [`${sums.unreadable} lines of SHA256SUMS cannot be read`] : []),
    ...(sums.form > 0 ? ["another program wrote SHA256SUMS anew in a form of its own"] : []),
    ...(found.missedThere > 0
      ? [`${found.missedThere} photos that were kept lie there, and the manifest names them no more`]
      : []),
    ...(found.unlisted > 0 ? [`SHA256SUMS names ${found.unlisted} photos that the manifest does not name`] : []),
    ...(found.unsummed > 0 ? [`the manifest names ${found.unsummed} photos that SHA256SUMS does not name`] : []),
  ];
}

function tell(clauses: readonly string[], { target, mends, emit }: Settling): void {
  const next = mends
    ? "No photo was touched; the lists are mended, and what was cut off is kept beside them"
    : "No photo was touched; the same line without --dry-run mends them";
  const message = `the lists of ${target.name} disagree: ${clauses.join("; ")}. ${next}`;
  emit({ type: "warning", code: "lists", message });
}

function tellBehind({ missed, lost }: Differences, { target, emit }: Settling): void {
  const gone = lost === 0 ? "" : `; ${lost} of them are gone at the source, so only another copy of the drive has them`;
  const message = `${missed} photos that were kept on ${target.name} are not there: it is an older image of the drive, or another copy of it. They come again${gone}`;
  emit({ type: "warning", code: "behind", message });
}

function noFlaws(): Flaws {
  return { unreadable: 0, cut: 0, flawed: 0, form: 0 };
}

function counting(flaws: Flaws): OnBroken {
  return (how) => {
    flaws[how] += 1;
  };
}
