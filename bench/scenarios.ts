/** What is measured: for each scenario its server, its contenders, and what every run must have done. */

import { join } from "node:path";
import { HUGE_FILES, LARGE_FILES, PHOTOS } from "./buckets.ts";
import { files, keys, lines, summary } from "./checks.ts";
import { named, out } from "./layout.ts";
import type { Command } from "./measure.ts";
import { overSftp } from "./over-sftp.ts";
import { exiftool, type Place, photohaul, rclone } from "./programs.ts";
import { PROOF_PHOTOS } from "./proof-bucket.ts";

export type Program = "photohaul" | "rclone" | "exiftool";

export interface Contender {
  readonly name: string;
  readonly program: Program;
  /** Made ready before the clock starts, once a run; its folder is given to the measured command. */
  readonly before?: (place: Place) => Command;
  readonly run: (place: Place) => Command;
  /** Throws when the run did not do what it should have. */
  readonly check: (place: Place) => void;
}

/** `ours` is to be at most `most` times what the `against` need together. */
export interface Goal {
  readonly ours: string;
  readonly against: readonly string[];
  readonly most: number;
  /** What is compared; `wall` where absent. */
  readonly of?: "wall" | "cpu";
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Options of bench/server.ts. */
  readonly server: readonly string[];
  /** True where a real OpenSSH is wanted as well; without one it is left out. */
  readonly ssh?: boolean;
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
  /** Seconds that a perfect serial lister would need; shown instead of running one. */
  readonly bound?: { readonly name: string; readonly seconds: number };
  /** Folders of a few files, gigabytes each, are removed after each run; others at the end (README). */
  readonly bulky?: boolean;
}

const KEYS = 3 * PHOTOS;

const copy = (place: Place, bucket: string) =>
  rclone(place, "copy", `bench:${bucket}/original`, out(place), "--transfers", "16", "--fast-list");
const mirror = (place: Place, bucket: string, ...more: string[]) =>
  photohaul(place, "mirror", `s3://${bucket}`, out(place), "--json", ...named(place), ...more);

/** Proves the two families of a bucket whose pictures are pictures, for as many seconds of one core at most. */
function proof(kind: "small" | "large", title: string, seconds: number): Scenario {
  const ours = "photohaul inventory";
  return {
    name: `proof-${kind}`,
    title: `Prove two families of renditions: ${title}`,
    server: ["--pictures", kind],
    contenders: [
      {
        name: ours,
        program: "photohaul",
        run: (place) => photohaul(place, "inventory", "s3://pictures", "--json"),
        check: (place) => {
          const { original, rendition } = summary(place).kinds;
          if (original !== PROOF_PHOTOS || rendition !== 2 * PROOF_PHOTOS) {
            throw new Error(`not proven: ${original} originals, ${rendition} renditions`);
          }
        },
      },
    ],
    goals: [{ ours, against: ["goal"], most: 1, of: "cpu" }],
    bound: { name: "goal", seconds },
  };
}

/** One that mirrors a bucket into a fresh folder. */
function mirrors(name: string, bucket: string, count: number, ...more: string[]): Contender {
  return {
    name,
    program: "photohaul",
    before: (place) => ({ argv: ["mkdir", "-p", out(place)] }),
    run: (place) => mirror(place, bucket, ...more),
    check: (place) => files(out(place), count, true),
  };
}

function copies(bucket: string, count: number): Contender {
  return {
    name: "rclone copy --transfers 16",
    program: "rclone",
    run: (place) => copy(place, bucket),
    check: (place) => files(out(place), count, false),
  };
}

const datesAfterCopy: Contender = {
  name: "exiftool -r",
  program: "exiftool",
  before: (place) => copy(place, "photos"),
  run: (place) => exiftool(place, out(place)),
  check: (place) => files(out(place), PHOTOS, true),
};

const list: Scenario = {
  name: "list",
  title: "List 100,002 keys, process start included",
  server: [],
  contenders: [
    {
      name: "photohaul inventory",
      program: "photohaul",
      run: (place) => photohaul(place, "inventory", "s3://photos", "--json", ...named(place)),
      check: (place) => keys(place, KEYS),
    },
    {
      name: "rclone lsf -R --fast-list",
      program: "rclone",
      run: (place) => rclone(place, "lsf", "-R", "--files-only", "--fast-list", "bench:photos"),
      check: (place) => lines(join(place.folder, "rclone.out"), KEYS),
    },
  ],
  goals: [{ ours: "photohaul inventory", against: ["rclone lsf -R --fast-list"], most: 1 }],
};

