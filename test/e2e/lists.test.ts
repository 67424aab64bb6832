import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { computerIn, type Ran, runProcess } from "../scripts/rig.ts";

const MANIFEST = "manifest.ndjson";
const SUMS = "SHA256SUMS";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-lists-"));
  for (const n of [1, 2, 3, 4, 5, 6]) shoot(n);
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...path: string[]) => join(folder, ...path);
const home = (name = "") => at("usb", ".photohaul", name);
const run = (args: readonly string[], state = "state"): Promise<Ran> =>
  runProcess(args, { env: computerIn(folder, state) }, folder);
const mirror = (to = "usb", state = "state", ...more: string[]) =>
  run(["mirror", at("camera"), at(to), "--json", ...more], state);
const photosIn = (name: string) =>
  existsSync(at(name)) ? readdirSync(at(name)).filter((file) => file.endsWith(".jpg")) : [];
const warned = ({ events }: Ran, code: string) =>
  events.flatMap((event) => (event.type === "warning" && event.code === code ? [event] : []));

function shoot(n: number): void {
  mkdirSync(at("camera"), { recursive: true });
  writeFileSync(at("camera", `IMG_${n}.jpg`), datedPhoto(2000, `photo ${n}`));
}

function linesOf(list: string): string[] {
  return readFileSync(home(list), "utf8").split("\n").filter(Boolean);
}

const lineDate = (line: string): [path: string, date: unknown] => {
  const { path, captured } = JSON.parse(line);
  return [path, captured];
};

/** What `sha256sum -c` says, line by line. */
function sumsHold(): boolean[] {
  return linesOf(SUMS).map((line) => {
    const [sum = "", name = ""] = line.split("  ");
    const found = createHash("sha256").update(readFileSync(at("usb", name)));
    return found.digest("hex") === sum;
  });
}

const rewritten = (list: string, change: (text: string) => string | Buffer) => () =>
  writeFileSync(home(list), change(readFileSync(home(list), "utf8")));
const tagged = (text: string) => text.replace(/^(\w+) {2}(.*)$/gm, "SHA256 ($2) = $1");
const half = (text: string) => `${text.trim().split("\n").slice(3).join("\n")}\n`;

