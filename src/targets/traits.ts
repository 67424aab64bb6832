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

/** What to plan with before a target was ever tried: a dry run may not write, so it cannot probe. */
export function likelyTraits(platform: NodeJS.Platform): Traits {
  const windows = platform === "win32";
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
    largestFile: 0,
  };
}
