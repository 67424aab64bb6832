/** What rclone says of a file, as the words of every store. Pure. */

import { z } from "zod";
import type { Listed, ObjectHead } from "../../model.ts";
import { isoTime } from "../http/header.ts";

/** Digests that photohaul computes itself (photo/digests.ts), best first: an ETag of S3 is an MD5. */
const DIGESTS = ["md5", "sha256", "sha1", "sha512", "dropbox", "quickxor", "crc32"] as const;
/** A time that is no more precise than this, in nanoseconds, is none: rclone says a hundred years. */
const NO_TIME = 1e18;

const info = z.object({
  Features: z.record(z.string(), z.unknown()),
  Hashes: z.array(z.string()).nullish(),
  Precision: z.number(),
  String: z.string(),
});

/** What can be asked of a remote. */
export interface RemoteTraits {
  /** The digest that every listing has for nothing; null where it would cost a reading, or there is none. */
  readonly free: string | null;
  /** The digest that may be asked for of one file; null where only reading it tells. */
  readonly dear: string | null;
  /** Files keep the time they are given. */
  readonly times: boolean;
  /** What lies there has other, longer names in the remote that it is made of: crypt. */
  readonly seals: boolean;
  readonly tellsSpace: boolean;
  /** Its first folders are buckets, and nothing can lie beside them. */
  readonly bucketsOnly: boolean;
  /** It lies in the memory of one process, and no other sees it. */
  readonly inMemory: boolean;
}

/** @throws ZodError for an answer that is none */
export function traitsIn(answer: unknown): RemoteTraits {
  const { Features, Hashes, Precision, String: words } = info.parse(answer);
  const has = (name: string) => Features[name] === true;
  const digest = DIGESTS.find((name) => Hashes?.includes(name)) ?? null;
  return {
    free: has("SlowHash") ? null : digest,
    dear: digest,
    times: Precision < NO_TIME,
    seals: has("WrapFs") && digest === null,
    tellsSpace: has("About"),
    bucketsOnly: has("BucketBased") && !has("BucketBasedRootOK"),
    inMemory: words.startsWith("Memory root"),
  };
}

const file = z.object({
  Path: z.string().min(1),
  Size: z.number(),
  ModTime: z.string(),
  ID: z.string().optional(),
  Hashes: z.record(z.string(), z.string()).nullish(),
});
export type RemoteFile = z.output<typeof file>;

/** Null for what is no file. @throws ZodError */
export const fileIn = (value: unknown): RemoteFile => file.parse(value);
export const fileInStat = (value: unknown): RemoteFile | null => z.object({ item: file.nullable() }).parse(value).item;
export const filesInList = (value: unknown): RemoteFile[] => z.object({ list: z.array(file) }).parse(value).list;

/** A file as the listing has it; its path is the key. */
export function listedOf(found: RemoteFile, traits: RemoteTraits): Listed {
  return {
    key: found.Path,
    size: Math.max(0, found.Size),
    etag: etagOf(found, traits),
    modified: isoTime(Date.parse(found.ModTime)),
    storageClass: "STANDARD",
  };
}

export function headOf(found: RemoteFile, traits: RemoteTraits): ObjectHead {
  const { etag, modified } = listedOf(found, traits);
  const digest = digestOf(found, traits);
  const { free } = traits;
  return {
    size: found.Size,
    etag,
    modified,
    contentType: "",
    contentDisposition: "",
    metadata: {},
    checksums: digest === "" || free === null ? {} : { [free]: Buffer.from(digest, "hex").toString("base64") },
    ...(digest !== "" && free === "md5" ? {} : { opaqueEtag: true }),
  };
}

/** MD5, as S3 has it; another digest by its name; else what changes with the bytes as a rule: size, time and number. */
function etagOf(found: RemoteFile, traits: RemoteTraits): string {
  const { Size, ModTime, ID = "" } = found;
  const { free, times } = traits;
  const digest = digestOf(found, traits);
  if (digest !== "") return free === "md5" ? digest : `${free}:${digest}`;
  const id = ID === "" ? "" : `-${ID.replaceAll('"', "")}`;
  return `${Size}-${times ? nanoseconds(ModTime) : ""}${id}`;
}

/** Lower-case hex; "" where it has none. */
function digestOf({ Hashes }: RemoteFile, { free }: RemoteTraits): string {
  const digest = free === null ? "" : (Hashes?.[free] ?? "");
  return /^[0-9a-f]+$/.test(digest) ? digest : "";
}

/** Since 1970; "" for what is no time. */
function nanoseconds(time: string): string {
  const [, fraction = ""] = /\.(\d{1,9})/.exec(time) ?? [];
  const seconds = Date.parse(time.replace(/\.\d+/, "")) / 1000;
  return Number.isNaN(seconds) ? "" : `${seconds}${fraction.padEnd(9, "0")}`;
}
