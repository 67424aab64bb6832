/** The options that say how to reach targets in buckets, and what they come to for each target. */

import { dirname, join } from "node:path";
import { z } from "zod";
import { HaulError } from "../errors.ts";
import type { OptionWords } from "../run/command.ts";
import { openSource } from "../stores/all.ts";
import type { S3Options } from "../stores/s3/address.ts";
import { LOCK_MODES, type LockMode } from "../stores/s3/lock-modes.ts";
import type { Source } from "../stores/source.ts";
import { stripPrefix } from "../stores/strip-prefix.ts";
import type { TargetOptions } from "../targets/all.ts";
import { date, serviceUrl, texts, whole } from "./parse.ts";

const GROUP = "Targets in buckets (give it once for all, or once for each, in their order):";
const option = (describe: string): OptionWords => ({
  describe,
  type: "string",
  array: true,
  group: GROUP,
});

export const TARGET_OPTIONS: Readonly<Record<string, OptionWords>> = {
  "target-endpoint": option("URL of an S3-compatible service; AWS when absent"),
  "target-region": option("region of the bucket; found out when absent"),
  "target-profile": option("profile of ~/.aws/config to use"),
};
export const STORAGE_OPTION: Readonly<Record<string, OptionWords>> = {
  "storage-class": option("class of the photos, such as STANDARD_IA; lists stay in STANDARD"),
  "object-lock-mode": option(
    "lock photos and lists against deletion: governance or compliance; the bucket must have Object Lock",
  ),
  "object-lock-days": option("for so many days from when each is written"),
  "object-lock-retain-until-date": option("or until DATE"),
};

export const TARGET_SHAPE = {
  "target-endpoint": z.array(serviceUrl).default([]),
  "target-region": texts,
  "target-profile": texts,
};
export const STORAGE_SHAPE = {
  "storage-class": z
    .array(z.string().regex(/^[A-Z0-9_]{1,40}$/, "a class such as STANDARD_IA or DEEP_ARCHIVE"))
    .default([]),
  "object-lock-mode": z
    .array(
      z
        .string()
        .transform((word) => word.toUpperCase())
        .pipe(z.enum(LOCK_MODES, "governance or compliance")),
    )
    .default([]),
  "object-lock-days": z.array(whole).default([]),
  "object-lock-retain-until-date": z
    .array(date.refine((day) => Date.parse(day) > Date.now(), "a date to come"))
    .default([]),
};

type Typed = Readonly<
  z.output<z.ZodObject<typeof TARGET_SHAPE>> & Partial<z.output<z.ZodObject<typeof STORAGE_SHAPE>> & SourceReach>
>;

/** How the source of the run is reached. */
interface SourceReach {
  readonly source: string;
  readonly endpoint: string | null;
  readonly profile: string | null;
  readonly "no-sign-request": boolean;
  readonly "request-payer": boolean;
}

export function isBucket(target: string): boolean {
  return /^s3:\/\//i.test(target);
}

/** True for what is no folder, but objects in a store. */
export function isInStore(target: string): boolean {
  return STORE.test(target);
}

/** True for what is no folder of this computer: in a store, or at an address of a kind that nobody knows. */
export function isRemote(name: string): boolean {
  return isInStore(name) || /^[a-z][a-z0-9+.-]+:\/\//i.test(name);
}

const STORE = /^(s3|swift):\/\/([^/]*)\/*(.*?)\/*$/is;

interface StorePlace {
  /** In lower case. */
  readonly scheme: string;
  readonly container: string;
  /** What all keys there begin with: "" for all. */
  readonly prefix: string;
}

/** Which keys of which bucket or container; null for a folder. Of a source the prefix counts as it stands, of a target it is a folder. */
export function storePlace(address: string, role: "source" | "target"): StorePlace | null {
  const [, scheme, container = "", path = ""] = STORE.exec(address) ?? [];
  if (scheme === undefined) return null;
  const typed = /^[^:]+:\/\/[^/]*\/?(.*)$/s.exec(address)?.[1] ?? "";
  const folder = path === "" ? "" : `${path}/`;
  return { scheme: scheme.toLowerCase(), container, prefix: role === "source" ? typed : folder };
}

/**
 * The files of a target as it names them, and what closes the listing.
 * @throws HaulError as `openSource` does
 */
export async function openListing(target: string, s3: S3Options): Promise<Pick<Source, "list" | "close">> {
  const [, scheme, name = "", path = ""] = STORE.exec(target) ?? [];
  if (scheme === undefined) return openSource(target, {});
  const prefix = path === "" ? "" : `${path}/`;
  const source = await openSource(`${scheme}://${name}/${prefix}`, s3);
  return { ...stripPrefix(source, prefix), close: () => source.close() };
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
): Pick<TargetOptions, "s3" | "storageClass" | "objectLock" | "copiesFrom" | "spool"> {
  const spool = catalogue === null ? {} : { spool: join(dirname(catalogue), "spool") };
  if (!isBucket(target)) return isInStore(target) ? spool : {};
  const at = targets.filter(isBucket).indexOf(target);
  const of = <T>(given: readonly T[] = []) => given[at] ?? given.at(-1);
  const [endpoint, region] = [of(typed["target-endpoint"]), of(typed["target-region"])];
  const [profile, storageClass] = [of(typed["target-profile"]), of(typed["storage-class"])];
  const s3: S3Options = {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
  return {
    s3,
    ...(storageClass === undefined ? {} : { storageClass }),
    ...lockOf(of(typed["object-lock-mode"]), of(typed["object-lock-days"]), of(typed["object-lock-retain-until-date"])),
    ...sameStore(typed, s3),
    ...spool,
  };
}

/** Photos need not be sent where source and target are buckets of one store, opened by one key. */
function sameStore(typed: Typed, { endpoint, profile }: S3Options): Pick<TargetOptions, "copiesFrom"> {
  const { source = "" } = typed;
  const same = (typed.endpoint ?? undefined) === endpoint && (typed.profile ?? undefined) === profile;
  if (!isBucket(source) || !same || typed["no-sign-request"] || typed["request-payer"]) return {};
  return { copiesFrom: /^s3:\/\/([^/]*)/i.exec(source)?.[1] ?? "" };
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
