import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import type { DatesSummary, FileEvent } from "../../src/events.ts";
import { runProcess } from "./rig.ts";

const root = mkdtempSync(join(tmpdir(), "photohaul-dates-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const picture = paintScene(16, 16, { scene: "sea", seed: "dates", hour: 12 });
const dated = (dateTimeOriginal: string) => jpegFile(picture, { exif: exifBlock({ dateTimeOriginal }) });
const DOWNLOADED = "2024-03-10T12:00:00.000Z";

let folder = root;
beforeEach(() => {
  folder = join(mkdtempSync(join(root, "run-")), "Pictures");
  mkdirSync(folder);
});

function put(name: string, bytes: Uint8Array | string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  utimesSync(path, new Date(DOWNLOADED), new Date(DOWNLOADED));
}

const time = (name: string) => statSync(join(folder, name)).mtime.toISOString();

async function dates(...more: string[]) {
  const env = { PATH: process.env.PATH, HOME: root, TZ: "Europe/Berlin" };
  const ran = await runProcess(["dates", folder, ...more], { env }, root);
  const lines = ran.stdout.split("\n").filter((line) => line.startsWith("{"));
  const events: FileEvent[] = lines
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === "file")
    .toSorted((a: FileEvent, b: FileEvent) => (a.file < b.file ? -1 : 1));
  const summary: DatesSummary = Object(JSON.parse(lines.at(-1) ?? "{}"));
  return { exit: ran.exit, stdout: ran.stdout, stderr: ran.stderr, events, summary };
}

describe("dates", () => {
  test("dates that somebody typed into a report are never written over", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    const report = join(dirname(folder), "dates.csv");
    expect((await dates("--dry-run", "--report", report)).exit).toBe(0);
    expect((await dates("--dry-run", "--report", report)).exit).toBe(0);
    const typed = readFileSync(report, "utf8").replace(/,\r\n$/, ",1987-05-04 10:00\r\n");
    writeFileSync(report, typed);
    for (const more of [[], ["--undo"]]) {
      const { exit, stderr } = await dates(...more, "--report", report);
      expect([exit, stderr]).toEqual([2, expect.stringMatching(/line 2 has a date that somebody typed \(a.jpg: 1987/)]);
    }
    const mirror = ["mirror", folder, join(root, "usb"), "--report", report];
    expect((await runProcess(mirror, { env: { HOME: root } }, root)).exit).toBe(2);
    expect(readFileSync(report, "utf8")).toBe(typed);
    expect((await dates("--dates", report)).exit).toBe(0);
    expect(time("a.jpg")).toBe("1987-05-04T08:00:00.000Z");
  });

  test("a damaged line of the record is named, and the record stands until all of it is taken back", async () => {
    for (const name of ["a.jpg", "b.jpg", "c.jpg"]) put(name, dated("2012:06:28 14:03:22"));
    await dates();
    const own = join(folder, ".photohaul");
    const record = join(own, readdirSync(own)[0] ?? "");
    const whole = readFileSync(record, "utf8");
    writeFileSync(record, whole.replace(/"old":"1(\d+)","new":"(\d+)"\}\n(?=.*c.jpg)/, '"old":"x$1","new":"$2"}\n'));
    const undone = await dates("--undo", "--json");
    expect(undone.exit).toBe(3);
    expect(undone.summary.outcomes).toMatchObject({ set: 2, failed: 1 });
    expect(undone.events[1]).toMatchObject({
      file: "b.jpg",
      reason: expect.stringMatching(/^line 2 of .* is damaged/),
    });
    expect([time("a.jpg"), time("b.jpg")]).toEqual([DOWNLOADED, "2012-06-28T12:03:22.000Z"]);
    writeFileSync(record, whole);
    expect((await dates("--undo")).exit).toBe(0);
    expect(time("b.jpg")).toBe(DOWNLOADED);
    expect((await dates("--undo")).stdout).toContain("nothing to take back");
  });

  test("sets the times of a folder, reports them, and takes them back", async () => {
    const photo = dated("2012:06:28 14:03:22");
    const outside = join(dirname(folder), "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "theirs.jpg"), photo);
    const theirs = statSync(join(outside, "theirs.jpg")).mtimeMs;
    put("2012/a.jpg", photo);
    put("IMG-20160309-WA0007.jpg", jpegFile(picture, {}));
    put("=cmd.jpg", dated("1958:07:12 12:00:00"));
    put("undated.jpg", jpegFile(picture, {}));
    symlinkSync(outside, join(folder, "linked"));
    symlinkSync(join(outside, "theirs.jpg"), join(folder, "link.jpg"));
    const report = join(root, "dates.csv");

    const { exit, stderr, events, summary } = await dates("--json", "--report", report);
    expect(stderr).toBe("");
    expect(exit).toBe(0);
    expect(events.map(({ file, outcome }) => [file, outcome])).toEqual([
      ["2012/a.jpg", "set"],
      ["=cmd.jpg", "set"],
      ["IMG-20160309-WA0007.jpg", "set"],
      ["undated.jpg", "unknown"],
    ]);
    expect(summary).toMatchObject({
      type: "summary",
      command: "dates",
      targets: [folder],
      files: 4,
      outcomes: { set: 3, already: 0, unknown: 1, failed: 0 },
      dated: { exif: 2, name: 1, unknown: 1 },
      doubts: { guess: 0, conflict: 0, odd: 1 },
      zone: "Europe/Berlin",
      birthTimes: process.platform === "darwin",
      exit: 0,
    });
    expect(time("2012/a.jpg")).toBe("2012-06-28T12:03:22.000Z");
    expect(readFileSync(join(folder, "2012/a.jpg")).equals(photo)).toBe(true);
    expect(statSync(join(outside, "theirs.jpg")).mtimeMs).toBe(theirs);
    expect(readFileSync(report, "utf8").split("\r\n").toSorted()).toEqual([
      "",
      `'=cmd.jpg,set,${DOWNLOADED},1958-07-12T11:00:00.000Z,exif,s,DateTimeOriginal; no digital camera is as old as 1958,`,
      `2012/a.jpg,set,${DOWNLOADED},2012-06-28T12:03:22.000Z,exif,s,DateTimeOriginal,`,
      `IMG-20160309-WA0007.jpg,set,${DOWNLOADED},2016-03-08T23:00:00.000Z,name,day,file name,`,
      "file,outcome,old,new,source,precision,reason,date",
      `undated.jpg,unknown,${DOWNLOADED},,,,nothing says when it was taken,`,
    ]);

    const again = await dates("--json");
    expect(again.summary.outcomes).toEqual({ set: 0, already: 3, unknown: 1, failed: 0 });
    const undone = await dates("--undo", "--json");
    expect(undone.summary).toMatchObject({
      undo: true,
      outcomes: { set: 3, already: 0, unknown: 0, failed: 0 },
      record: summary.record,
    });
    expect(time("2012/a.jpg")).toBe(DOWNLOADED);
    const twice = await dates("--undo");
    expect(twice).toMatchObject({ exit: 0, stderr: "" });
    expect(twice.stdout).toMatch(/nothing to take back/);
  });

  test("believes what people wrote into its report above all else, and says what they misspelt", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    put("b.jpg", jpegFile(picture, {}));
    put("c.jpg", dated("2013:06:28 14:03:22"));
    const report = join(root, "edited.csv");
    await dates("--report", report);
    const edited = readFileSync(report, "utf8")
      .replace(/^(a\.jpg,.*)$/m, (line) => line.replace(/,\r?$/, ",1987-07-04 15:00"))
      .replace(/^(b\.jpg,.*)$/m, (line) => line.replace(/,\r?$/, ",1999"));
    writeFileSync(report, `${edited}aa.jpg,,,,,,,2000\r\n`);

    const { exit, events, summary, stderr } = await dates("--json", "--dates", report);
    expect(exit).toBe(0);
    expect(events.map(({ file, outcome, captured }) => [file, outcome, captured?.source])).toEqual([
      ["a.jpg", "set", "user"],
      ["b.jpg", "set", "user"],
      ["c.jpg", "already", "exif"],
    ]);
    expect(time("a.jpg")).toBe("1987-07-04T13:00:00.000Z");
    expect(time("b.jpg")).toBe("1998-12-31T23:00:00.000Z");
    expect(summary.dated).toEqual({ user: 2, exif: 1 });
    expect(stderr).toBe("");
    const again = await dates("--dates", report);
    expect(again.stderr).toContain("--dates names what is no photo here: aa.jpg");
    expect(again.stdout).toMatch(/already +3/);
  });

  test("takes the dates of a mirrored folder from its manifest, where the bucket had more to say", async () => {
    const bucket = join(dirname(folder), "bucket");
    mkdirSync(bucket);
    for (const name of ["a.jpg", "b.jpg"]) writeFileSync(join(bucket, name), jpegFile(picture, {}));
    const told = '{"photoTakenTime": {"timestamp": "1315070708"}}';
    writeFileSync(join(bucket, "a.jpg.json"), told);
    writeFileSync(join(bucket, "b.jpg.json"), told);
    const env = { PATH: process.env.PATH, HOME: root, TZ: "UTC", XDG_STATE_HOME: root };
    expect((await runProcess(["mirror", bucket, folder], { env }, root)).exit).toBe(0);
    rmSync(join(folder, "a.jpg.json"), { force: true });
    rmSync(join(folder, "b.jpg.json"), { force: true });
    put("a.jpg", readFileSync(join(folder, "a.jpg")));
    put("b.jpg", dated("2012:06:28 14:03:22"));
    const { exit, events } = await dates("--json");
    expect(exit).toBe(0);
    expect(events).toMatchObject([
      { file: "a.jpg", outcome: "set", captured: { source: "sidecar", tag: "photoTakenTime" } },
      { file: "b.jpg", outcome: "set", captured: { source: "exif" } },
    ]);
    expect(time("a.jpg")).toBe("2011-09-03T17:25:08.000Z");
  });

  test("says why a date that is there is not believed, and so does explain", async () => {
    put("never.jpg", dated("0000:00:00 00:00:00"));
    const { events } = await dates("--json");
    expect(events).toMatchObject([
      {
        outcome: "unknown",
        reason: expect.stringContaining("DateTimeOriginal is 0000:00:00 00:00:00 (never set)"),
      },
    ]);
    const env = { PATH: process.env.PATH, HOME: root, TZ: "UTC", XDG_STATE_HOME: root };
    const { stdout } = await runProcess(["explain", folder, "never.jpg"], { env }, root);
    expect(stdout).toContain(`When it was taken is not known; its file gets the time that it was`);
    expect(stdout).toMatch(/file time +2024-03-10T12:00:00.000Z +this stands in/);
  });

  test("in a dry run tells, changes nothing, and says what this system cannot do", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    const { exit, stdout } = await dates("--dry-run", "--verbose", "--timezone", "Asia/Tokyo");
    expect(exit).toBe(0);
    expect(stdout).toContain("a.jpg  2024-03-10T12:00:00.000Z → 2012-06-28T05:03:22.000Z");
    expect(stdout).toMatch(/read in Asia\/Tokyo \(--timezone\)/);
    if (process.platform !== "darwin") expect(stdout).toMatch(/no way to set when a file was born/);
    expect(time("a.jpg")).toBe(DOWNLOADED);
    expect(readdirSync(folder)).toEqual(["a.jpg"]);
  });

  test.runIf(process.getuid?.() !== 0)("names what cannot be read, and exits with 3", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    put("b.jpg", dated("2012:06:28 14:03:22"));
    chmodSync(join(folder, "a.jpg"), 0);
    const { exit, stderr, stdout } = await dates("--quiet");
    expect(exit).toBe(3);
    expect(stderr).toMatch(/^failed +a\.jpg: .*EACCES/);
    expect(stdout).toBe("");
    expect(time("b.jpg")).toBe("2012-06-28T12:03:22.000Z");
  });

  test("refuses what is no folder, and a report of another kind, before anything is done", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    expect((await dates("--report", "dates.html")).exit).toBe(2);
    expect((await dates("--undo", "--timezone", "UTC")).exit).toBe(2);
    const photos = folder;
    folder = join(folder, "nowhere");
    const report = join(root, "none.csv");
    const { exit, stderr } = await dates("--report", report);
    expect(exit).toBe(5);
    expect(stderr).toMatch(/is no folder that can be read/);
    expect(existsSync(report)).toBe(false);
    folder = photos;
    expect(time("a.jpg")).toBe(DOWNLOADED);
  });
});