/** A serial lister cannot be faster than its pages' latency, so none is run. */
function million(shape: string, title: string): Scenario {
  const serial = "serial, latency only";
  return {
    name: `million-${shape}`,
    title: `List 1,000,000 keys, every page 100 ms: ${title}`,
    server: ["--page-ms", "100"],
    contenders: [
      {
        name: "photohaul inventory",
        program: "photohaul",
        run: (place) => photohaul(place, "inventory", `s3://${shape}-1000000`, "--json"),
        check: (place) => keys(place, 1_000_000),
      },
    ],
    goals: [{ ours: "photohaul inventory", against: [serial], most: 0.1 }],
    bound: { name: serial, seconds: 100 },
  };
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "help",
    title: "--help",
    server: [],
    contenders: [
      {
        name: "photohaul --help",
        program: "photohaul",
        run: (place) => photohaul(place, "--help"),
        check: () => undefined,
      },
    ],
    goals: [{ ours: "photohaul --help", against: ["goal"], most: 1 }],
    bound: { name: "goal", seconds: 0.1 },
  },
  list,
  million("hex", "one flat folder of random hex names"),
  million("dates", "a folder a day over 27 years"),
  million("lopsided", "90 % of the keys under one prefix"),
  million("unicode", "names beyond ASCII, and emoji"),
  {
    name: "ten-million",
    title: "List 10,000,000 keys (memory)",
    server: [],
    contenders: [
      {
        name: "photohaul inventory",
        program: "photohaul",
        run: (place) => photohaul(place, "inventory", "s3://dates-10000000", "--json"),
        check: (place) => keys(place, 10_000_000),
      },
    ],
    goals: [],
  },
  {
    name: "mirror",
    title: "Mirror the 33,334 originals of 45 kB among 100,002 keys; dates set",
    server: [],
    contenders: [mirrors("photohaul mirror", "photos", PHOTOS), copies("photos", PHOTOS), datesAfterCopy],
    goals: [
      { ours: "photohaul mirror", against: ["rclone copy --transfers 16"], most: 0.9 },
      {
        ours: "photohaul mirror",
        against: ["rclone copy --transfers 16", "exiftool -r"],
        most: 0.15,
      },
    ],
  },
  {
    name: "large",
    title: "Mirror 500 originals of 8 MB",
    server: [],
    contenders: [mirrors("photohaul mirror", "large", LARGE_FILES), copies("large", LARGE_FILES)],
    goals: [{ ours: "photohaul mirror", against: ["rclone copy --transfers 16"], most: 1 }],
    bulky: true,
  },
  overSftp("sftp", "Mirror the 33,334 originals of 45 kB to OpenSSH on loopback; dates set", "photos", PHOTOS),
  overSftp("sftp-huge", "Mirror 4 films of 256 MB to OpenSSH on loopback", "huge", HUGE_FILES),
  {
    name: "latency",
    title: "Mirror the 33,334 originals, every first byte after 50 ms",
    server: ["--first-byte-ms", "50"],
    contenders: [
      mirrors("--concurrency auto", "photos", PHOTOS),
      mirrors("--concurrency 64", "photos", PHOTOS, "--concurrency", "64"),
      mirrors("--concurrency 128", "photos", PHOTOS, "--concurrency", "128"),
      mirrors("--concurrency 256", "photos", PHOTOS, "--concurrency", "256"),
    ],
    goals: [64, 128, 256].map((fixed) => ({
      ours: "--concurrency auto",
      against: [`--concurrency ${fixed}`],
      most: 1.1,
    })),
  },
  {
    name: "daily",
    title: "The daily run with nothing new on 100,002 keys",
    server: [],
    contenders: [
      {
        ...mirrors("photohaul mirror, again", "photos", PHOTOS),
        before: (place) => mirror(place, "photos"),
      },
      {
        ...copies("photos", PHOTOS),
        name: "rclone copy, again",
        before: (place) => copy(place, "photos"),
        run: (place) => {
          const again = copy(place, "photos");
          return { ...again, argv: [...again.argv, "--checkers", "16"] };
        },
      },
    ],
    goals: [{ ours: "photohaul mirror, again", against: ["rclone copy, again"], most: 1 / 3 }],
  },
  proof("small", "30 originals of 45 kB", 5),
  proof("large", "30 originals of 8 MB", 15),
  {
    name: "dates",
    title: "Give the 33,334 files of a folder their dates back",
    server: [],
    contenders: [
      {
        name: "photohaul dates",
        program: "photohaul",
        before: (place) => copy(place, "photos"),
        run: (place) => photohaul(place, "dates", out(place), "--json"),
        check: (place) => files(out(place), PHOTOS, true),
      },
      datesAfterCopy,
    ],
    goals: [{ ours: "photohaul dates", against: ["exiftool -r"], most: 0.05 }],
  },
];
