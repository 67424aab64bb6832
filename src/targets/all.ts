/** Which targets there are: what was typed → the target. A store that can be written to is one without a line here. */

import { HaulError } from "../errors.ts";
import { mustBeKnown, openStoreAt, parseAddress, ROOTED } from "../stores/all.ts";
import type { S3Options } from "../stores/s3/address.ts";
import type { StoreOptions } from "../stores/store.ts";
import type { FolderOptions } from "./folder/open-folder.ts";
import type { SealedOptions } from "./sealed/open-sealed.ts";
import type { StoreTargetOptions } from "./store/open-store.ts";
import type { Target } from "./target.ts";
import { placeOf } from "./target-trouble.ts";

const KEEPS =
  "s3://bucket[/prefix], swift://container[/prefix], sftp://user@host/path, rclone:remote:path, tahoe:alias[/path] and folders";

/** What the command line says about a target; what does not concern its kind is passed over. */
export interface TargetOptions
  extends FolderOptions,
    StoreTargetOptions,
    Pick<SealedOptions, "sealing">,
    Pick<
      StoreOptions,
      | "login"
      | "storageClass"
      | "coldAbove"
      | "objectLock"
      | "copiesFrom"
      | "parts"
      | "identity"
      | "sshFolder"
      | "stallMs"
      | "rclone"
      | "tahoe"
      | "mends"
    > {
  /** How to reach a bucket. */
  readonly s3?: S3Options;
}

/**
 * Opens a target: a folder, `s3://bucket[/prefix]`, `swift://container[/prefix]`, `sftp://user@host/path`,
 * `rclone:remote:path` or `tahoe:alias[/path]`. Bucket, container and alias must exist.
 * @throws HaulError `usage` for a kind that this version does not write to; what opening throws
 */
export async function openTarget(url: string, options: TargetOptions = {}): Promise<Target> {
  const { sealing } = options;
  const recipients = sealing === undefined || sealing === "as-files" ? [] : sealing.recipients;
  const sealed = recipients.length === 0 ? {} : { sealed: recipients.map(({ text }) => text) };
  const inner = await openPlain(url, { ...options, ...sealed });
  if (sealing === undefined && inner.memory.sealed === undefined && inner.memory.lost !== true) return inner;
  const { sealedOrPlain } = await import("./sealed/open-sealed.ts");
  return sealedOrPlain(inner, options);
}

async function openPlain(url: string, options: TargetOptions): Promise<Target> {
  const at = parseAddress(url);
  if (at === null) {
    if (url === "") throw new HaulError("usage", "the name of a target is empty");
    mustBeKnown(url, `It keeps photos in ${KEEPS}`);
    const { openFolderTarget } = await import("./folder/folder-medium.ts");
    return openFolderTarget(url, options);
  }
  const { s3, login, storageClass, coldAbove, objectLock, copiesFrom, parts, identity, sshFolder, stallMs } = options;
  const { rclone, tahoe, mends, warn } = options;
  const ofBuckets = { ...s3, login, storageClass, coldAbove, objectLock, copiesFrom, parts };
  const durable = options.durable !== "none";
  const reach = defined({ ...ofBuckets, identity, sshFolder, stallMs, durable, rclone, tahoe, mends, warn });
  const rooted = ROOTED.has(at.scheme);
  const store = await openStoreAt(rooted ? at : { ...at, prefix: "" }, reach);
  if (store === null) throw new TypeError(`${url}: no store`);
  const { openStoreTarget } = await import("./store/store-medium.ts");
  return openStoreTarget(store, rooted ? "" : at.prefix.replace(/^\/+|\/+$/g, ""), options);
}

/**
 * A target that photos were kept on, opened for reading.
 * @throws HaulError `no-target` where nothing was kept there, and as `openTarget` does
 */
export async function openKept(url: string, options: TargetOptions = {}): Promise<Target> {
  const { sealing } = options;
  const target = await openTarget(url, { ...options, readOnly: true });
  // With a key sealed photos are found also where nothing but they came over.
  const opens = sealing !== undefined && sealing !== "as-files" && sealing.identities.length > 0;
  if (target.id !== "" || opens) return target;
  await target.close();
  const place = parseAddress(url) === null ? "folder" : placeOf(url);
  throw new HaulError("no-target", `${url} holds no photos that photohaul kept there`, { place });
}

/** The same, but null where nothing was kept. */
export async function openIfKept(url: string, options: TargetOptions = {}): Promise<Target | null> {
  const target = await openTarget(url, { ...options, readOnly: true });
  if (target.id !== "") return target;
  await target.close();
  return null;
}

/** Without what is undefined. */
function defined(options: { readonly [Name in keyof StoreOptions]: StoreOptions[Name] | undefined }): StoreOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
