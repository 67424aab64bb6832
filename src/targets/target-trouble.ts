import { type ErrorCode, HaulError, type PlaceKind } from "../errors.ts";

/** What a store's trouble is where the store is the target: words and exit codes speak of targets then. */
const AS_TARGET: ReadonlyMap<ErrorCode, ErrorCode> = new Map<ErrorCode, ErrorCode>([
  ["credentials", "no-target"],
  ["no-bucket", "no-target"],
  ["unreachable", "no-target"],
  ["quota", "no-target"],
  ["listing", "no-target"],
  ["denied", "read-only"],
  ["forbidden", "read-only"],
]);

/** The same error as a target's, of the store of that address (`s3://…`, `swift://…`, `tahoe:…`); anything else unchanged. */
export function targetTrouble(error: unknown, address: string): unknown {
  if (!(error instanceof HaulError)) return error;
  const trouble = AS_TARGET.get(error.code);
  if (trouble === undefined) return error;
  return new HaulError(trouble, error.message, {
    place: error.place ?? placeOf(address),
    hint: error.hint,
    retry: error.retry,
    away: error.code === "unreachable",
    cause: error,
  });
}

/** Does work in the store of that address. @throws as `targetTrouble` has it */
export async function asTarget<T>(work: () => Promise<T>, address: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw targetTrouble(error, address);
  }
}

/** The kind of store of an address. */
export function placeOf(address: string): PlaceKind | undefined {
  return (["s3", "swift", "sftp", "rclone", "tahoe"] as const).find((scheme) => address.startsWith(`${scheme}:`));
}
