import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { zoneOfComputer } from "../../src/photo/computer-zone.ts";

const told = (TZ: string | undefined) => zoneOfComputer({ env: { TZ }, platform: "linux" });

describe("TZ as a name or rules", () => {
  test.each([
    ["Europe/Berlin", "Europe/Berlin"],
    [":Europe/Berlin", "Europe/Berlin"],
    ["posix/Europe/Berlin", "Europe/Berlin"],
    ["right/Europe/Berlin", "Europe/Berlin"],
    ["", "UTC"],
    [":", "UTC"],
    ["UTC", "UTC"],
    ["UTC0", "UTC"],
    ["UTC-2", "+02:00"],
    ["JST-9", "+09:00"],
    ["GMT+2", "-02:00"],
    ["<+0530>-5:30", "+05:30"],
    ["Etc/GMT-2", "Etc/GMT-2"],
  ])("%j is %s, for sure", (TZ, name) => {
    expect(told(TZ)).toEqual({ name, doubt: null });
  });

  test.each([
    ["CET-1CEST", "Europe/Berlin"],
    ["CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin"],
    ["NZST-12NZDT", "Pacific/Auckland"],
    ["AEST-10AEDT,M10.1.0,M4.1.0/3", "Australia/Sydney"],
    ["europe/berlin", "Europe/Berlin"],
    ["Europe/Nowhere", "UTC"],
    ["/no/such/file", "UTC"],
    ["/dev/zero", "UTC"],
    ["+02:00", "UTC"],
    ["AAA-1BBB-7", "UTC"],
  ])("%j is read in %s, and that is said", (TZ, name) => {
    const { name: read, doubt } = told(TZ);
    expect(read).toBe(name);
    expect(doubt).toContain(`TZ=${TZ} `);
    expect(doubt).toContain(`read in ${name}, which is a guess`);
  });
});

test("without TZ it is what /etc/localtime holds, else what Node knows", () => {
  expect(told(undefined).doubt).toBeNull();
  expect(zoneOfComputer({ env: {}, platform: "win32" }).name).not.toBe("");
});

/** The compiled zones of this system; tests that need them are passed over where there are none. */
const ZONES = "/usr/share/zoneinfo";

describe.skipIf(!existsSync(join(ZONES, "America/Los_Angeles")))("TZ as a path", () => {
  let at = "";
  beforeAll(() => {
    at = mkdtempSync(join(tmpdir(), "photohaul-zone-"));
  });
  afterAll(() => rmSync(at, { recursive: true, force: true }));

  test("that leads to a zone is that zone", () => {
    symlinkSync(join(ZONES, "Asia/Tokyo"), join(at, "link"));
    expect(told(join(at, "link"))).toEqual({ name: "Asia/Tokyo", doubt: null });
    expect(told(`:${ZONES}/Europe/Berlin`)).toEqual({ name: "Europe/Berlin", doubt: null });
  });

  test("whose file is named by another zone than it holds is what it holds", async () => {
    const { readFileSync } = await import("node:fs");
    mkdirSync(join(at, "zoneinfo", "Etc"), { recursive: true });
    const bound = join(at, "zoneinfo", "Etc", "UTC");
    writeFileSync(bound, readFileSync(join(ZONES, "America/Los_Angeles")));
    expect(told(bound)).toEqual({ name: "America/Los_Angeles", doubt: null });
    writeFileSync(join(at, "copy"), readFileSync(join(ZONES, "Asia/Kathmandu")));
    expect(told(join(at, "copy")).doubt).toBeNull();
    expect(told(join(at, "copy")).name).toMatch(/^Asia\/Kat(h|)mandu$/);
  });

  test("to what is no zone, or to a folder, is said to be that", () => {
    writeFileSync(join(at, "text"), "no zone");
    writeFileSync(join(at, "cut"), Buffer.from("TZif2\0\0"));
    for (const name of ["text", "cut", "zoneinfo"]) {
      expect(told(join(at, name))).toMatchObject({ name: "UTC" });
      expect(told(join(at, name)).doubt).not.toBeNull();
    }
  });
});
