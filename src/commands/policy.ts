/** `photohaul policy`: the permissions that a mirror needs, and not one more. */

import { z } from "zod";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import { createCommand } from "../run/command.ts";
import { type ParsedAddress, parseAddress } from "../stores/all.ts";
import { text } from "./option-values.ts";

export const command = createCommand(
  {
    positional: "<source>",
    description:
      "Prints the smallest IAM policy that a mirror of this bucket needs: to list it and to read it. Nothing in it can write or delete. For Swift, which has no policies, the line that lets another user read the container; for SFTP, what the server may be told; for a remote of rclone, what its account needs.",
    options: z.object({
      source: z.string().meta({
        description:
          "s3://bucket[/prefix], swift://container, sftp://user@host/path, rclone:remote:path, or tahoe:alias",
      }),
      "as-of": text.meta({ description: "also for reading a versioned bucket as it was" }),
    }),
    examples: [
      ["photohaul policy s3://my-photos", "for the whole bucket"],
      ["photohaul policy s3://my-photos/2012 > policy.json", "for one prefix of it, into a file"],
      ["photohaul policy swift://my-photos", "what Swift has in place of a policy"],
      ["photohaul policy rclone:dropbox:Photos", "what the account behind a remote of rclone needs"],
      ["photohaul policy tahoe:photos", "what a grid has"],
    ],
  },
  async ({ source, "as-of": asOf }, { stdout }) => {
    const at = parseAddress(source);
    const named = at === null || at.container === "" ? null : at;
    const says = named && RIGHTS.get(named.scheme)?.(named, asOf !== null);
    if (!says) {
      throw new HaulError(
        "usage",
        `${source} is no bucket: a policy is for s3://bucket[/prefix], swift://container, sftp://user@host/path, rclone:remote:path or tahoe:alias`,
      );
    }
    stdout.write(says);
    return EXIT.ok;
  },
);

/** A policy, or what a kind of place has instead; null for a name that none of its kind has. */
const RIGHTS: ReadonlyMap<string, (at: ParsedAddress, versions: boolean) => string | null> = new Map([
  ["s3", policyText],
  ["swift", ({ container }) => readAcl(container)],
  ["sftp", ({ container, prefix }) => sshLines(/^([^@]+)@/.exec(container)?.[1] ?? "photohaul", `/${prefix}`)],
  ["rclone", ({ container }) => rcloneRights(container)],
  ["tahoe", () => GRID],
]);

function policyText({ container, prefix }: ParsedAddress, versions: boolean): string | null {
  return /\s/.test(container) ? null : `${JSON.stringify(policy(container, prefix, versions), null, 2)}\n`;
}

/**
 * ListBucket is asked of the bucket, GetObject of its objects (AWS, "Actions, resources, and condition keys
 * for Amazon S3"); a condition keeps the listing below the prefix.
 */
function policy(bucket: string, prefix: string, versions: boolean) {
  const [name, path] = [literally(bucket), literally(prefix)];
  const below = prefix === "" ? {} : { Condition: { StringLike: { "s3:prefix": [`${path}*`] } } };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ListPhotos",
        Effect: "Allow",
        Action: versions ? ["s3:ListBucket", "s3:ListBucketVersions"] : ["s3:ListBucket"],
        Resource: [`arn:aws:s3:::${name}`],
        ...below,
      },
      {
        Sid: "FindRegion",
        Effect: "Allow",
        Action: ["s3:GetBucketLocation"],
        Resource: [`arn:aws:s3:::${name}`],
      },
      {
        Sid: "ReadPhotos",
        Effect: "Allow",
        Action: versions ? ["s3:GetObject", "s3:GetObjectVersion"] : ["s3:GetObject"],
        Resource: [`arn:aws:s3:::${name}/${path}*`],
      },
    ],
  };
}

/**
 * A text that stands for itself in a resource or a condition: `*` and `?` would match others too, and `${…}` is a
 * variable (IAM User Guide, "Specifying special characters").
 */
function literally(words: string): string {
  return words.replace(/[*?$]/g, (special) => `$\{${special}}`);
}

/** sshd(8), "AUTHORIZED_KEYS FILE FORMAT"; sftp-server(8). */
function sshLines(user: string, path: string): string {
  return `SFTP has no policies; a server says for each key what it may do. Make photohaul a key of its own
(ssh-keygen -t ed25519 -f photohaul_key), and put one line before the rest of its public key in
~${user}/.ssh/authorized_keys on the server.

Where ${path} is only read, as a source, or by verify and restore:

    restrict,command="internal-sftp -R" ssh-ed25519 AAAA… photohaul

Where it is a target. SFTP cannot let somebody write and not delete: photohaul takes away nothing but its own
files in .photohaul/tmp, and never renames over anything:

    restrict,command="internal-sftp" ssh-ed25519 AAAA… photohaul

Give that user no other folder to write to than this one. Then: photohaul mirror … --ssh-identity photohaul_key
`;
}

const GRID = `A grid of Tahoe-LAFS has no policies and no accounts: what a cap opens, whoever has it may do. photohaul
keeps photos below a directory, so give it one of its own:

    tahoe create-alias photos                  mirror needs this cap, which reads and writes
    tahoe list-aliases --readonly-uri          verify and restore need no more than this one, which reads

The cap that writes can unlink what lies there, too, which photohaul never does. Write it down on paper as well:
nobody can find it out again.
`;

/** OpenStack Swift, "Access Control Lists": who is named in a container's read ACL may list it and read it. */
function readAcl(container: string): string {
  return `Swift has no policies; a container says who may read it. Give photohaul a user of its own, and, as the
owner of the container, let that user list and read it, and nothing else:

    swift post --read-acl 'PROJECT:USER' '${container.replaceAll("'", "'\\''")}'

PROJECT and USER are ids with Keystone (OS_*), account and user with auth v1 (ST_*). A prefix cannot be
singled out. Where that user belongs to another project, set OS_STORAGE_URL to the address of the
container's account as well.

For a container that photohaul writes to, the same user needs --write-acl too. In Swift that includes
overwriting and deleting, which photohaul never does to a photo.
`;
}

/** Scopes as rclone's own pages name them (rclone.org/drive, /dropbox, /onedrive, /box). */
function rcloneRights(remote: string): string {
  return `rclone reaches ${remote}: with the account that \`rclone config\` was given, and photohaul asks it for this alone:

    to read from it     list folders, look at files, read files
    to keep photos there    the same, and make folders and new files

It never asks rclone to delete, move or overwrite anything. Give rclone no more than that where the service lets you:

    Google Drive   scope drive.readonly for a source; for a target drive.file, with which rclone sees only what it
                   wrote itself (from a client_id of your own), or drive
    Dropbox        an app of your own with access to its own folder, and files.content.read (and .write for a target)
    OneDrive       Files.Read for a source, Files.ReadWrite for a target
    others         an account of their own, or an application key for one bucket or folder (B2, S3, Storj)

The configuration of rclone holds these rights: keep it readable for your user alone, or encrypt it (\`rclone config\`,
"Set configuration password") and give photohaul RCLONE_CONFIG_PASS or RCLONE_PASSWORD_COMMAND.
`;
}
