/** The options that say how to reach targets in buckets, and what they come to for each target. */

import { dirname, join } from "node:path";
import { z } from "zod";
import type { S3Options } from "../s3/client.ts";
import { openSource } from "../sources/all.ts";
import { listedBelow } from "../sources/below.ts";
import type { Source } from "../sources/source.ts";
import type { TargetOptions } from "../targets/all.ts";
import type { OptionWords } from "./command.ts";
import { serviceUrl, texts } from "./parse.ts";

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
};

type Typed = { readonly [Name in keyof typeof TARGET_SHAPE]: readonly string[] } & {
  readonly "storage-class"?: readonly string[];
};

export function isBucket(target: string): boolean {
  return /^s3:\/\//i.test(target);
}

/**
 * The files of a target as it names them, and what closes the listing.
 * @throws HaulError as `openSource` does
 */
export async function openListing(
  target: string,
  s3: S3Options,
): Promise<Pick<Source, "list" | "close">> {
  if (!isBucket(target)) return openSource(target, {});
  const [, bucket = "", path = ""] = /^s3:\/\/([^/]*)\/*(.*?)\/*$/is.exec(target) ?? [];
  const prefix = path === "" ? "" : `${path}/`;
  const source = await openSource(`s3://${bucket}/${prefix}`, s3);
  return { ...listedBelow(source, prefix), close: () => source.close() };
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
): Pick<TargetOptions, "s3" | "storageClass" | "spool"> {
  if (!isBucket(target)) return {};
  const at = targets.filter(isBucket).indexOf(target);
  const of = (given: readonly string[] = []) => given[at] ?? given.at(-1);
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
    ...(catalogue === null ? {} : { spool: join(dirname(catalogue), "spool") }),
  };
}