const HARMS: readonly [string, () => void][] = [
  ["the manifest is empty", rewritten(MANIFEST, () => "")],
  ["the manifest is gone", () => rmSync(home(MANIFEST))],
  ["half of the manifest is gone", rewritten(MANIFEST, half)],
  ["the manifest is UTF-16", rewritten(MANIFEST, (text) => Buffer.from(`\ufeff${text}`, "utf16le"))],
  ["the manifest has a mark in front", rewritten(MANIFEST, (text) => `\ufeff${text}`)],
  ["the manifest has CRLF", rewritten(MANIFEST, (text) => text.replaceAll("\n", "\r\n"))],
  ["a line of the manifest is cut", rewritten(MANIFEST, (text) => text.slice(0, -40))],
  ["a line of the manifest is rubbish", rewritten(MANIFEST, (text) => text.replace("{", "\0"))],
  ["a date of the manifest is none", rewritten(MANIFEST, (text) => text.replace('"utc":"2', '"utc":"x'))],
  ["the manifest is zeros", rewritten(MANIFEST, (text) => Buffer.alloc(text.length))],
  ["SHA256SUMS has tags", rewritten(SUMS, tagged)],
  ["SHA256SUMS has CRLF", rewritten(SUMS, (text) => text.replaceAll("\n", "\r\n"))],
  ["SHA256SUMS is gone", () => rmSync(home(SUMS))],
  ["half of SHA256SUMS is gone", rewritten(SUMS, half)],
  [
    "a digest of SHA256SUMS is that of other bytes",
    rewritten(SUMS, (text) => text.replace(/^./, (digit) => (digit === "0" ? "1" : "0"))),
  ],
  ["a name in SHA256SUMS is another", rewritten(SUMS, (text) => text.replace("IMG_4", "IMG_X"))],
  [
    "a digest of the manifest is that of other bytes",
    rewritten(MANIFEST, (text) => text.replace(/"sha256":"./, '"sha256":"0')),
  ],
  ["a path of the manifest is another", rewritten(MANIFEST, (text) => text.replace('"path":"IMG_4', '"path":"IMG_X'))],
  [
    "a path of the manifest leads out of the target",
    rewritten(MANIFEST, (text) => text.replace('"path":"IMG_4', '"path":"../IMG_4')),
  ],
  [
    "a path of the manifest is no text",
    rewritten(MANIFEST, (text) => text.replace('"path":"IMG_4', '"path":"\\ud800IMG_4')),
  ],
  [
    "SHA256SUMS names what lies elsewhere",
    rewritten(SUMS, (text) => `${text}${"a".repeat(64)}  ../../elsewhere.jpg\n`),
  ],
  ["a size of the manifest is another", rewritten(MANIFEST, (text) => text.replace('"size":2000', '"size":2001'))],
  ["a digest of SHA256SUMS is none", rewritten(SUMS, (text) => text.replace(/^./, "x"))],
  [
    "both lists are empty",
    () => {
      for (const list of [MANIFEST, SUMS]) writeFileSync(home(list), "");
    },
  ],
  [
    "both lists are gone",
    () => {
      for (const list of [MANIFEST, SUMS]) rmSync(home(list));
    },
  ],
];

describe("lists of a target that disagree are told, once with exit 3, and mended", () => {
  test.each(HARMS)("%s", async (_, harm) => {
    expect((await mirror()).exit).toBe(0);
    harm();
    const before = [MANIFEST, SUMS].filter((list) => existsSync(home(list)));
    const were = before.map((list) => readFileSync(home(list)));
    shoot(7);
    const ran = await mirror();
    expect(ran.exit, ran.stderr).toBe(3);
    expect(warned(ran, "lists")).toHaveLength(1);
    expect(ran.summary).toMatchObject({ outcomes: { stored: 1, already: 6, failed: 0 } });
    const kept = readdirSync(home()).filter((name) => statSync(home(name)).isFile());
    const texts = kept.map((name) => readFileSync(home(name)));
    for (const was of were) expect(texts.some((text) => text.includes(was))).toBe(true);
    expect(new Set(linesOf(MANIFEST).map((line) => JSON.parse(line).path)).size).toBe(7);
    const dates = new Map(linesOf(MANIFEST).map(lineDate));
    expect([...dates.values()]).not.toContain(null);
    expect(new Set(linesOf(SUMS)).size).toBe(7);
    expect(sumsHold()).not.toContain(false);
    expect(await mirror()).toMatchObject({ exit: 0, stderr: "" });
    expect((await run(["verify", at("usb")])).exit).toBe(0);
    expect((await run(["restore", at("usb"), at("back")], "elsewhere")).exit).toBe(0);
    expect(photosIn("back")).toHaveLength(7);
  });

  test("a dry run tells it, and changes nothing", async () => {
    await mirror();
    writeFileSync(home(MANIFEST), "");
    const dry = await mirror("usb", "state", "--dry-run");
    expect(warned(dry, "lists")[0]?.message).toMatch(/without --dry-run/);
    expect(readFileSync(home(MANIFEST), "utf8")).toBe("");
    expect(await mirror()).toMatchObject({ exit: 3, summary: { outcomes: { already: 6 } } });
  });

  test("also where the source lost the photos meanwhile, and on another computer", async () => {
    await mirror();
    writeFileSync(home(MANIFEST), "");
    rmSync(at("camera", "IMG_1.jpg"));
    expect((await mirror("usb", "elsewhere")).summary.outcomes.failed).toBe(0);
    const paths = new Set(linesOf(MANIFEST).map((line) => JSON.parse(line).path));
    expect(paths).toEqual(new Set([1, 2, 3, 4, 5, 6].map((n) => `IMG_${n}.jpg`)));
    expect((await run(["verify", at("usb")])).exit).toBe(0);
  });
});

describe("a marker that was lost, with the lists beside it", () => {
  test.each([
    ["gone", null],
    ["empty", ""],
    ["zeros", "\0".repeat(300)],
    ["another form", "[]"],
  ])("loses no photo, is told and made again (%s)", async (_, text) => {
    await mirror();
    const marker = home("target.json");
    const { id } = JSON.parse(readFileSync(marker, "utf8"));
    const harm = () => (text === null ? rmSync(marker) : writeFileSync(marker, text));
    harm();
    expect((await run(["verify", at("usb")], "elsewhere")).exit).toBe(0);
    expect((await run(["restore", at("usb"), at("back")], "elsewhere")).exit).toBe(0);
    expect(photosIn("back")).toHaveLength(6);
    shoot(7);
    const ran = await mirror();
    expect(warned(ran, "target")[0]?.message).toMatch(/target\.json was lost/);
    expect(ran).toMatchObject({ exit: 0, summary: { outcomes: { stored: 1, already: 6 } } });
    expect(JSON.parse(readFileSync(marker, "utf8"))).toMatchObject({ id });
    expect(await mirror()).toMatchObject({ exit: 0, stderr: "" });
    harm();
    const other = await mirror("usb", "elsewhere", "--adopt");
    expect(other).toMatchObject({ exit: 0, summary: { outcomes: { stored: 0, already: 7 } } });
    expect(photosIn("usb")).toHaveLength(7);
  });
});

test("a marker that cannot be read, with no list beside it, is told with what helps, which --new-drive does not", async () => {
  mkdirSync(home(), { recursive: true });
  writeFileSync(home("target.json"), "{broken");
  const refused = await mirror();
  expect(refused.exit).toBe(5);
  expect(refused.stderr).toMatch(/target\.json cannot be read[\s\S]*Where none were, delete that file/);
  expect(refused.stderr).not.toContain("--new-drive");
  rmSync(home("target.json"));
  expect((await mirror()).exit).toBe(0);
});

describe("a manifest that lost all its lines, before a mirror mends it", () => {
  test.each([["state"], ["elsewhere"]])("is no good target for verify and restore (%s)", async (state) => {
    await mirror();
    writeFileSync(home(MANIFEST), "");
    const verified = await run(["verify", at("usb")], state);
    expect(verified.exit).toBe(3);
    expect(verified.stdout).toMatch(/SHA256SUMS names 6 photos/);
    const restored = await run(["restore", at("usb"), at("back")], state);
    expect(restored.exit).toBe(3);
    expect(photosIn("back")).toHaveLength(6);
  });
});

describe("what a target does not name is not kept there, and comes again", () => {
  test("two copies of one drive, each used every second day", async () => {
    await mirror();
    cpSync(at("usb"), at("usb2"), { recursive: true, preserveTimestamps: true });
    for (const n of [7, 8, 9, 10]) {
      shoot(n);
      expect((await mirror(n % 2 === 0 ? "usb" : "usb2")).exit).toBe(0);
    }
    for (const drive of ["usb", "usb2"]) {
      expect((await mirror(drive)).exit).toBe(0);
      expect(photosIn(drive)).toHaveLength(10);
      expect((await run(["verify", at(drive)])).exit).toBe(0);
    }
  });

  test("a drive put back from an older image", async () => {
    await mirror();
    cpSync(at("usb"), at("image"), { recursive: true, preserveTimestamps: true });
    for (const n of [7, 8]) shoot(n);
    await mirror();
    rmSync(at("usb"), { recursive: true });
    cpSync(at("image"), at("usb"), { recursive: true, preserveTimestamps: true });
    rmSync(at("camera", "IMG_8.jpg"));
    const ran = await mirror();
    expect(ran.exit, ran.stderr).toBe(0);
    expect(warned(ran, "behind")[0]?.message).toMatch(/2 photos.*not there.*1 of them are gone/);
    expect(photosIn("usb")).toHaveLength(7);
    expect(warned(await mirror(), "behind")).toEqual([]);
  });

  test("a copy that was broken off: its lists name what does not lie there", async () => {
    await mirror();
    cpSync(at("usb"), at("usb2"), { recursive: true, preserveTimestamps: true });
    rmSync(at("usb2", "IMG_3.jpg"));
    expect(await mirror("usb2")).toMatchObject({ exit: 0, summary: { outcomes: { stored: 1 } } });
    expect(photosIn("usb2")).toHaveLength(6);
  });

  test("a catalogue of an earlier version reads the manifest once", async () => {
    await mirror();
    const state = at("state", "photohaul");
    const name = readdirSync(state).find((file) => file.endsWith(".sqlite")) ?? "";
    const { DatabaseSync } = await import("node:sqlite");
    const db = new DatabaseSync(join(state, name));
    db.exec(`UPDATE settings SET value = '${statSync(home(MANIFEST)).size}' WHERE name LIKE 'manifest %'`);
    db.close();
    const ran = await mirror();
    expect(ran).toMatchObject({ exit: 0, summary: { outcomes: { stored: 0, already: 6 } } });
    expect(warned(ran, "lists")).toEqual([]);
    expect(warned(await mirror(), "adopting")).toEqual([]);
  });
});

test("a run that was cut between the two lists is no disagreement", async () => {
  await mirror();
  shoot(7);
  const sum = createHash("sha256")
    .update(readFileSync(at("camera", "IMG_7.jpg")))
    .digest("hex");
  cpSync(at("camera", "IMG_7.jpg"), at("usb", "IMG_7.jpg"));
  appendFileSync(home(SUMS), `${sum}  IMG_7.jpg\n`);
  const ran = await mirror();
  expect(ran).toMatchObject({ exit: 0, summary: { outcomes: { stored: 1, already: 6 } } });
  expect(linesOf(MANIFEST)).toHaveLength(7);
});
