import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Status } from "../../src/events.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { computerIn, runProcess } from "../scripts/rig.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-copies-"));
  mkdirSync(at("camera"));
  for (const n of [1, 2, 3]) shoot(n);
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...path: string[]) => join(folder, ...path);
const shoot = (n: number) => writeFileSync(at("camera", `IMG_${n}.jpg`), datedPhoto(2000, `${n}`));
const run = (...args: string[]) => runProcess(args, { env: computerIn(folder) }, folder);
const mirror = (to: string, ...more: string[]) => run("mirror", at("camera"), at(to), "--json", ...more);
const clone = (from: string, to: string) => cpSync(at(from), at(to), { recursive: true, preserveTimestamps: true });
const photosIn = (name: string) => readdirSync(at(name)).filter((file) => file.endsWith(".jpg")).length;
const targets = async () => {
  const { stdout } = await run("status", "--json");
  const [status]: Status[] = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return status?.targets ?? [];
};
/** `{ "usb": 3 }`: by the last part of their names. */
const counts = async () =>
  Object.fromEntries((await targets()).map(({ target, photos }) => [target.split("/").at(-1), photos]));

describe("copies of a target", () => {
  test("two clones are two", async () => {
    await mirror("usb");
    clone("usb", "usb2");
    shoot(4);
    await mirror("usb2");
    expect(await counts()).toEqual({ usb: 3, usb2: 4 });
    await mirror("usb");
    expect(await counts()).toEqual({ usb: 4, usb2: 4 });
    expect((await targets()).map(({ also }) => also)).toEqual([[], []]);
  });

  test("also where both are targets of one run", async () => {
    await mirror("usb");
    clone("usb", "usb2");
    rmSync(at("usb2", "IMG_2.jpg"));
    rmSync(at("state"), { recursive: true });
    const ran = await run("mirror", at("camera"), at("usb"), at("usb2"), "--json");
    expect(ran.exit, ran.stderr).toBe(0);
    expect(await counts()).toEqual({ usb: 3, usb2: 3 });
    expect([photosIn("usb"), photosIn("usb2")]).toEqual([3, 3]);
  });

  test("one folder by two names is one, and so is one that was moved", async () => {
    await mirror("usb");
    symlinkSync(at("usb"), at("link"));
    expect((await mirror("link")).summary.outcomes).toMatchObject({ stored: 0, already: 3 });
    expect(await counts()).toEqual({ link: 3 });
    expect((await targets())[0]?.also).toEqual([at("usb")]);
    renameSync(at("usb"), at("moved"));
    rmSync(at("link"));
    expect((await mirror("moved")).summary.outcomes).toMatchObject({ stored: 0, already: 3 });
    expect(await targets()).toHaveLength(1);
  });

  test("are verified each for itself", async () => {
    await mirror("usb");
    clone("usb", "usb2");
    shoot(4);
    await mirror("usb2");
    for (const [usb, photos] of [
      ["usb", 3],
      ["usb2", 4],
      ["usb", 3],
    ] as const) {
      const { exit, stdout } = await run("verify", at(usb), "--days", "1", "--json");
      expect(exit, stdout).toBe(0);
      const each = JSON.parse(stdout.trim().split("\n").at(-1) ?? "").each[0];
      expect(each).toMatchObject({ photos, forgotten: 0 });
    }
    expect((await targets()).map(({ verified }) => verified?.never)).toEqual([0, 0]);
  });

  test("put in each other's place count for what they hold", async () => {
    await mirror("usb");
    clone("usb", "spare");
    for (const n of [4, 5, 6, 7]) {
      shoot(n);
      expect((await mirror("usb")).exit).toBe(0);
      renameSync(at("usb"), at("away"));
      renameSync(at("spare"), at("usb"));
      renameSync(at("away"), at("spare"));
    }
    for (const _ of [1, 2]) {
      expect((await mirror("usb")).exit).toBe(0);
      expect(photosIn("usb")).toBe(7);
      renameSync(at("usb"), at("away"));
      renameSync(at("spare"), at("usb"));
      renameSync(at("away"), at("spare"));
    }
  });
});

describe("a target of which not all came along, though its lists did,", () => {
  const lacks = async (to: string) => {
    rmSync(at(to, "IMG_2.jpg"));
    const ran = await mirror(to);
    expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 1, already: 2 } });
    expect(ran.stdout).toContain("IMG_2.jpg does not lie on");
    expect(photosIn(to)).toBe(3);
    expect((await run("verify", at(to))).exit).toBe(0);
    expect((await mirror(to)).summary.outcomes).toMatchObject({ stored: 0, already: 3 });
  };

  test("is told by a dry run when it was moved, as that does not look", async () => {
    await mirror("usb");
    renameSync(at("usb"), at("moved"));
    rmSync(at("moved", "IMG_2.jpg"));
    const dry = await mirror("moved", "--dry-run");
    expect(dry.exit).toBe(0);
    expect(dry.stdout).toMatch(/was moved or copied since .* looks whether all photos came along/);
    expect((await mirror("moved")).summary.outcomes).toMatchObject({ stored: 1, already: 2 });
    expect((await mirror("moved", "--dry-run")).stdout).not.toMatch(/was moved or copied/);
  });

  test("is looked through when it was moved", async () => {
    await mirror("usb");
    renameSync(at("usb"), at("moved"));
    await lacks("moved");
  });

  test("is looked through when it was copied, and the first is gone", async () => {
    await mirror("usb");
    clone("usb", "copy");
    rmSync(at("usb"), { recursive: true });
    await lacks("copy");
  });

  test("is looked through when it came back from a backup to its place", async () => {
    // The time of birth of a folder tells; where a file system keeps none, the lists are all that is known.
    const memory = existsSync("/dev/shm") && statSync("/dev/shm").birthtimeMs > 0 ? "/dev/shm" : tmpdir();
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(memory, "photohaul-copies-"));
    mkdirSync(at("camera"));
    for (const n of [1, 2, 3]) shoot(n);
    await mirror("usb");
    clone("usb", "backup");
    rmSync(at("usb"), { recursive: true });
    clone("backup", "usb");
    if (statSync(at("usb")).birthtimeMs > 0) await lacks("usb");
  });
});

