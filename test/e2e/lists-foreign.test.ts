/** Lines that nobody wrote for this target stand in its lists: what lies there decides, and never their order alone. */

import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { computerIn, runProcess } from "../scripts/rig.ts";

const LISTS = ["manifest.ndjson", "SHA256SUMS"] as const;
const NUMBERS = [1, 2, 3, 4, 5, 6];

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-foreign-"));
  for (const camera of ["camera", "phone"]) {
    mkdirSync(at(camera));
    for (const n of NUMBERS) shoot(camera, n);
  }
  expect((await mirror()).exit).toBe(0);
  expect((await run(["mirror", at("phone"), at("other"), "--json"])).exit).toBe(0);
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...path: string[]) => join(folder, ...path);
/** Every second photo of the phone has the size of the one of that name of the camera. */
const shoot = (camera: string, n: number) => {
  const file = at(camera, `IMG_${n}.jpg`);
  writeFileSync(file, datedPhoto(camera === "phone" && n % 2 === 0 ? 4100 : 4000, `${camera} ${n}`));
  utimesSync(file, camera === "phone" ? 1e9 : 1.1e9, (camera === "phone" ? 1e9 : 1.1e9) + n);
};
const run = (args: readonly string[]) => runProcess(args, { env: computerIn(folder) }, folder);
const mirror = () => run(["mirror", at("camera"), at("usb"), "--json"]);
const list = (target: string, name: string) => at(target, ".photohaul", name);
const append = (names: readonly string[] = LISTS) => {
  for (const name of names) appendFileSync(list("usb", name), readFileSync(list("other", name)));
};
const photos = () => readdirSync(at("usb")).filter((name) => name.endsWith(".jpg"));
const mustBeWhole = () => {
  expect(photos()).toHaveLength(NUMBERS.length);
  for (const n of NUMBERS)
    expect(readFileSync(at("usb", `IMG_${n}.jpg`))).toEqual(readFileSync(at("camera", `IMG_${n}.jpg`)));
};
const mustBeMended = async () => {
  const ran = await mirror();
  expect(ran.exit).toBe(3);
  expect(ran.events).toContainEqual(expect.objectContaining({ type: "warning", code: "lists" }));
  expect(ran.summary.outcomes).toMatchObject({ stored: 0, already: NUMBERS.length, failed: 0 });
  expect((await mirror()).exit).toBe(0);
  expect((await run(["verify", at("usb")])).exit).toBe(0);
  mustBeWhole();
};

describe("lines of another target at the end of this one's lists", () => {
  test("are told and taken out while the catalogue is kept, and no photo comes twice", async () => {
    append();
    await mustBeMended();
    for (const name of LISTS) expect(readFileSync(list("usb", name), "utf8").trim().split("\n")).toHaveLength(6);
  });

  test("are told and taken out where the catalogue is new", async () => {
    append();
    rmSync(at("state"), { recursive: true });
    await mustBeMended();
  });

  test("that stand in the middle of them are taken out too", async () => {
    append();
    for (const n of [7, 8]) shoot("camera", n);
    await mirror();
    expect(photos()).toHaveLength(8);
    expect((await run(["verify", at("usb")])).exit).toBe(0);
  });

  test("have no right photo set aside by a repair, and the photo comes back whole", async () => {
    append();
    for (const from of ["other", "phone", "camera"]) {
      const ran = await run(["verify", at("usb"), "--repair-from", at(from), "--json"]);
      expect(ran.exit).toBe(3);
      expect(ran.summary).toMatchObject({
        conditions: { whole: 6, rotten: 0 },
        repaired: 0,
        each: [{ contradicted: 6 }],
      });
    }
    mustBeWhole();
    expect((await run(["restore", at("usb"), at("back"), "--json"])).summary).toMatchObject({
      outcomes: { stored: 6 },
    });
    for (const n of NUMBERS)
      expect(readFileSync(at("back", `IMG_${n}.jpg`))).toEqual(readFileSync(at("camera", `IMG_${n}.jpg`)));
  });

  test("are right where its photos were copied over these too: these come again beside them", async () => {
    append();
    for (const n of NUMBERS) cpSync(at("other", `IMG_${n}.jpg`), at("usb", `IMG_${n}.jpg`));
    const ran = await mirror();
    expect(ran.summary.outcomes).toMatchObject({ stored: 6, failed: 0 });
    expect(photos()).toHaveLength(12);
    expect((await run(["verify", at("usb")])).exit).toBe(0);
  });
});

describe("a sum that nobody wrote, at the end of SHA256SUMS alone", () => {
  const sum = (name: string) => `${"ab".repeat(32)}  ${name}\n`;

  test.each(["IMG_1.jpg", "IMG_99.jpg"])("of %s is told and taken out", async (name) => {
    appendFileSync(list("usb", "SHA256SUMS"), sum(name));
    await mustBeMended();
    expect(readFileSync(list("usb", "SHA256SUMS"), "utf8")).not.toContain("abab");
  });

  test("of a photo that comes in the same run is told and taken out", async () => {
    shoot("camera", 7);
    appendFileSync(list("usb", "SHA256SUMS"), sum("IMG_7.jpg"));
    expect((await mirror()).exit).toBe(3);
    expect(readFileSync(list("usb", "SHA256SUMS"), "utf8")).not.toContain("abab");
  });
});
