import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { jpegImage } from "../../fixtures/media/jpeg.ts";
import { pngFile } from "../../fixtures/media/png.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { videoFile } from "../../fixtures/media/video.ts";
import { createExifTool } from "../../src/metadata/exiftool.ts";

const folder = mkdtempSync(join(tmpdir(), "photohaul-exiftool-"));
afterAll(() => rmSync(folder, { recursive: true }));

const picture = paintScene(16, 16, { scene: "sea", seed: "exiftool", hour: 12 });
const running = new AbortController().signal;

function file(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe("ExifTool", () => {
  const exiftool = createExifTool();
  afterAll(() => exiftool.close());

  test("reads a video's header, keys, place and length", async () => {
    const video = videoFile({
      container: "mov",
      frames: [jpegImage(picture)],
      width: 16,
      height: 16,
      created: "2021-08-14T16:20:05Z",
      indexLast: true,
      keys: {
        "com.apple.quicktime.creationdate": "2021-08-14T18:20:05+0200",
        "com.apple.quicktime.location.ISO6709": "+48.8584-002.2945+035.000/",
      },
    });
    const tags = await exiftool.read(file("video.mov", video), false, running);
    expect(tags).toMatchObject({
      "QuickTime:CreateDate": "2021:08:14 16:20:05",
      "Keys:CreationDate": "2021:08:14 18:20:05+02:00",
      "Composite:GPSLatitude": 48.8584,
      "Composite:GPSLongitude": -2.2945,
      "QuickTime:Duration": expect.any(Number),
    });
  });

  test("takes a count before 2082844800 for one since 1970, as their writers meant it", async () => {
    const count = Date.parse("2010-05-05T10:00:00Z") / 1000;
    const options = { container: "mp4", width: 16, height: 16, created: count } as const;
    const video = videoFile({ ...options, frames: [jpegImage(picture)] });
    const tags = await exiftool.read(file("unix.mp4", video), false, running);
    expect(tags?.["QuickTime:CreateDate"]).toBe("2010:05:05 10:00:00");
  });

  test("reads names that a command line would stumble over", async () => {
    const png = pngFile(picture, { time: "2017-03-04T08:00:00" });
    for (const name of ["-all=.png", "a b\tü\u{1F600}.png", "%d#$HOME.png"]) {
      const tags = await exiftool.read(file(name, png), false, running);
      expect(tags).toMatchObject({ "PNG:ModifyDate": "2017:03:04 08:00:00" });
    }
  });

  test.each([
    ["an empty file", ""],
    ["a text", "this is no photo"],
    ["a cut video", videoFile({ container: "mp4", frames: [], width: 1, height: 1 }).subarray(0, 60)],
  ])("finds no date in %s, and that is no fault", async (_what, bytes) => {
    const tags = await exiftool.read(file("broken", bytes), false, running);
    expect(Object.keys(tags ?? {}).filter((name) => name.includes("Date"))).toEqual([]);
    expect(exiftool.faults).toBe(0);
  });

  test("answers nothing after an abort, and nothing after its end", async () => {
    const path = file("text", "text");
    expect(await exiftool.read(path, false, AbortSignal.abort())).toBeNull();
    const closed = createExifTool();
    await closed.close();
    expect(await closed.read(path, false, running)).toBeNull();
    expect(closed.faults).toBe(0);
  });
});

/** The processes that this one started. */
function children(): number[] {
  const { pid } = process;
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return listed === "" ? [] : listed.split(" ").map(Number);
}

test.skipIf(process.platform !== "linux")(
  "a process of ExifTool that is killed in mid-run costs no photo its date",
  async () => {
    const exiftool = createExifTool();
    const created = "2018-06-16T17:05:12Z";
    const frames = [jpegImage(picture)];
    const video = videoFile({ container: "mp4", frames, width: 16, height: 16, created });
    const files = Array.from({ length: 12 }, (_, at) => file(`killed-${at}.mp4`, video));
    try {
      await exiftool.read(files[0] ?? "", false, running);
      const before = children();
      expect(before.length).toBeGreaterThan(0);
      const reading = files.map((path) => exiftool.read(path, false, running));
      for (const pid of before) process.kill(pid, "SIGKILL");
      for (const tags of await Promise.all(reading)) {
        expect(tags?.["QuickTime:CreateDate"]).toBe("2018:06:16 17:05:12");
      }
      expect(children().some((pid) => before.includes(pid))).toBe(false);
      expect(exiftool.faults).toBe(0);
    } finally {
      await exiftool.close();
    }
  },
);

/** Speaks ExifTool's protocol as far as its version, and does what it is told with the first file. */
function broken(then: string): string {
  const path = file(
    `exiftool-${then.replace(/\W/g, "")}`,
    `#!/bin/sh
if [ "$1" = -ver ]; then echo 13.59; exit 0; fi
while read -r line; do
  case "$line" in
    -ver) version=1 ;;
    -execute*) if [ "$version" = 1 ]; then echo 13.59; echo "{ready}"; version=0; else ${then}; fi ;;
  esac
done
`,
  );
  chmodSync(path, 0o755);
  return path;
}

describe("a broken ExifTool", () => {
  test.each([
    ["hangs", "exec sleep 30"],
    ["crashes", "exit 3"],
    ["speaks nonsense", 'echo nonsense; echo "{ready}"'],
  ])("that %s costs an answer and is counted, file after file", async (_how, then) => {
    const exiftool = createExifTool({ exiftoolPath: broken(then), timeoutMs: 500 });
    try {
      const path = file("photo", "photo");
      expect(await exiftool.read(path, false, running)).toBeNull();
      expect(await exiftool.read(path, true, running)).toBeNull();
      expect(exiftool.faults).toBe(2);
    } finally {
      await exiftool.close();
    }
  });

  test("that was interrupted while it was tried is tried again: a Ctrl-C says nothing of it", async () => {
    const done = join(folder, "interrupted");
    const path = file(
      "interrupted.sh",
      `#!/bin/sh\n[ "$1" = -ver ] || exit 1\n[ -e '${done}' ] || { : > '${done}'; kill -INT $$; }\n`,
    );
    chmodSync(path, 0o755);
    const exiftool = createExifTool({ exiftoolPath: path });
    expect(await exiftool.canRun()).toBe(true);
    expect(exiftool.missing).toBeNull();
    await exiftool.close();
  });

  test("that hangs does not hold up an abort", { timeout: 300_000 }, async () => {
    // Longer than this test may take: that it ends is what it shows.
    const exiftool = createExifTool({ exiftoolPath: broken("exec sleep 1000"), timeoutMs: 1_000_000 });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    expect(await exiftool.read(file("photo", "photo"), false, stop.signal)).toBeNull();
    await exiftool.close();
  });

  test.each([
    ["does not exist", join(folder, "nowhere"), "Perl is not installed"],
    ["may not be run", file("no-program", "text"), "EACCES"],
  ])("that %s is no fault of a photo", async (_how, exiftoolPath, message) => {
    const exiftool = createExifTool({ exiftoolPath, timeoutMs: 500 });
    expect(exiftool.missing).toBeNull();
    expect(await exiftool.read(file("photo", "photo"), false, running)).toBeNull();
    expect(exiftool.missing).toContain(message);
    expect(exiftool.faults).toBe(0);
    await exiftool.close();
  });
});

test.runIf(process.platform === "linux")(
  "a file that unpacks to more memory than ExifTool may take costs its own answer, and no other",
  async () => {
    const exiftool = createExifTool({ memoryKiB: 128 * 1024 });
    const profile = Buffer.from("Raw profile type exif\0\0", "latin1");
    const packed = deflateSync(Buffer.alloc(300_000_000), { level: 1 });
    const plain = pngFile(picture, { time: "2017-03-04T08:00:00" });
    const bomb = pngWith(plain, "zTXt", Buffer.concat([profile, packed]));
    const tags = await exiftool.read(file("bomb.png", bomb), false, running);
    // It gives up the profile or dies of it; either way the next file is read.
    expect(tags === null ? exiftool.faults : 1).toBe(1);
    const next = await exiftool.read(file("plain.png", plain), false, running);
    expect(next).toMatchObject({ "PNG:ModifyDate": "2017:03:04 08:00:00" });
    await exiftool.close();
  },
);

/** A PNG with one chunk more, behind its header. */
function pngWith(png: Uint8Array, type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  const headed = 8 + 25;
  return Buffer.concat([png.subarray(0, headed), length, named, sum, png.subarray(headed)]);
}
