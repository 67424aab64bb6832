/** The options about the source: how to reach it, which photos of it are meant, and what dates them. */

import { z } from "zod";
import type { Emit } from "../events.ts";
import type { SourceOptions } from "../stores/all.ts";
import {
  concurrency,
  date,
  flag,
  RCLONE_OPTION,
  serviceUrl,
  sizeOrNothing,
  text,
  texts,
  zone,
} from "./option-values.ts";

const S3 = { group: "The bucket:" };
export const SSH_OPTION = {
  "ssh-identity": text.meta({
    group: "Servers with SFTP:",
    description: "FILE with the private key to log in with; the agent and the keys of ~/.ssh when absent",
  }),
};
/** How to reach a bucket, whatever for. */
export const REACH_OPTIONS = {
  endpoint: serviceUrl
    .nullable()
    .default(null)
    .meta({ ...S3, description: "URL of an S3-compatible service; AWS when absent" }),
  region: text.meta({ ...S3, description: "region of the bucket; found out when absent" }),
  profile: text.meta({ ...S3, description: "profile of ~/.aws/config to use" }),
  "no-sign-request": flag.meta({ ...S3, description: "read a public bucket without credentials" }),
  "request-payer": flag.meta({ ...S3, description: "accept the cost of a requester-pays bucket" }),
  ...SSH_OPTION,
  ...RCLONE_OPTION,
};
export const SOURCE_OPTIONS = {
  source: z.string().meta({
    description:
      "s3://bucket[/prefix], swift://container[/prefix], sftp://user@host/path, rclone:remote:path, or a folder",
  }),
  ...REACH_OPTIONS,
  "as-of": date
    .nullable()
    .default(null)
    .meta({ ...S3, description: "read a versioned bucket as it was at DATE" }),
  "list-concurrency": concurrency.meta({ ...S3, description: "parts of the bucket listed at once, or auto" }),
};

const WHICH = { group: "Which photos:" };
export const GLOB_OPTIONS = {
  include: texts.meta({ ...WHICH, description: "only keys that match GLOB (repeatable)" }),
  exclude: texts.meta({ ...WHICH, description: "no keys that match GLOB (repeatable)" }),
};
export const CHOICE_OPTIONS = {
  layout: z
    .string()
    .default("auto")
    .meta({
      ...WHICH,
      description: "how originals are told from renditions: auto, a NAME (see `photohaul layouts`), or a FILE",
    }),
  "proof-bytes": sizeOrNothing
    .nullable()
    .default(null)
    .meta({
      ...WHICH,
      description: "bytes fetched at most to compare pictures, which is what proves renditions; 0 compares none",
      shown: "300M, or 1 % of the bucket",
    }),
  renditions: z
    .enum(["skip", "fallback", "keep"])
    .default("fallback")
    .meta({ ...WHICH, description: "smaller copies: never, only where the original is missing, or always" }),
  ...GLOB_OPTIONS,
  since: date
    .nullable()
    .default(null)
    .meta({ ...WHICH, description: "only objects written on or after DATE" }),
};

/** The heading of what says where photos go, and what they become there. */
export const PLACE = { group: "Where and how:" };
export const TIMEZONE_OPTION = {
  timezone: zone
    .nullable()
    .default(null)
    .meta({
      ...PLACE,
      description: "zone of photos that carry none; this computer's, remembered from the first run on",
    }),
};
/** What is said of capture dates besides what photos say themselves. */
export const DATE_OPTIONS = {
  dates: text.meta({
    ...PLACE,
    description:
      "take dates from FILE: CSV with the columns file (or key) and date, as `photohaul dates --report` writes it",
  }),
  prefer: z
    .enum(["file", "service"])
    .default("file")
    .meta({ ...PLACE, description: "what to believe where a photo and its photo service disagree" }),
};

export type SourceTyped = z.output<z.ZodObject<typeof REACH_OPTIONS>> & { readonly "as-of"?: string | null };

/** What of the options concerns the source. */
export function sourceOptions(typed: SourceTyped, emit: Emit): SourceOptions {
  const { endpoint, region, profile, "as-of": asOf = null, "ssh-identity": identity, rclone } = typed;
  return {
    ...(endpoint === null ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
    ...(profile === null ? {} : { profile }),
    ...(asOf === null ? {} : { asOf: new Date(asOf) }),
    ...(identity === null ? {} : { identity }),
    ...(rclone === null ? {} : { rclone }),
    noSignRequest: typed["no-sign-request"],
    requestPayer: typed["request-payer"],
    emit,
  };
}
