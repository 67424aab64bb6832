/** What is remembered of a target is held against the bytes that lie there, where its lists no longer speak for them. */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { computerIn, runProcess } from "../scripts/rig.ts";

const MANIFEST = "manifest.ndjson";
const SUMS = "SHA256SUMS";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-bytes-"));
  mkdirSync(at("camera"));
  for (const n of [1, 2, 3, 4, 5, 6]) shoot(n);
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...path: string[]) => join(folder, ...path);
const home = (name: string) => at("usb", ".photohaul", name);
const shoot = (n: number) => writeFileSync(at("camera", `IMG_${n}.jpg`), datedPhoto(2000, `photo ${n}`));
const run = (args: readonly string[]) => runProcess(args, { env: computerIn(folder) }, folder);
const mirror = () => run(["mirror", at("camera"), at("usb"), "--json"]);

describe("what the catalogue remembers is held against the bytes that lie there", () => {
  const stranger = Buffer.alloc(2000, "not the photo ");

  test("an older image, to which somebody copied another file of that name and size, gets the photo beside it", async () => {
    expect((await mirror()).exit).toBe(0);
    cpSync(at("usb"), at("image"), { recursive: true, preserveTimestamps: true });
    for (const n of [7, 8]) shoot(n);
    expect((await mirror()).exit).toBe(0);
    const right = readFileSync(at("usb", "IMG_8.jpg"));
    rmSync(at("usb"), { recursive: true });
    cpSync(at("image"), at("usb"), { recursive: true, preserveTimestamps: true });
    writeFileSync(at("usb", "IMG_7.jpg"), stranger);
    writeFileSync(at("usb", "IMG_8.jpg"), right);
    const ran = await mirror();
    expect(ran.summary.outcomes).toMatchObject({ stored: 1, already: 7, failed: 0 });
    expect(readFileSync(at("usb", "IMG_7.jpg"))).toEqual(stranger);
    expect(readdirSync(at("usb")).filter((name) => name.endsWith(".jpg"))).toHaveLength(9);
    expect((await mirror()).exit).toBe(0);
    expect((await run(["verify", at("usb")])).exit).toBe(0);
  });

  test("both lists give two photos each other's digest: told, and put right", async () => {
    expect((await mirror()).exit).toBe(0);
    const [one = "", other = ""] = readFileSync(home(SUMS), "utf8").match(/^[0-9a-f]{64}/gm) ?? [];
    const swap = (text: string) => text.replaceAll(one, "#").replaceAll(other, one).replaceAll("#", other);
    for (const list of [MANIFEST, SUMS]) writeFileSync(home(list), swap(readFileSync(home(list), "utf8")));
    const ran = await mirror();
    expect(ran.exit).toBe(3);
    expect(ran.events).toContainEqual(expect.objectContaining({ type: "warning", code: "lists" }));
    expect(ran.summary.outcomes).toMatchObject({ stored: 0, already: 6, failed: 0 });
    expect((await mirror()).exit).toBe(0);
    expect((await run(["verify", at("usb")])).exit).toBe(0);
  });
});