describe("a run that never listed anything", () => {
  const nowhere = ["--endpoint", "http://127.0.0.1:9", "--no-sign-request", "--region", "x"];
  const dead = (...more: string[]) => run("mirror", "s3://photos", at("usb"), ...nowhere, ...more);

  test("leaves the target and status as they were", async () => {
    const status = async () => (await run("status")).stdout;
    const before = await status();
    expect((await dead()).exit).toBe(4);
    expect(existsSync(at("usb"))).toBe(false);
    mkdirSync(at("usb"));
    expect((await dead()).exit).toBe(4);
    expect(readdirSync(at("usb"))).toEqual([]);
    expect(await status()).toBe(before);
  });

  test("tells all the same of a drive that is not there", async () => {
    expect((await run("mirror", "s3://photos", at("no", "usb"), ...nowhere)).exit).toBe(5);
  });

  test("leaves no obstacle where an earlier version left its marker", async () => {
    await mirror("usb", "--limit", "1");
    const { DatabaseSync } = await import("node:sqlite");
    const state = at("state", "photohaul");
    const file = readdirSync(state).find((name) => name.endsWith(".sqlite")) ?? "";
    const db = new DatabaseSync(join(state, file));
    db.exec("DELETE FROM kept");
    db.close();
    rmSync(at("usb"), { recursive: true });
    expect(await mirror("usb")).toMatchObject({ exit: 0, summary: { outcomes: { stored: 3 } } });
  });
});

describe("a new drive in the place of one that is known", () => {
  test("is refused, and taken with --new-drive; nothing of the old one is believed of it", async () => {
    await mirror("usb");
    renameSync(at("usb"), at("dead"));
    mkdirSync(at("usb"));
    const refused = await mirror("usb");
    expect(refused.exit).toBe(5);
    expect(refused.stderr).toMatch(/--new-drive/);
    expect(readdirSync(at("usb"))).toEqual([]);
    const dry = await mirror("usb", "--new-drive", "--dry-run");
    expect(dry.summary).toMatchObject({ exit: 0, plan: { photos: 3 } });
    expect(readdirSync(at("usb"))).toEqual([]);
    const taken = await mirror("usb", "--new-drive");
    expect(taken.summary).toMatchObject({ exit: 0, outcomes: { stored: 3, already: 0 } });
    expect(await counts()).toEqual({ usb: 3 });
    expect((await mirror("usb")).summary).toMatchObject({ exit: 0, outcomes: { already: 3 } });
  });

  test("--new-drive changes nothing where the known drive is there", async () => {
    await mirror("usb");
    expect((await mirror("usb", "--new-drive")).summary.outcomes).toMatchObject({ already: 3 });
    expect(await counts()).toEqual({ usb: 3 });
  });

  test.each([false, true])(
    "--new-drive --adopt changes nothing on a foreign drive (its manifest emptied: %s)",
    async (isEmptied) => {
      await mirror("usb");
      mkdirSync(at("others"));
      writeFileSync(at("others", "HOLIDAY.jpg"), datedPhoto(2000, "holiday"));
      await run("mirror", at("others"), at("foreign"));
      if (isEmptied) writeFileSync(at("foreign", ".photohaul", "manifest.ndjson"), "");
      renameSync(at("usb"), at("away"));
      renameSync(at("foreign"), at("usb"));
      const lying = () =>
        readdirSync(at("usb"), { recursive: true, encoding: "utf8" })
          .filter((name) => statSync(at("usb", name)).isFile() && !name.endsWith("lock"))
          .toSorted()
          .map((name) => [name, readFileSync(at("usb", name), "utf8")]);
      const before = lying();
      const refused = await mirror("usb", "--new-drive", "--adopt");
      expect(refused.exit).toBe(5);
      expect(refused.stderr).toMatch(/holds no photo of .*camera that could be taken over/);
      expect((await mirror("usb")).exit).toBe(5);
      expect(lying()).toEqual(before);
    },
  );

  test("that holds photos of its own run is known by its own manifest", async () => {
    await mirror("usb");
    await mirror("other");
    rmSync(at("other", "IMG_1.jpg"));
    renameSync(at("usb"), at("away"));
    renameSync(at("other"), at("usb"));
    expect((await mirror("usb")).exit).toBe(5);
    const ran = await mirror("usb", "--new-drive");
    expect(ran.exit, ran.stderr).toBe(0);
    expect(ran.summary.outcomes).toMatchObject({ stored: 1, already: 2 });
    expect((await run("verify", at("usb"))).exit).toBe(0);
  });
});
