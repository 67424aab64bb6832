/** Lifecycle rules that move photos of a target to an archive, and never its lists. Pure. */

import { z } from "zod";
import { ARCHIVES, WARM_BYTES } from "../model.ts";
import type { BucketPlace } from "./bucket-policy.ts";

const ABORT_DAYS = 7;

/** When photos become cold. */
export interface Cooling {
  readonly storageClass: string;
  readonly days: number;
}

/** `DEEP_ARCHIVE@30` */
export const cooling = z.string().transform((text, context): Cooling => {
  const [, storageClass = "", days = ""] = /^([^@]*)@(.*)$/.exec(text) ?? [];
  const says = mistakeIn(storageClass, days);
  if (says === null) return { storageClass, days: Number(days) };
  context.addIssue(says);
  return z.NEVER;
});

function mistakeIn(storageClass: string, days: string): string | null {
  if (storageClass === "" && days === "") return "a class and days, such as DEEP_ARCHIVE@30";
  if (!ARCHIVES.has(storageClass)) {
    const meant = [...ARCHIVES].join(" or ");
    return `${storageClass || "nothing"} is no class of an archive: a rule moves photos to ${meant}`;
  }
  if (/^[1-9]\d{0,4}$/.test(days)) return null;
  const mirror = `to have photos there from the first day, give mirror --storage-class ${storageClass} and no rule`;
  return `days are a whole number from 1 on; ${mirror}`;
}

/** A rule; the API and CloudFormation say it each in its own words. */
interface ColdRule extends Cooling {
  readonly id: string;
  readonly prefix: string;
}

/** What photos' names begin with: rules know no exception, and what begins with a dot are the lists. */
const BEGINNINGS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-".split("");

/**
 * One rule for each beginning of a photo's path; none where nothing becomes cold. A lifecycle rule takes all that begins so and can leave nothing out, and
 * `.photohaul/` lies in the same prefix as the photos: so no rule has the whole prefix.
 * @param folders below the target, as `20` for photos by year; every letter and digit where there are none
 */
function coldRules({ prefix }: BucketPlace, cold: Cooling | null, folders: readonly string[]): ColdRule[] {
  if (cold === null) return [];
  const beginnings = folders.length > 0 ? folders : BEGINNINGS;
  return beginnings.map((beginning, at) => ({
    id: `photohaul-cold-${at + 1}`,
    prefix: `${withSlash(prefix)}${beginning}`,
    ...cold,
  }));
}

/** True for what lies in no way beside the photos. */
export function takesLists(folder: string): boolean {
  return ".photohaul/".startsWith(folder) || folder.startsWith(".photohaul");
}

export function withSlash(prefix: string): string {
  return prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
}

/** As `aws s3api put-bucket-lifecycle-configuration` takes it. */
export function lifecycleOf(place: BucketPlace, cold: Cooling | null, folders: readonly string[]) {
  const rules = coldRules(place, cold, folders);
  return {
    Rules: [
      {
        ID: "photohaul-unfinished",
        Status: "Enabled",
        Filter: { Prefix: withSlash(place.prefix) },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABORT_DAYS },
      },
      ...rules.map(({ id, prefix, days, storageClass }) => ({
        ID: id,
        Status: "Enabled",
        Filter: { And: { Prefix: prefix, ObjectSizeGreaterThan: WARM_BYTES } },
        Transitions: [{ Days: days, StorageClass: storageClass }],
      })),
    ],
  };
}

/** The same as CloudFormation has it, a rule a line (AWS::S3::Bucket Rule: sizes are strings there). */
export function lifecycleLines(place: BucketPlace, cold: Cooling | null, folders: readonly string[]): string[] {
  const rules = coldRules(place, cold, folders);
  const all = [
    {
      Id: "photohaul-unfinished",
      Status: "Enabled",
      Prefix: withSlash(place.prefix),
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABORT_DAYS },
    },
    ...rules.map(({ id, prefix, days, storageClass }) => ({
      Id: id,
      Status: "Enabled",
      Prefix: prefix,
      ObjectSizeGreaterThan: String(WARM_BYTES),
      Transitions: [{ StorageClass: storageClass, TransitionInDays: days }],
    })),
  ];
  return all.map((rule) => JSON.stringify(rule));
}
