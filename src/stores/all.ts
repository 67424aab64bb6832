/** Opens what people typed as a store, or as a source. A new kind of store is one line here, by the scheme of its address. */

import { existsSync } from "node:fs";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Listed } from "../model.ts";
import { keepSecret } from "../secrets.ts";
import { guardDenied } from "./denied-guard.ts";
import { nearMiss } from "./near-miss.ts";
import { remotePlace } from "./rclone/remote-place.ts";
import type { Source } from "./source.ts";
import type { OpenStore, Store, StoreAddress, StoreOptions } from "./store.ts";
import { spelledGrid, splitGrid } from "./tahoe/grid-address.ts";

/** Loaded when asked for. */
export const STORES = new Map<string, () => Promise<OpenStore>>([
  ["s3", async () => (await import("./s3/s3-store.ts")).openS3],
  ["swift", async () => (await import("./swift/swift-store.ts")).openSwift],
  ["sftp", async () => (await import("./sftp/sftp-store.ts")).openSftp],
  ["rclone", async () => (await import("./rclone/rclone-store.ts")).openRclone],
  ["tahoe", async () => (await import("./tahoe/tahoe-store.ts")).openTahoe],
]);

/** Kinds of which the address has no `//`: how what follows the colon is cut, and spelled out for another folder. */
const BARE: ReadonlyMap<string, BareForm> = new Map([
  ["tahoe", { split: splitGrid, spelled: spelledGrid }],
  // As rclone writes its own: the second part names a remote of its configuration.
  ["rclone", { split: splitRemote }],
]);

interface BareForm {
  readonly split: (rest: string) => Pick<StoreAddress, "container" | "prefix">;
  readonly spelled?: (at: StoreAddress) => string;
}

function splitRemote(rest: string) {
  const [, container = "", prefix = ""] = /^([^:]*):?(.*)$/s.exec(rest) ?? [];
  return { container, prefix };
}

/** Kinds that are targets only, and what brings photos from there. */
const NO_SOURCES = new Map([["tahoe", "bring photos from a grid by `tahoe cp -r`, or by `photohaul restore`"]]);

/** Kinds whose keys are paths below what was typed, which is a folder. */
export const ROOTED: ReadonlySet<string> = new Set(["sftp", "rclone"]);

const READS =
  "s3://bucket[/prefix], swift://container[/prefix], sftp://user@host/path, rclone:remote:path and local folders";

/** What the command line says about a source; what does not concern its kind is refused there. */
export interface SourceOptions extends StoreOptions {
  /** Told of warnings: what is listed or lies in a folder and is not read. */
  readonly emit?: Emit;
  /** Objects from all over the source that may be asked for where those asked for are refused. */
  readonly others?: () => Promise<readonly Listed[]>;
}

/**
 * Opens `s3://bucket[/prefix]`, `swift://container[/prefix]`, `sftp://user@host/path`, `rclone:remote:path` or a local
 * folder. Nothing is asked of the store yet.
 * @throws HaulError `usage` for an address that is none, `no-bucket` for a folder that is not there
 */
export async function openSource(address: string, options: SourceOptions): Promise<Source> {
  return guardDenied(await openKind(address, options), options.others);
}

async function openKind(address: string, { emit, ...options }: SourceOptions): Promise<Source> {
  mustBeSource(address);
  return (await openStore(address, { onFlaw: flawsTo(emit), ...options })) ?? openFolder(address, emit);
}

/**
 * To be asked before anything is remembered of a source: of an address that is none nothing is.
 * @throws HaulError `usage` for an address of a kind that is not read
 */
export function mustBeSource(address: string): void {
  const at = parseAddress(address);
  const instead = NO_SOURCES.get(at?.scheme ?? "");
  if (instead !== undefined) throw new HaulError("usage", `${address} is a target, and no source: ${instead}`);
  if (at?.scheme === "rclone") remotePlace(address);
  mustBeKnown(address, `It reads ${READS}`);
}

/** @param instead a sentence: what there is @throws HaulError `usage` for an address of a kind that nobody knows, or that is nearly one, and no folder is */
export function mustBeKnown(address: string, instead: string): void {
  refuseNearMiss(address);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined || STORES.has(scheme)) return;
  throw new HaulError("usage", `${address}: photohaul does not know ${scheme}://. ${instead}`);
}

/** @throws HaulError `usage` for what is nearly an address of a store, and no folder that is there */
export function refuseNearMiss(address: string): void {
  const meant = parseAddress(address) === null && !existsSync(address) ? nearMiss(address) : null;
  if (meant !== null) throw new HaulError("usage", `${address}: ${meant}`);
}

/** Null for what is no address of a store. @throws HaulError as its kind does */
export async function openStore(address: string, options: StoreOptions): Promise<Store | null> {
  const at = parseAddress(address);
  return at === null ? null : openStoreAt(at, options);
}

/** @param at of which the prefix is the caller's to use */
export async function openStoreAt(at: ParsedAddress, options: StoreOptions): Promise<Store | null> {
  return (await STORES.get(at.scheme)?.())?.(at, options) ?? null;
}

export interface ParsedAddress extends StoreAddress {
  readonly scheme: string;
}

/** What an address of a store says; null for what is none, such as a folder. @throws HaulError `usage` for a path that leads elsewhere */
export function parseAddress(typed: string): ParsedAddress | null {
  const [, word = "", rest = ""] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(typed) ?? [];
  const scheme = word.toLowerCase();
  const bare = BARE.get(scheme);
  if (bare !== undefined && STORES.has(scheme)) return { typed, scheme, ...bare.split(rest) };
  const [, container = "", prefix = ""] = /^\/\/([^/]*)\/?(.*)$/s.exec(rest) ?? [];
  if (ROOTED.has(scheme)) refuseSecret(container, scheme);
  return rest.startsWith("//") && STORES.has(scheme) ? { typed, scheme, container, prefix } : null;
}

/** The same address, to be typed in another folder. */
export function spelledOut(address: string): string {
  const at = parseAddress(address);
  return at === null ? address : (BARE.get(at.scheme)?.spelled?.(at) ?? address);
}

/** Whatever stands in a command line is seen by everybody on this computer. @throws HaulError `usage` */
function refuseSecret(authority: string, scheme: string): void {
  const [, secret, host = ""] = /^[^@]*?:(.*)@(.*)$/s.exec(authority) ?? [];
  if (secret === undefined) return;
  keepSecret(secret);
  const says =
    "an address with a password in it is seen by everybody on this computer. Name a key, or set PHOTOHAUL_SSH_PASSWORD";
  throw new HaulError("usage", `${scheme}://…@${host}: ${says}`);
}

function flawsTo(emit: Emit | undefined): NonNullable<StoreOptions["onFlaw"]> {
  return (message, key, lost) => {
    const told = { message, ...(key === undefined ? {} : { key }) };
    if (lost === undefined) emit?.({ type: "warning", code: "listing-entry", ...told });
    else emit?.({ type: "warning", code: "unlisted", ...told });
  };
}

async function openFolder(folder: string, emit: Emit | undefined): Promise<Source> {
  if (folder === "") throw new HaulError("usage", `Name a source: ${READS}`);
  const { openFolderSource } = await import("./folder-source.ts");
  return openFolderSource(folder, {
    onPassedOver: (key, what) =>
      emit?.({ type: "warning", code: "passed-over", message: `${key} is a ${what} and is not read`, key }),
  });
}
