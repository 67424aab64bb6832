/** The options about targets in buckets, and what they come to for each target. */

import { dirname, join } from "node:path";
import { z } from "zod";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { ARCHIVES, WARM_BYTES } from "../model.ts";
import { refuseNearMiss } from "../stores/all.ts";
import type { S3Options } from "../stores/s3/address.ts";
import { LOCK_MODES, type LockMode } from "../stores/s3/address.ts";
import type { TargetOptions } from "../targets/all.ts";
import { isBucket, isInStore, isRemote, isRemoteOfRclone, type NamedPlace } from "../targets/apart.ts";
import { plainTimes, saidOf } from "./of-target.ts";
import { date, RCLONE_OPTION, serviceUrl, sizeOrNothing, texts, whole } from "./option-values.ts";
import { SSH_OPTION } from "./source-options.ts";

/** The forms of a target that is no folder. */
export const STORE_FORMS =
  "s3://bucket[/prefix], swift://container[/prefix], sftp://user@host/path, rclone:remote:path or tahoe:alias[/path]";

const BUCKETS = { group: "Targets in buckets (give it once for all, or once for each, in their order):" };
const IN_BUCKETS = {
  "target-endpoint": z
    .array(serviceUrl)
    .default([])
    .meta({ ...BUCKETS, description: "URL of an S3-compatible service; AWS when absent" }),
  "target-region": texts.meta({ ...BUCKETS, description: "region of the bucket; found out when absent" }),
  "target-profile": texts.meta({ ...BUCKETS, description: "profile of ~/.aws/config to use" }),
};
export const TARGET_OPTIONS = { ...IN_BUCKETS, ...SSH_OPTION, ...RCLONE_OPTION };
export const STORAGE_OPTIONS = {
  "storage-class": z
    .array(z.string().regex(/^(.+=)?[A-Z0-9_]{1,40}$/s, "a class such as STANDARD_IA or DEEP_ARCHIVE"))
    .default([])
    .meta({
      ...BUCKETS,
      description: "class of the photos, such as STANDARD_IA, or TARGET=CLASS; lists stay in STANDARD (docs/cold.md)",
    }),
  "cold-above": z
    .array(z.string().refine(isSizeOf, "a size such as 128K, or TARGET=SIZE"))
    .default([])
    .meta({
      ...BUCKETS,
      description:
        "photos of no more than SIZE stay in STANDARD, or TARGET=SIZE; 128K for GLACIER and DEEP_ARCHIVE, which charge 40 KB for each object besides and every request dearly; else none",
    }),
  "object-lock-mode": z
    .array(
      z
        .string()
        .transform((word) => word.toUpperCase())
        .pipe(z.enum(LOCK_MODES, "governance or compliance")),
    )
    .default([])
    .meta({
      ...BUCKETS,
      description: "lock photos and lists against deletion: governance or compliance; the bucket must have Object Lock",
    }),
  "object-lock-days": z
    .array(whole)
    .default([])
    .meta({ ...BUCKETS, description: "for so many days from when each is written" }),
  "object-lock-retain-until-date": z
    .array(date.refine((day) => Date.parse(day) > Date.now(), "a date to come"))
    .default([])
    .meta({ ...BUCKETS, description: "or until DATE" }),
};

/** `128K`, or `TARGET=128K`. */
function isSizeOf(value: string): boolean {
  return sizeOrNothing.safeParse(value.slice(value.lastIndexOf("=") + 1)).success;
}

type Typed = Readonly<
  z.output<z.ZodObject<typeof IN_BUCKETS>> &
    Partial<z.output<z.ZodObject<typeof STORAGE_OPTIONS & typeof SSH_OPTION & typeof RCLONE_OPTION>> & SourceReach>
>;

/** How the source of the run is reached. */
interface SourceReach {
  readonly source: string;
  readonly endpoint: string | null;
  readonly profile: string | null;
  readonly "no-sign-request": boolean;
  readonly "request-payer": boolean;
}

/**
 * What of the options concerns one target.
 * @param targets all of the run, as typed; the options count those in buckets only
 * @param catalogue its folder is where photos wait on their way; null for a command without one
 */
export function optionsFor(
  target: string,
  targets: readonly string[],
  typed: Typed,
  catalogue: string | null,
): Pick<
  TargetOptions,
  "s3" | "storageClass" | "coldAbove" | "objectLock" | "copiesFrom" | "identity" | "spool" | "rclone"
