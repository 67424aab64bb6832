/** Opens the source that people typed. A new kind of store is one line here. */

import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { S3Options } from "../s3/client.ts";
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
}

/**
 * Opens `s3://bucket[/prefix]` or a local folder. Nothing is asked of the store yet.
 * @throws HaulError `usage` for an address that is none, `no-bucket` for a folder that is not there
 */
export async function openSource(address: string, options: SourceOptions): Promise<Source> {
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]+):\/\/(.*)$/is.exec(address) ?? [];
  if (scheme === undefined) return openFolder(address, options);
  switch (scheme.toLowerCase()) {
    case "s3":
      return openBucket(address, rest, options);
    case "swift":
    case "sftp":
      throw new HaulError(
        "usage",
        `${address}: photohaul reads ${scheme}:// in a later version. Today it reads s3://bucket[/prefix] and local folders`,
      );
    default:
      throw new HaulError(
        "usage",
        `${address}: photohaul does not know ${scheme}://. It reads s3://bucket[/prefix] and local folders`,
      );
  }
}

async function openBucket(address: string, rest: string, options: SourceOptions): Promise<Source> {
  const [, bucket = "", prefix = ""] = /^([^/]*)\/?(.*)$/s.exec(rest) ?? [];
  if (bucket === "")
    throw new HaulError("usage", `${address}: name a bucket, as in s3://photos/2012`);
  const { openS3Source } = await import("./s3.ts");
  return openS3Source({ ...options, bucket, prefix });
}

async function openFolder(folder: string, options: SourceOptions): Promise<Source> {
  if (folder === "")
    throw new HaulError("usage", "Name a source: s3://bucket[/prefix] or a folder");
  const { openFolderSource } = await import("./folder.ts");
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
