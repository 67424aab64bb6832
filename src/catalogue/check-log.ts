/**
 * When each photo of one target was read last, and what it was found to be: an index of the target's manifest
 * with the memory of earlier checks. It lies on this computer and not on the drive: a drive may be read-only,
 * and should not be worn by its own inspection. Losing it costs nothing but the order of the next checks,
 * which then begin anew.
 */
import type { Condition } from "../summaries.ts";

/** A photo as its manifest has it. */
export interface Shelved {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** The ETag that a store of objects has for these bytes: their MD5, or what it was found to call them. */
  readonly etag?: string;
}

/** A photo that is to be read. */
export interface Due extends Shelved {
  /** It was not whole when it was read last. */
  readonly damaged: boolean;
}

/** The number of its line in the manifest, and its path as the target compares names. */
export interface Entered extends Shelved {
  readonly line: number;
  readonly folded: string;
}

export interface CheckLog {
  /** Enters entries in the order of the manifest: the last one of a path holds. A photo with other bytes is new. */
  enter(entries: readonly Entered[]): void;
  /** Enters lines of SHA256SUMS, after the manifest. @returns how many of them name files that it does not name */
  sum(sums: readonly Pick<Shelved, "path" | "sha256">[]): number;
  /** After the last entry: what the manifest holds, and how many photos of earlier manifests it does not. */
  totals(): { readonly photos: number; readonly bytes: number; readonly forgotten: number };
  /** After the last line of SHA256SUMS: how many photos of the manifest it does not name. */
  unsummed(): number;
  /** True when the manifest names a file that the target takes for the same. */
  names(folded: string): boolean;
  /** The SHA-256 that the manifest has for a path; null for a path that it does not name. */
  sha256Of(path: string): string | null;
  /** True when this line is the last one about its path. */
  holds(path: string, line: number): boolean;
  /** Where the manifest has a photo of these very bytes; null where it has none. */
  pathOf(sha256: string, size: number): string | null;
  /**
   * What is still to be read in this run: damaged ones first, then those never read, then the one that waits
   * longest. In chunks, and no lock is held between them.
   */
  due(): Iterable<readonly Due[]>;
  /** Remembers what photos were found to be. Atomic. */
  record(found: readonly { readonly path: string; readonly condition: Condition }[], at: string): void;
  /** What this run found the photo of this very line to be; null where it did not read it. */
  found(path: string, line: number): Condition | null;
  /** When the last run with `--days` that went through its share began; null before the first. */
  lastShare(): string | null;
  /** When the photo was read that waits longest; null where one never was, or there is none. */
  oldestCheck(): string | null;
  /** Closes the run. @param share true when it was one of `--days` and went through */
  finish(summary: string, share: boolean): void;
  close(): void;
}
