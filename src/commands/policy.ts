/** `photohaul policy`: the permissions that a mirror needs, and not one more; and what is set up around them. */

import { z } from "zod";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import { createCommand } from "../run/command.ts";
import { type ParsedAddress, parseAddress } from "../stores/all.ts";
import { type BucketPlace, policyFor } from "./bucket-policy.ts";
import { asCommands, asTemplate } from "./bucket-setup.ts";
import { cooling, lifecycleOf, takesLists, withSlash } from "./cold-rules.ts";
import { flag, text, texts } from "./option-values.ts";
import { GRID, rcloneRights, readAcl, sshLines } from "./rights-elsewhere.ts";

const TARGET = { group: "A bucket as a target:" };
const OPTIONS = z.object({
  source: text.meta({
    description: "s3://bucket[/prefix], swift://container, sftp://user@host/path, rclone:remote:path, or tahoe:alias",
  }),
  "as-of": text.meta({ description: "also for reading a versioned bucket as it was" }),
  restore: flag.meta({ description: "also for asking an archive for photos (s3:RestoreObject); that costs money" }),
  as: z
    .enum(["json", "cli", "cloudformation"], "json, cli or cloudformation")
    .default("json")
    .meta({ description: "the policy alone, commands of the AWS CLI, or a template that makes user and bucket" }),
  target: text.meta({ ...TARGET, description: "s3://bucket[/prefix]: to list, read and add; nothing can be deleted" }),
  "object-lock": flag.meta({ ...TARGET, description: "also for locking photos (mirror --object-lock-mode)" }),
  lifecycle: cooling
    .nullable()
    .default(null)
    .meta({
      ...TARGET,
      description:
        "CLASS@DAYS, as DEEP_ARCHIVE@30: rules that move photos above 128 KB to the archive after so many days, and never the lists; json prints the rules alone",
    }),
  folder: texts.meta({
    ...TARGET,
    description:
      "for these rules: what photos' paths on the target begin with, as 20 for {yyyy}/… (repeatable); each letter and digit when absent",
  }),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z0-9]+)+$/, "a region such as eu-central-1")
    .default("us-east-1")
    .meta({ ...TARGET, description: "where the commands make the bucket" }),
});
type Typed = z.output<typeof OPTIONS>;

export const command = createCommand(
  {
    positional: "[source]",
    description:
      "Prints the smallest IAM policy that a mirror of this bucket needs: to list it and to read it. With --target also, or only, what a bucket needs to be added to. Nothing in it can delete. --as prints the commands or the template that set up user and bucket; photohaul itself sends none of it. For Swift, which has no policies, the line that lets another user read the container; for SFTP, what the server may be told; for a remote of rclone, what its account needs.",
    options: OPTIONS,
    examples: [
      ["photohaul policy s3://my-photos", "for the whole bucket"],
      ["photohaul policy s3://my-photos/2012 > policy.json", "for one prefix of it, into a file"],
      ["photohaul policy s3://my-photos --restore", "where photos lie in an archive"],
      ["photohaul policy --target s3://my-copy/photos --as cli", "the commands that make a bucket, and a user for it"],
      [
        "photohaul policy --target s3://my-copy/photos --lifecycle DEEP_ARCHIVE@30 --as cloudformation > copy.yaml",
        "the same as one file to upload, and photos go to the archive after 30 days",
      ],
      ["photohaul policy swift://my-photos", "what Swift has in place of a policy"],
      ["photohaul policy rclone:dropbox:Photos", "what the account behind a remote of rclone needs"],
      ["photohaul policy tahoe:photos", "what a grid has"],
    ],
  },
  async (options, { stdout }) => {
    const elsewhere = options.source === null ? null : rightsElsewhere(options.source, options);
    stdout.write(elsewhere ?? ofBuckets(options));
    return EXIT.ok;
  },
);

/** What a kind of place has in place of a policy; null for a name that none of its kind has. */
const RIGHTS = new Map<string, (at: ParsedAddress) => string>([
  ["swift", ({ container }) => readAcl(container)],
  ["sftp", ({ container, prefix }) => sshLines(/^([^@]+)@/.exec(container)?.[1] ?? "photohaul", `/${prefix}`)],
  ["rclone", ({ container }) => rcloneRights(container)],
  ["tahoe", () => GRID],
]);

