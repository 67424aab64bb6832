/** The options about sealed targets: to whom they are sealed, and which keys open them. */

import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Process } from "../run/command.ts";
import { readIdentities } from "../seal/identity-file.ts";
import { parseRecipient, type Recipient, together } from "../seal/recipients.ts";
import type { TargetOptions } from "../targets/all.ts";
import type { Sealing } from "../targets/sealed/open-sealed.ts";
import { ofOne, spelled } from "./of-target.ts";
import { flag, texts } from "./option-values.ts";

const SEALED = { group: "Sealed targets (docs/encryption.md):" };
export const IDENTITY_OPTION = {
  identity: texts.meta({
    ...SEALED,
    description: "key FILE that opens what was sealed, only where that is to be read (repeatable)",
  }),
};
export const SEAL_OPTIONS = {
  "encrypt-to": texts.meta({
    ...SEALED,
    description:
      "seal every photo with age to RECIPIENT (age1…), or to those in FILE, a line each; TARGET=RECIPIENT for one target only (repeatable)",
  }),
  "one-key": flag.meta({ ...SEALED, description: "one recipient is meant: no warning that one key lost is all lost" }),
  ...IDENTITY_OPTION,
};

interface Typed {
  readonly target: readonly string[];
  readonly "encrypt-to": readonly string[];
  readonly identity: readonly string[];
}

/**
 * How each target is sealed; those that are not among them lie in clear.
 * @throws HaulError `usage` for what is no recipient, recipients that are not to be mixed, a target that is none of the
 *   line's, and a key that opens nothing there
 */
export async function sealingsOf(typed: Typed, env: Process["env"]): Promise<ReadonlyMap<string, Sealing>> {
  const found = new Map<string, Recipient[]>();
  for (const value of typed["encrypt-to"]) {
    const { targets, what } = await meantBy(value, typed.target);
    const recipients = await recipientsIn(what);
    for (const target of targets) found.set(target, [...(found.get(target) ?? []), ...recipients]);
  }
  const identities = await identitiesOf(typed.identity, env);
  if (identities.length > 0 && found.size === 0) {
    const says =
      "--identity opens what was sealed, and no target of this line is: name its recipients with --encrypt-to";
    throw new HaulError("usage", says);
  }
  return new Map([...found].map(([target, all]) => [target, { recipients: together(all), identities }]));
}

/** The keys of all these files. @throws HaulError `usage` */
export async function identitiesOf(files: readonly string[], env: Process["env"]): Promise<readonly string[]> {
  const all = await Promise.all(files.map((file) => readIdentities(file, env)));
  return all.flat();
}

/** One key lost would be everything lost, for good. */
export function warnOfOneKey(sealings: ReadonlyMap<string, Sealing>, isMeant: boolean, emit: Emit): void {
  for (const [target, { recipients }] of isMeant ? [] : sealings) {
    if (recipients.length > 1) continue;
    const message = `${target} is sealed to one key only: where that is lost, all that lies there is lost. Make a second one (\`photohaul keys new FILE --paper FILE.html\`), keep it elsewhere, and name its recipient with --encrypt-to too; or say --one-key`;
    emit({ type: "warning", code: "one-key", message });
  }
}

/** Photos wait in clear until they are sealed: on this computer, and not on the target. */
export function sealedAs(
  sealing: Sealing | undefined,
  catalogue: Pick<Catalogue, "file" | "sealed">,
): Pick<TargetOptions, "sealing" | "spool"> {
  if (sealing === undefined) return {};
  const spool = join(dirname(catalogue.file), "spool");
  return { spool, sealing: { ...sealing, lines: (id) => catalogue.sealed(id) } };
}

/** What was typed, for another working folder: with whole paths. */
export function absoluteSealing(value: string, targets: readonly string[]): string {
  const { targets: meant = null, what = value } = ofOne(value, targets) ?? {};
  const whole = /^age1/i.test(what) ? what : resolve(what);
  return meant === null ? whole : `${spelled(meant[0] ?? "")}=${whole}`;
}

async function meantBy(value: string, targets: readonly string[]) {
  const one = ofOne(value, targets);
  if (one !== null) return one;
  if (!value.includes("=") || (await textOf(value)) !== null) return { targets, what: value };
  const [target = ""] = value.split("=");
  const says = `--encrypt-to ${value}: ${target} is no target of this line, so nothing would be sealed to it`;
  throw new HaulError("usage", `${says}. Its targets are ${targets.join(", ")}`);
}

/** A recipient, or those of a file. */
async function recipientsIn(what: string): Promise<Recipient[]> {
  const text = await textOf(what);
  if (text === null) {
    if (/^age/i.test(what)) return [parseRecipient(what)];
    throw new HaulError("usage", `--encrypt-to ${what}: that is no recipient (age1…), and there is no such file`);
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (lines.some((line) => /^AGE-SECRET-KEY-/i.test(line))) {
    const says = `${what} holds a secret key, and to seal only its recipient is needed: the line after "# public key:"`;
    throw new HaulError("usage", `${says}. Keep the file away from the computer that runs every night`);
  }
  const recipients = lines.filter((line) => line !== "" && !line.startsWith("#")).map(parseRecipient);
  if (recipients.length === 0) throw new HaulError("usage", `--encrypt-to ${what}: the file names no recipient`);
  return recipients;
}

async function textOf(file: string): Promise<string | null> {
  return file === "" ? null : readFile(file, "utf8").catch(() => null);
}
