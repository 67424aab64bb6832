import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { S3Server } from "../../fixtures/s3/server.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type Rig, rig } from "../scripts/rig.ts";
import { namedSizes } from "../scripts/three-sizes.ts";

/** Twelve photos of three years, in three sizes, each year with a video. */
function fill(server: S3Server): void {
  const bucket = server.bucket("photos");
  for (const year of [2012, 2013, 2014]) {
    for (const n of [1, 2, 3, 4]) {
      const name = n === 4 ? "clip.mov" : `IMG_${n}.jpg`;
      const modified = `${year}-0${n}-01T00:00:00.000Z`;
      for (const [family, bytes] of [
        ["original", 3000],
        ["large", 300],
        ["tile", 30],
      ] as const) {
        const [size, text] = [bytes + n + year, `${family}${year}${n}`];
        const body = family === "original" ? datedPhoto(size, text) : Buffer.alloc(size, text);
        bucket.put(`${family}/${year}/${name.replace(".mov", family === "original" ? ".mov" : ".jpg")}`, body, {
          modified,
        });
      }
    }
  }
}

describe("mirror", () => {
  let on: Rig;
  let named: readonly string[];
  beforeAll(async () => {
    on = await rig({}, fill);
    named = namedSizes(on.folder);
  });
  afterAll(() => on[Symbol.asyncDispose]());

  /** A mirror into a folder of its own, with a catalogue of its own. */
  let runs = 0;
  const mirror = async (...args: string[]) => {
    runs += 1;
    const folder = join(on.folder, `to${runs}`);
    const catalogue = join(on.folder, `${runs}.sqlite`);
    const line = ["mirror", "s3://photos", folder, ...on.endpoint, ...named, "--json"];
    const again = (...more: string[]) => on.run([...line, "--catalogue", catalogue, ...args, ...more]);
    const ran = await again();
    return {
      ...ran,
      summary: ran.summary,
      folder,
      catalogue,
      again,
      keys: ran.photos.map(({ key }) => key).sort(),
    };
  };

  test("--dry-run writes nothing to the target, and says the same plan", async () => {
    const ran = await mirror("--dry-run");
    expect(ran.exit).toBe(0);
    expect(existsSync(ran.folder)).toBe(false);
    expect(ran.summary).toMatchObject({
      dryRun: true,
      plan: { photos: 12 },
      outcomes: { stored: 0 },
    });
    expect(ran.photos).toEqual([]);
  });

  test("--include and --exclude choose keys, and what they leave out is counted", async () => {
    const ran = await mirror("--include", "original/2013/**", "--include", "clip.mov", "--exclude", "IMG_2.*");
    expect(ran.keys).toEqual([
      "original/2012/clip.mov",
      "original/2013/IMG_1.jpg",
      "original/2013/IMG_3.jpg",
      "original/2013/clip.mov",
      "original/2014/clip.mov",
    ]);
    expect(ran.summary.outcomes).toEqual({ stored: 5, already: 0, skipped: 7, failed: 0 });
  });

  test("--since goes by the time of writing", async () => {
    expect((await mirror("--since", "2014-03-01")).keys).toEqual(["original/2014/IMG_3.jpg", "original/2014/clip.mov"]);
  });

  test("--limit takes the oldest first, ends with 8, and the next run goes on", async () => {
    const ran = await mirror("--limit", "5");
    expect(ran.exit).toBe(8);
    expect(ran.summary.outcomes).toEqual({ stored: 5, already: 0, skipped: 7, failed: 0 });
    expect(ran.keys).toEqual([
      "original/2012/IMG_1.jpg",
      "original/2012/IMG_2.jpg",
      "original/2012/IMG_3.jpg",
      "original/2012/clip.mov",
      "original/2013/IMG_1.jpg",
    ]);
    expect((await ran.again()).summary).toMatchObject({
      exit: 8,
      outcomes: { stored: 5, already: 5, skipped: 2 },
    });
    expect((await ran.again()).summary).toMatchObject({
      exit: 0,
      outcomes: { stored: 2, already: 10, skipped: 0 },
    });
  });

  test("--max-transfer stops before it is passed, ends with 8, and the next run goes on", async () => {
    const ran = await mirror("--max-transfer", "20K");
    expect(ran.exit).toBe(8);
    expect(ran.summary).toMatchObject({ outcomes: { stored: 4, skipped: 8 } });
    expect(ran.summary.storedBytes).toBeLessThanOrEqual(20 * 1024);
    const again = await ran.again();
    expect(again.summary).toMatchObject({ exit: 8, outcomes: { stored: 4, already: 4 } });
    const last = await ran.again();
    expect(last.summary).toMatchObject({
      exit: 0,
      outcomes: { stored: 4, already: 8, skipped: 0 },
    });
  });

  test("--max-duration stops beginning photos, ends with 8, and the next run goes on", async () => {
    // One at a time at this rate, twelve photos take seven seconds: the limit comes in their midst.
    const slowly = ["--bwlimit", "8K", "--concurrency", "1"];
    const ran = await mirror("--max-duration", "2s", ...slowly);
    const { stored, skipped, failed } = ran.summary.outcomes;
    expect(ran.exit).toBe(8);
    expect([failed, stored + skipped]).toEqual([0, 12]);
    expect(skipped).toBeGreaterThan(0);
    const at = [ran.folder, "--catalogue", ran.catalogue, ...on.endpoint, "--json"];
    const again = await on.run(["mirror", "s3://photos", ...at]);
    expect(again.summary).toMatchObject({
      exit: 0,
      outcomes: { stored: 12 - stored, already: stored, skipped: 0 },
    });
  });

  test.each(["20K", "20", "00:00,20K"])("--bwlimit %s keeps to its rate", async (limit) => {
    const started = Date.now();
    const ran = await mirror("--bwlimit", limit); // 60 kB: three seconds, of which the first is free
    expect(ran.exit).toBe(0);
    expect(Date.now() - started).toBeGreaterThan(1900);
  });

  test("--bwlimit takes no other words", async () => {
    const { exit, stderr } = await on.run(["mirror", "s3://photos", "x", "--bwlimit", "08:00 1M"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("--bwlimit 08:00 1M: a rate such as 5M, or a timetable such as");
  });

  /** The command at the end is a child of the run: it tells how nice it is, and how nice all threads of the run are. */
  const own = getPriority();
  test.skipIf(process.platform !== "linux" || own > 7).each([
    [["--nice", "7"], "7"],
    [["--nice"], "10"],
    [[], `${own}`],
  ])("%j is how nice a run is, with all that it starts", async (nice, is) => {
    const threads = "sed 's/.*) //' /proc/$PPID/task/*/stat | cut -d ' ' -f 17 | sort -u";
    const told = join(on.folder, "nice");
    const command = ["--notify-command", `{ nice; ${threads}; } > '${told}'`, ...nice];
    const words = ["mirror", "s3://photos", join(on.folder, `nice${is}`), ...on.endpoint];
    const ran = await on.run([...words, ...command], { spawned: true });
    expect(ran.exit).toBe(0);
    expect(readFileSync(told, "utf8")).toBe(`${is}\n${is}\n`);
  });

  test.skipIf(spawnSync("ionice").error !== undefined)(
    "--nice lets every other program go first at the drive too",
    async () => {
      const told = join(on.folder, "ionice");
      const command = `cd /proc/$PPID/task && ionice -p * | sort -u > '${told}'`;
      const words = ["mirror", "s3://photos", join(on.folder, "idle"), ...on.endpoint, "--nice"];
      const ran = await on.run([...words, "--notify-command", command], { spawned: true });
      expect(ran.exit).toBe(0);
      expect(readFileSync(told, "utf8")).toBe("idle\n");
    },
  );

  test("--name files by date, --timezone tells which day it was", async () => {
    const ran = await mirror("--name", "{yyyy}/{mm}/{name}.{ext}", "--include", "original/2012/*");
    expect(ran.exit).toBe(0);
    // Their own date is of June, months after the upload that their store tells of, which refuses none.
    expect(readdirSync(ran.folder).filter((name) => name !== ".photohaul")).toEqual(["2012"]);
    expect(readdirSync(join(ran.folder, "2012"))).toEqual(["06"]);
  });

  test("a name that does not tell photos apart loses none of them", async () => {
    const ran = await mirror("--name", "all/{name}.{ext}");
    expect(ran.summary.outcomes.stored).toBe(12);
    const names = readdirSync(join(ran.folder, "all")).sort();
    expect(names).toHaveLength(12);
    expect(names.filter((name) => /^IMG_1(~[0-9a-f]{8})?\.jpg$/.test(name))).toHaveLength(3);
    // 2012 comes first in key order, so it has the plain name, on every machine.
    expect(readFileSync(join(ran.folder, "all", "IMG_1.jpg"), "latin1")).toMatch(/(?:original20121)+/);
    expect((await ran.again()).summary.outcomes).toMatchObject({ stored: 0, already: 12 });
  });

  test.each([
    ["skip", 12],
    ["fallback", 12],
    ["keep", 36],
  ])("--renditions %s", async (which, photos) => {
    expect((await mirror("--renditions", which)).summary).toMatchObject({
      exit: 0,
      outcomes: { stored: photos },
    });
  });

  test.each(["photo", "batch", "none"])("--durable %s ends in the same state", async (durable) => {
    const ran = await mirror("--durable", durable);
    expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 12 } });
    expect(readFileSync(join(ran.folder, ".photohaul/manifest.ndjson"), "utf8").trimEnd().split("\n")).toHaveLength(12);
  });

  test("--concurrency 1 fetches one at a time", async () => {
    expect((await mirror("--concurrency", "1", "--list-concurrency", "1")).exit).toBe(0);
  });

  test("--report writes each kind, whole", async () => {
    const files = ["csv", "json", "md", "html"].map((type) => join(on.folder, `report.${type}`));
    const ran = await mirror("--exclude", "clip.mov", ...files.flatMap((file) => ["--report", file]));
    expect(ran.exit).toBe(0);
    const [csv = "", json = "", md = "", html = ""] = files.map((file) => readFileSync(file, "utf8"));
    const rows = csv.trimEnd().split("\r\n");
    expect(rows[0]).toBe("key,kind,family,original,size,modified,storage_class,etag,outcome,path,captured,reason");
    expect(rows).toHaveLength(37);
    expect(rows.filter((row) => row.includes(",stored,"))).toHaveLength(9);
    expect(rows.filter((row) => row.includes(",skipped,") && row.includes("excluded by clip.mov"))).toHaveLength(3);
    expect(rows.find((row) => row.startsWith("tile/2012/IMG_1.jpg,"))).toContain(",original/2012/IMG_1.jpg,");
    expect(JSON.parse(json).summary).toMatchObject({ type: "summary", exit: 0 });
    expect(md).toContain("original");
    expect(html).toMatch(/^<!doctype html>/i);
  });

  test("--log appends every event, for its owner's eyes only", async () => {
    const log = join(on.folder, "run.log");
    const ran = await mirror("--log", log);
    const lines = readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(lines.filter(({ type }) => type === "photo")).toHaveLength(12);
    expect(lines.at(-1)).toMatchObject({ type: "summary", exit: 0 });
    await ran.again();
    expect(readFileSync(log, "utf8").split("\n").length).toBeGreaterThan(lines.length + 2);
  });

  test("--quiet says nothing when all is well, --verbose names every photo", async () => {
    const to = (name: string) => [
      "mirror",
      "s3://photos",
      join(on.folder, name),
      ...on.endpoint,
      "--catalogue",
      join(on.folder, `${name}.sqlite`),
    ];
    const quiet = await on.run([...to("quiet"), "--quiet"]);
    expect([quiet.exit, quiet.stdout, quiet.stderr]).toEqual([0, "", ""]);
    const verbose = await on.run([...to("verbose"), "--verbose"]);
    expect(verbose.stdout).toContain("original/2012/IMG_1.jpg");
  });

  test("--layout names one", async () => {
    named = ["--layout", "flickr"];
    const ran = await mirror();
    expect(ran.summary.layout.name).toBe("flickr");
    expect(ran.summary.outcomes.stored).toBe(36); // which fits none of these keys, so all are originals
  });
});