/** Null for a bucket. @throws HaulError `usage` */
function rightsElsewhere(source: string, typed: Typed): string | null {
  const at = parseAddress(source);
  const says = at === null || at.container === "" ? undefined : RIGHTS.get(at.scheme)?.(at);
  if (says === undefined) return null;
  const given = [
    ...(typed.target === null ? [] : ["--target"]),
    ...(typed.restore ? ["--restore"] : []),
    ...(typed.as === "json" ? [] : ["--as"]),
  ];
  if (given.length === 0) return says;
  throw new HaulError("usage", `${given.join(" and ")}: of buckets of S3, and ${source} is none. Print each by itself`);
}

function ofBuckets(typed: Typed): string {
  const source = typed.source === null ? null : sourceOf(typed.source);
  const target = typed.target === null ? null : targetOf(typed.target);
  if (source === null && target === null) {
    throw new HaulError("usage", "policy for what? Name a source, or --target s3://bucket[/prefix], or both");
  }
  mustBeOfTarget(typed);
  const { lifecycle: cold, folder: folders, "object-lock": objectLock, region, as } = typed;
  const versions = typed["as-of"] !== null;
  const policy = policyFor({ source, target, versions, restore: typed.restore, objectLock });
  if (as === "json") {
    if (cold === null || target === null) return `${JSON.stringify(policy, null, 2)}\n`;
    const rules = lifecycleOf(target, cold, folders).Rules.map((rule) => `  ${JSON.stringify(rule)}`);
    return `{"Rules": [\n${rules.join(",\n")}\n]}\n`;
  }
  const made = target ?? source;
  if (made === null || !BUCKET.test(made.bucket)) throw noBucket(typed.source ?? "");
  // IAM takes 64 characters of a user's name.
  const user = `photohaul-${made.bucket}`.slice(0, 64);
  const setup = { policy, target, cold, folders, objectLock, region, user };
  return as === "cli" ? asCommands(setup) : asTemplate(setup);
}

/** @throws HaulError `usage` for what is about a target where none is named */
function mustBeOfTarget({ target, lifecycle, folder, "object-lock": objectLock }: Typed): void {
  const idle = [
    ...(target === null && lifecycle !== null ? ["--lifecycle"] : []),
    ...(target === null && objectLock ? ["--object-lock"] : []),
    ...(lifecycle === null && folder.length > 0 ? ["--folder"] : []),
  ];
  const [first] = idle;
  if (first === "--folder")
    throw new HaulError("usage", "--folder is for the rules of --lifecycle, and there are none");
  if (first !== undefined) throw new HaulError("usage", `${first} is of a bucket as a target: name it with --target`);
  const wrong = folder.find((name) => name === "" || takesLists(name) || name.startsWith("/"));
  if (wrong === undefined) return;
  const says = "that would move photohaul's lists to the archive, or nothing";
  throw new HaulError(
    "usage",
    `--folder ${JSON.stringify(wrong)}: ${says}. Name what photos' paths begin with, as 20 or holiday/`,
  );
}

/** What Amazon lets a bucket be called (S3 User Guide, "General purpose bucket naming rules"). */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** @throws HaulError `usage` */
function sourceOf(source: string): BucketPlace {
  const at = parseAddress(source);
  if (at?.scheme === "s3" && at.container !== "" && !/\s/.test(at.container)) {
    return { bucket: at.container, prefix: at.prefix };
  }
  throw new HaulError(
    "usage",
    `${source} is no bucket: a policy is for s3://bucket[/prefix], swift://container, sftp://user@host/path, rclone:remote:path or tahoe:alias`,
  );
}

/** @throws HaulError `usage` */
function targetOf(target: string): BucketPlace {
  const at = parseAddress(target);
  if (at?.scheme !== "s3" || !BUCKET.test(at.container)) throw noBucket(target);
  return { bucket: at.container, prefix: withSlash(at.prefix.replace(/^\/+|\/+$/g, "")) };
}

function noBucket(typed: string): HaulError {
  const says =
    "a bucket has 3 to 63 small letters, digits, dots and hyphens in its name, and is typed as s3://bucket[/prefix]";
  return new HaulError("usage", `${typed} can be no bucket of Amazon's: ${says}`);
}
