/** What a target was found able to do, by trying it once (design section 6); kept in target.json. */
export interface Traits {
  /** `IMG.jpg` and `img.jpg` are the same file. */
  readonly foldsCase: boolean;
  /** `é` composed and `é` decomposed are the same file. */
  readonly foldsUnicode: boolean;
  /** Characters that no name may hold, besides `/` and NUL. */
  readonly forbidden: string;
  /** Which characters names can hold at all; "unicode" where nothing is said. */
  readonly characters?: "ascii" | "bmp" | "unicode";
  /** Names may not end in a dot or a space. */
  readonly trimsEnds: boolean;
  /** Longest name of one segment. */
  readonly longestName: { readonly length: number; readonly unit: "bytes" | "utf16" };
  /** Whole path below the target, in bytes; 0 where no limit was met. */
  readonly longestPath: number;
  /** Names can be given by link(2), which cannot overwrite. */
  readonly links: boolean;
  /** Granularity of file times, in nanoseconds. */
  readonly timeGranularity: number;
  /** Earliest time a file can carry, ISO 8601. */
  readonly earliestTime: string;
  /** Largest file in bytes; 0 where no limit was met. */
  readonly largestFile: number;
}

/** What statfs(2) of Linux calls FAT and exFAT (linux/magic.h); behind FUSE they have no name of their own. */
const FAT_TYPE = 0x4d44;
const EXFAT = 0x2011bab0;

/**
 * What to plan with before a target was ever tried: a dry run may not write, so it cannot probe.
 * @param fileSystem its type as statfs(2) tells it; 0 where nobody asked
 */
export function likelyTraits(platform: NodeJS.Platform, fileSystem = 0): Traits {
  const linux = platform === "linux";
  const fat = linux && fileSystem === FAT_TYPE;
  const windows = platform === "win32" || fat || (linux && fileSystem === EXFAT);
  const mac = platform === "darwin";
  return {
    foldsCase: windows || mac,
    foldsUnicode: mac,
    forbidden: windows ? '"*:<>?\\|' : "",
    trimsEnds: windows,
    longestName: { length: 255, unit: windows || mac ? "utf16" : "bytes" },
    longestPath: 0,
    links: true,
    timeGranularity: 1,
    earliestTime: "1901-12-13T20:45:52Z",
    largestFile: fat ? 4 * 1024 ** 3 - 1 : 0,
  };
}