> {
  const spool = catalogue === null ? {} : { spool: join(dirname(catalogue), "spool") };
  const { "ssh-identity": identity = null, rclone = null } = typed;
  const reach = { ...(identity === null ? {} : { identity }), ...(rclone === null ? {} : { rclone }) };
  if (!isBucket(target)) return isInStore(target) ? { ...reach, ...spool } : {};
  const at = targets.filter(isBucket).indexOf(target);
  const of = <T>(given: readonly T[] = []) => given[at] ?? given.at(-1);
  const [endpoint, region] = [of(typed["target-endpoint"]), of(typed["target-region"])];
  const profile = of(typed["target-profile"]);
  const s3: S3Options = {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
  return {
    s3,
    ...classOf(target, targets, typed),
    ...lockOf(of(typed["object-lock-mode"]), of(typed["object-lock-days"]), of(typed["object-lock-retain-until-date"])),
    ...sameStore(typed, s3),
    ...spool,
  };
}

/** What a target says of itself is a warning of the run. */
export function warningTo(emit: Emit): Pick<TargetOptions, "warn"> {
  return { warn: (message) => emit({ type: "warning", code: "target", message }) };
}

type Reached = Typed & SourceReach & { readonly target: readonly string[] };

/** Source and targets, and how each is reached. */
export function namedIn(options: Reached): [NamedPlace, NamedPlace[]] {
  const { source, endpoint, profile, target } = options;
  const reach = { endpoint: endpoint ?? undefined, profile: profile ?? undefined };
  return [{ name: source, role: "source", ...reach }, target.map((name) => named(name, options))];
}

export function named(name: string, options: Reached): NamedPlace {
  const { s3 } = optionsFor(name, options.target, options, null);
  return { name, role: "target", endpoint: s3?.endpoint, profile: s3?.profile };
}

/** Photos need not be sent where source and target are buckets of one store, opened by one key. */
function sameStore(typed: Typed, { endpoint, profile }: S3Options): Pick<TargetOptions, "copiesFrom"> {
  const { source = "" } = typed;
  const same = (typed.endpoint ?? undefined) === endpoint && (typed.profile ?? undefined) === profile;
  if (!isBucket(source) || !same || typed["no-sign-request"] || typed["request-payer"]) return {};
  return { copiesFrom: /^s3:\/\/([^/]*)/i.exec(source)?.[1] ?? "" };
}

/** @throws HaulError `usage` for what is too small for a class where no class was named */
function classOf(
  target: string,
  targets: readonly string[],
  typed: Pick<Typed, "storage-class" | "cold-above">,
): Pick<TargetOptions, "storageClass" | "coldAbove"> {
  const storageClass = saidOf(target, targets, typed["storage-class"] ?? []);
  const said = saidOf(target, targets, typed["cold-above"] ?? []);
  if (storageClass === undefined) {
    if (said === undefined) return {};
    throw new HaulError(
      "usage",
      `--cold-above ${said}: which class is cold? Name it for ${target} with --storage-class`,
    );
  }
  const coldAbove = said === undefined ? (ARCHIVES.has(storageClass) ? WARM_BYTES : null) : sizeOrNothing.parse(said);
  return { storageClass, ...(coldAbove === null ? {} : { coldAbove }) };
}

function lockOf(
  mode: LockMode | undefined,
  days: number | undefined,
  until: string | undefined,
): Pick<TargetOptions, "objectLock"> {
  const terms = Number(days !== undefined) + Number(until !== undefined);
  if (mode === undefined && terms === 0) return {};
  if (mode === undefined || terms !== 1) {
    throw new HaulError(
      "usage",
      "Object Lock wants --object-lock-mode, and either --object-lock-days or --object-lock-retain-until-date",
    );
  }
  if (days !== undefined) return { objectLock: { mode, days } };
  return { objectLock: { mode, until: new Date(until ?? "") } };
}

/** Options of a source in a bucket. */
const OF_A_SOURCE = ["endpoint", "region", "profile", "no-sign-request", "request-payer", "as-of"] as const;
/** Of targets in buckets: once for all, or once for each. */
const OF_TARGETS = [
  "target-endpoint",
  "target-region",
  "target-profile",
  "storage-class",
  "cold-above",
  "object-lock-mode",
  "object-lock-days",
  "object-lock-retain-until-date",
] as const;

/** Whoever asks for these counts on them; how to reach a bucket harms nobody where there is none. */
const PROMISES = new Set<string>(["storage-class", "cold-above", "object-lock-mode"]);

/** Those that may name the target they are for. */
const BY_NAME = new Set<string>(["storage-class", "cold-above"]);

type Given = Readonly<Partial<Record<(typeof OF_A_SOURCE)[number] | (typeof OF_TARGETS)[number] | "rclone", unknown>>>;

interface Places {
  /** Null where none was typed. */
  readonly source: string | null;
  /** What names the source. */
  readonly by: string;
  readonly targets: readonly string[];
}

/**
 * An option that concerns nothing of what was typed was meant for something else: who gives `--endpoint` for a target
 * would have it looked for at AWS.
 * @throws HaulError `usage` naming an option that concerns neither source nor targets, and what to say instead
 */
export function mustConcern({ source, by, targets }: Places, given: Given): void {
  for (const place of [source ?? "", ...targets]) refuseNearMiss(place);
  if (isGiven(given.rclone) && ![source ?? "", ...targets].some(isRemoteOfRclone)) {
    throw new HaulError("usage", "--rclone is for places as rclone:remote:path, and there is none");
  }
  const buckets = targets.filter(isBucket).length;
  const idle = OF_A_SOURCE.find((name) => isGiven(given[name]));
  if (idle !== undefined && (source === null || !isBucket(source))) {
    const says = `--${idle} says how to reach ${by} in a bucket, and there is none`;
    const twin = OF_TARGETS.find((name) => name === `target-${idle}`);
    const instead = twin === undefined || buckets === 0 ? "" : `. For a target say --${twin}`;
    if (source !== null && !isRemote(source) && instead === "") {
      const meant = /^[a-z0-9][\w.-]*$/.test(source) ? `; a bucket of that name is s3://${source}` : "";
      throw new HaulError("usage", `--${idle} is for a bucket, and ${by} is the folder ${source}${meant}`);
    }
    throw new HaulError("usage", `${says}${instead}`);
  }
  for (const name of OF_TARGETS) {
    const values = [given[name] ?? []].flat();
    const times = BY_NAME.has(name) ? plainTimes(name, values.map(String), targets) : values.length;
    if (values.length > 0 && buckets === 0 && PROMISES.has(name))
      throw new HaulError("usage", `--${name} is for targets in buckets, and there is none`);
    if (times <= Math.max(1, buckets)) continue;
    const says = `--${name} is given ${times} times, and of targets in buckets there are ${buckets}`;
    throw new HaulError("usage", says);
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}
