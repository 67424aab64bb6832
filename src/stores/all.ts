/** Opens the source that people typed. A new kind of store is one line here. */

import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Listed } from "../model.ts";
import { guardDenied } from "./denied-guard.ts";
import type { S3Options } from "./s3/address.ts";
import type { Source } from "./source.ts";

/** What the command line says about a source; what does not concern its kind is refused there. */
export interface SourceOptions extends S3Options {
  /** A versioned bucket as it was then. */
  readonly asOf?: Date;
  /** Told of every request that is made again, for pace and for --verbose. */
  readonly onRetry?: (error: HaulError) => void;
  /** Told of warnings: what lies in a folder and is not read. */
  readonly emit?: Emit;
  /** How long nothing may come before a connection counts as broken, in milliseconds; a minute when absent. */
  readonly stallMs?: number;
  /** Objects from all over the source that may be asked for where those asked for are refused. */
  readonly others?: () => Promise<readonly Listed[]>;
}

const READS = "s3://bucket[/prefix], swift://container[/prefix] and local folders";

/**
 * Opens `s3://bucket[/prefix]`, `swift://container[/prefix]` or a local folder. Nothing is asked of the store yet.
 * @throws HaulError `usage` for an address that is none, `no-bucket` for a folder that is not there
 */
export async function openSource(address: string, options: SourceOptions): Promise<Source> {
  return guardDenied(await openKind(address, options), options.others);
}

async function openKind(address: string, options: SourceOptions): Promise<Source> {
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]+):\/\/(.*)$/is.exec(address) ?? [];
  if (scheme === undefined) return openFolder(address, options);
  switch (scheme.toLowerCase()) {
    case "s3":
      return openBucket(address, rest, options);
    case "swift":
      return openContainer(address, rest, options);
    case "sftp":
      throw new HaulError(
        "usage",
        `${address}: photohaul reads ${scheme}:// in a later version. Today it reads ${READS}`,
      );
    default:
      throw new HaulError("usage", `${address}: photohaul does not know ${scheme}://. It reads ${READS}`);
  }
}

async function openBucket(address: string, rest: string, options: SourceOptions): Promise<Source> {
  const [, bucket = "", prefix = ""] = /^([^/]*)\/?(.*)$/s.exec(rest) ?? [];
  if (bucket === "") throw new HaulError("usage", `${address}: name a bucket, as in s3://photos/2012`);
  const { openS3Source } = await import("./s3/s3-source.ts");
  return openS3Source({ ...options, bucket, prefix, onFlaw: flawsTo(options.emit) });
}

async function openContainer(
  address: string,
  rest: string,
  { onRetry, stallMs, endpoint, asOf, emit }: SourceOptions,
): Promise<Source> {
  if (endpoint !== undefined || asOf !== undefined) {
    const which = endpoint === undefined ? "--as-of" : "--endpoint";
    const says = "is for S3; where a Swift is, ST_AUTH or OS_AUTH_URL says";
    throw new HaulError("usage", `${address}: ${which} ${says}`);
  }
  const [, container = "", prefix = ""] = /^([^/]*)\/?(.*)$/s.exec(rest) ?? [];
  if (container === "") throw new HaulError("usage", `${address}: name a container, as in swift://photos/2012`);
  const [{ loginFrom }, { openSwiftSource }] = await Promise.all([
    import("./swift/login.ts"),
    import("./swift/swift-source.ts"),
  ]);
  const told = {
    ...(onRetry === undefined ? {} : { onRetry }),
    ...(stallMs === undefined ? {} : { stallMs }),
  };
  const login = loginFrom(process.env);
  return openSwiftSource({ login, container, prefix, onFlaw: flawsTo(emit), ...told });
}

function flawsTo(emit: Emit | undefined): (message: string, key?: string) => void {
  return (message, key) =>
    emit?.({
      type: "warning",
      code: "listing-entry",
      message,
      ...(key === undefined ? {} : { key }),
    });
}

async function openFolder(folder: string, options: SourceOptions): Promise<Source> {
  if (folder === "") throw new HaulError("usage", `Name a source: ${READS}`);
  const { openFolderSource } = await import("./folder/folder-source.ts");
  return openFolderSource(folder, {
    onPassedOver: (key, what) =>
      options.emit?.({
        type: "warning",
        code: "passed-over",
        message: `${key} is a ${what} and is not read`,
        key,
      }),
  });
}
