/** Opens what people typed as a store, or as a source. A new kind of store is one line here, by the scheme of its address. */

import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Listed } from "../model.ts";
import { keepSecret } from "../secrets.ts";
import { guardDenied } from "./denied-guard.ts";
import { remotePlace } from "./rclone/remote-place.ts";
import type { Source } from "./source.ts";
import type { OpenStore, Store, StoreAddress, StoreOptions } from "./store.ts";

/** Loaded when asked for. */
export const STORES = new Map<string, () => Promise<OpenStore>>([
  ["s3", async () => (await import("./s3/s3-store.ts")).openS3],
  ["swift", async () => (await import("./swift/swift-store.ts")).openSwift],
  ["sftp", async () => (await import("./sftp/sftp-store.ts")).openSftp],
  ["rclone", async () => (await import("./rclone/rclone-store.ts")).openRclone],
]);

/** Kinds whose keys are paths below what was typed, which is a folder. */
export const ROOTED: ReadonlySet<string> = new Set(["sftp", "rclone"]);

/** Kinds that come in a later version. */
export const LATER: readonly string[] = ["tahoe"];

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
  if (IS_REMOTE.test(address)) remotePlace(address);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined || STORES.has(scheme)) return;
  throw new HaulError(
    "usage",
    LATER.includes(scheme)
      ? `${address}: photohaul reads ${scheme}:// in a later version. Today it reads ${READS}`
      : `${address}: photohaul does not know ${scheme}://. It reads ${READS}`,
  );
}

/** Null for what is no address of a store. @throws HaulError as its kind does */
export async function openStore(address: string, options: StoreOptions): Promise<Store | null> {
  const at = parseAddress(address);
  const open = at === null ? null : await STORES.get(at.scheme)?.();
  return (at !== null && open?.(at, options)) || null;
}

/** As rclone writes its own, with `rclone:` before: its second part names a remote of its configuration. */
const IS_REMOTE = /^rclone:/i;

/** What an address of a store says; null for what is none, such as a folder. */
export function parseAddress(typed: string): (StoreAddress & { readonly scheme: string }) | null {
  if (IS_REMOTE.test(typed)) {
    const [, container = "", prefix = ""] = /^rclone:([^:]*):?(.*)$/is.exec(typed) ?? [];
    return { typed, scheme: "rclone", container, prefix };
  }
  const [, word = "", container = "", prefix = ""] = /^([a-z][a-z0-9+.-]+):\/\/([^/]*)\/?(.*)$/is.exec(typed) ?? [];
  const scheme = word.toLowerCase();
  if (ROOTED.has(scheme)) refuseSecret(container, scheme);
  return STORES.has(scheme) ? { typed, scheme, container, prefix } : null;
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
