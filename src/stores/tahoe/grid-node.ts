/** What a node says of a file or a directory (`t=json`), and of the shares of one (`t=check`). */

import { z } from "zod";
import { HaulError } from "../../errors.ts";
import { compareKeys } from "../../key.ts";
import { jsonOf } from "../../manifest-entry.ts";
import { SECOND } from "../../measures.ts";
import type { Listed, ObjectHead } from "../../model.ts";
import { isoTime } from "../http/header.ts";
import type { ObjectFacts } from "../store.ts";
import { nameOfCap } from "./cap.ts";

const Metadata = z
  .object({
    mtime: z.number().optional().catch(undefined),
    photohaul: z.record(z.string(), z.string()).optional().catch(undefined),
    tahoe: z.object({ linkmotime: z.number().optional() }).optional().catch(undefined),
  })
  .catch({});
const File = z.object({
  size: z.number().int().nullish(),
  ro_uri: z.string().optional(),
  mutable: z.boolean().default(false),
  metadata: Metadata.default({}),
});
const Directory = z.object({ rw_uri: z.string().optional(), ro_uri: z.string().optional() });
const Child = z.union([
  z.tuple([z.literal("filenode"), File]),
  z.tuple([z.literal("dirnode"), Directory]),
  z.tuple([z.string(), z.unknown()]),
]);
const Node = z.union([
  z.tuple([z.literal("filenode"), File]),
  z.tuple([
    z.literal("dirnode"),
    Directory.extend({ children: z.record(z.string(), Child), verify_uri: z.string().optional() }),
  ]),
  z.tuple([z.literal("unknown"), z.unknown()]),
]);

export type GridFile = z.infer<typeof File> & { readonly kind: "file" };
export interface GridDirectory extends z.infer<typeof Directory> {
  readonly kind: "directory";
  /** The same by whichever of its caps it was asked for. */
  readonly verify_uri?: string | undefined;
  /** By name, in the order of keys: that of a directory as if it ended in a slash. */
  readonly children: ReadonlyMap<string, GridChild>;
}
export type GridChild =
  | GridFile
  | (z.infer<typeof Directory> & { readonly kind: "directory" })
  | { readonly kind: "unknown" };

/**
 * @param name for messages
 * @returns null for what is neither: a cap that is not whole, or of a kind that this node does not know
 * @throws HaulError `no-target` for the page of something else
 */
export function readNode(text: string, name: string): GridFile | GridDirectory | null {
  const read = Node.safeParse(jsonOf(text));
  if (!read.success) {
    const says = `${name}: what answers there speaks as no Tahoe node does`;
    throw new HaulError("no-target", says, { place: "tahoe" });
  }
  const { data } = read;
  if (data[0] === "unknown") return null;
  if (data[0] === "filenode") return { kind: "file", ...data[1] };
  const { children, ...directory } = data[1];
  const ordered = Object.entries(children).map(([child, node]) => [child, childOf(node)] as const);
  ordered.sort(([a, one], [b, other]) => compareKeys(inOrder(a, one), inOrder(b, other)));
  return { kind: "directory", ...directory, children: new Map(ordered) };
}

function childOf(child: z.infer<typeof Child>): GridChild {
  const file = File.safeParse(child[0] === "filenode" ? child[1] : null);
  if (file.success) return { kind: "file", ...file.data };
  const directory = Directory.safeParse(child[0] === "dirnode" ? child[1] : null);
  return directory.success ? { kind: "directory", ...directory.data } : { kind: "unknown" };
}

function inOrder(name: string, { kind }: GridChild): string {
  return kind === "directory" ? `${name}/` : name;
}

export function listedOf(key: string, file: GridFile): Listed {
  const { size, etag, modified } = headOf(file);
  return { key, size, etag, modified, storageClass: "STANDARD" };
}

/** The bytes of a file are named by its cap, so that stands in the place of an ETag, as a digest that opens nothing. */
export function headOf({ size, ro_uri: cap, metadata }: GridFile): ObjectHead {
  const { mtime, photohaul = {}, tahoe } = metadata;
  const { "content-type": contentType = "", ...facts } = photohaul;
  return {
    size: size ?? -1,
    etag: cap === undefined ? "" : nameOfCap(cap),
    opaqueEtag: true,
    modified: isoTime((tahoe?.linkmotime ?? mtime ?? 0) * SECOND),
    contentType,
    contentDisposition: "",
    metadata: { ...facts, ...(mtime === undefined ? {} : { mtime: String(mtime) }) },
    checksums: {},
  };
}

/** What is written beside the link to a file: its time as tools of Tahoe read it, the rest under a name of ours. */
export function linkTo(cap: string, { contentType, metadata = {} }: ObjectFacts, sha256: string): readonly unknown[] {
  const { mtime, ...facts } = metadata;
  const ours = { ...(contentType === undefined ? {} : { "content-type": contentType }), ...facts, sha256 };
  return [
    "filenode",
    { ro_uri: cap, metadata: { ...(mtime === undefined ? {} : { mtime: Number(mtime) }), photohaul: ours } },
  ];
}

const Results = z.object({
  healthy: z.boolean(),
  recoverable: z.boolean().optional(),
  "count-shares-good": z.number().default(0),
  "count-shares-needed": z.number().default(0),
  "count-shares-expected": z.number().default(0),
});
const Checked = z.object({ results: Results });
const Repaired = z.object({ "pre-repair-results": Checked.optional(), "post-repair-results": Checked.optional() });

export interface Shares {
  /** All of them are there. */
  readonly healthy: boolean;
  /** Enough of them. */
  readonly recoverable: boolean;
  readonly good: number;
  readonly needed: number;
  readonly expected: number;
}

/** Null for what says nothing of shares. A file so small that its cap holds it has none, and is always whole. */
export function readShares(text: string): Shares | null {
  const json = jsonOf(text);
  const repaired = Repaired.safeParse(json);
  const after = repaired.success ? (repaired.data["post-repair-results"] ?? repaired.data["pre-repair-results"]) : null;
  const checked = after ?? Checked.safeParse(json).data;
  if (checked === undefined) return LITERAL.safeParse(json).success ? IN_ITS_CAP : null;
  const { healthy, recoverable = healthy, ...counts } = checked.results;
  return {
    healthy,
    recoverable,
    good: counts["count-shares-good"],
    needed: counts["count-shares-needed"],
    expected: counts["count-shares-expected"],
  };
}

const LITERAL = z.object({ "storage-index": z.literal("") });
const IN_ITS_CAP: Shares = { healthy: true, recoverable: true, good: 0, needed: 0, expected: 0 };

/** Bytes, as the cap of an immutable file says; null for a cap of another kind. */
export function sizeInCap(cap: string): number | null {
  const literal = /^URI:LIT:([a-z2-7]*)$/.exec(cap);
  if (literal !== null) return Math.floor(((literal[1] ?? "").length * 5) / 8);
  const size = /^URI:CHK:[a-z2-7]+:[a-z2-7]+:\d+:\d+:(\d+)$/.exec(cap)?.[1];
  return size === undefined ? null : Number(size);
}
