/** Whether a target is sealed, and whether it was asked for as that: never a tree in clear by mistake, nor a mixed one. */

import type { SealedLines } from "../../catalogue/catalogue.ts";
import { openSealedLines } from "../../catalogue/sealed-lines.ts";
import { HaulError } from "../../errors.ts";
import { createOpener, createSealer } from "../../seal/age-file.ts";
import type { Recipient } from "../../seal/recipients.ts";
import { HELD, openSpool, spoolFolder } from "../spool.ts";
import type { Target } from "../target.ts";
import { isPart } from "./sealed-parts.ts";
import { SealedTarget } from "./sealed-target.ts";

/** How a target is to be sealed and opened. */
export interface Sealing {
  /** All of one kind; empty where nothing is sealed anew. */
  readonly recipients: readonly Recipient[];
  /** `AGE-SECRET-KEY-…`; empty where nothing is to be opened. With keys alone a target in clear is taken as it is. */
  readonly identities: readonly string[];
  /** What this computer knows of it, by its id; what the target itself says where absent. */
  readonly lines?: (id: string) => SealedLines;
}

export interface SealedOptions {
  /** `as-files` takes a sealed target for what it is without the key: files and their digests. */
  readonly sealing?: Sealing | "as-files" | undefined;
  readonly readOnly?: boolean;
  readonly spool?: string;
  readonly warn?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The target within as it was asked for, or one around it; which closes it in the end, also after an error here.
 * @throws HaulError `sealed` where it is sealed and nothing was said of that, `usage` where it holds photos in clear and is to be sealed
 */
export async function sealedOrPlain(inner: Target, options: SealedOptions): Promise<Target> {
  try {
    return await asAsked(inner, options);
  } catch (error) {
    await inner.close();
    throw error;
  }
}

async function asAsked(inner: Target, options: SealedOptions): Promise<Target> {
  const { sealing, signal = new AbortController().signal } = options;
  if (sealing === "as-files") return inner;
  const isSealed = await isSealedTarget(inner, signal);
  if (sealing === undefined) {
    if (!isSealed) return inner;
    const says = `what lies on ${inner.name} is sealed, and this line names neither recipients nor a key`;
    const to = (inner.memory.sealed ?? []).map((recipient) => `--encrypt-to ${recipient}`).join(" ");
    const hint = `To keep photos there, add ${to === "" ? "--encrypt-to RECIPIENT" : to}: none is ever put there in clear. To read them, add --identity FILE with the key.`;
    throw new HaulError("sealed", says, { hint });
  }
  if (!isSealed && !(await isUnused(inner, signal))) {
    if (sealing.recipients.length === 0) return inner;
    const hint =
      "Name another folder, bucket or prefix for the sealed photos; or leave --encrypt-to out for this target.";
    throw new HaulError("usage", `${inner.name} holds photos in clear, so nothing is sealed there`, { hint });
  }
  return around(inner, sealing, options);
}

/** What its marker says; where that was lost, whether a sealed list lies there. */
async function isSealedTarget({ memory, own }: Target, signal: AbortSignal): Promise<boolean> {
  if (memory.sealed !== undefined) return true;
  if (memory.lost !== true) return false;
  const files = (await own?.list("manifest-", signal)) ?? [];
  return files.some(({ name }) => isPart(name));
}

/** True where no list names anything. */
async function isUnused({ lists }: Target, signal: AbortSignal): Promise<boolean> {
  for await (const _ of lists.sums(signal)) return false;
  return true;
}

async function around(inner: Target, sealing: Sealing, options: SealedOptions): Promise<Target> {
  const { own } = inner;
  if (own === undefined) throw new TypeError(`${inner.name} is sealed already`);
  const { readOnly, spool: folder, warn = () => undefined } = options;
  const sealer = sealing.recipients.length === 0 ? null : await createSealer(sealing.recipients);
  const opener = sealing.identities.length === 0 ? null : createOpener(sealing.identities);
  const { lines: known } = sealing;
  const mine = known === undefined ? openSealedLines() : null;
  const lines = () => mine ?? known?.(inner.id) ?? openSealedLines();
  const where = spoolFolder(folder, `sealed ${inner.location.holder} ${inner.name}`);
  const spool = readOnly === true || sealer === null ? null : await openSpool(where, inner.name, HELD);
  if (spool !== null) warnOfOthers(inner, sealing, warn);
  const place = { inner, own, sealer, opener, lines, warn };
  return new SealedTarget(place, spool, () => mine?.close());
}

/** What was sealed before stays as it was sealed: nothing on a target is replaced. */
function warnOfOthers({ name, memory }: Target, { recipients }: Sealing, warn: (message: string) => void): void {
  const now = new Set(recipients.map(({ text }) => text));
  const before = memory.sealed ?? [];
  const others = [...before.filter((one) => !now.has(one)), ...[...now].filter((one) => !before.includes(one))];
  if (before.length === 0 || others.length === 0) return;
  warn(
    `${name} was sealed to other keys before, or to more or fewer: what lies there stays so, and the keys of then are needed to open it (${others.map((one) => one.slice(0, 16)).join(", ")}…)`,
  );
}
