import { spawnSync } from "node:child_process";
import { lstatSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { exactOf, isFiner, utimens } from "../../../src/targets/folder/utimens.ts";
import { folderRig } from "../../contract/folder-rig.ts";
import { entryFor, keeping, signal } from "../../contract/target-rig.ts";

const root = mkdtempSync(join(tmpdir(), "photohaul-exact-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ["2012-06-28T12:03:22.123456789Z", 1_340_885_002_123_456_789n],
  ["2012-06-28T12:03:22.1234567Z", 1_340_885_002_123_456_700n],
  ["1969-12-31T23:59:59.000000001Z", -999_999_999n],
  ["2012-06-28T12:03:22.123456Z", null],
  ["2012-06-28T12:03:22Z", null],
])("%s is known to %s", (utc, expected) => {
  expect(exactOf(new Date(utc), utc)).toBe(expected);
  // Clamped, as to what a drive can hold.
  expect(exactOf(new Date("1980-01-01T00:00:00Z"), utc)).toBeNull();
});

test("what Node sets whole is left to it", () => {
  expect(isFiner(1_340_885_002_123_456_000n)).toBe(false);
  expect(isFiner(1_340_885_002_123_456_001n)).toBe(true);
  utimens([{ path: Buffer.from("/no/such/file"), time: 1_000n }]);
});

const perl = spawnSync("perl", ["-e", "1"]).status === 0;
const can = process.platform === "linux" && ["x64", "arm64"].includes(process.arch) && perl;

describe.runIf(can)("where the system can", () => {
  test("every time is set to the nanosecond, and nothing else is touched", () => {
    const accessed = new Date("2024-01-02T03:04:05Z");
    const put = (name: Buffer) => {
      const path = Buffer.concat([Buffer.from(`${root}/`), name]);
      writeFileSync(path, "");
      utimesSync(path, accessed, accessed);
      return path;
    };
    const times = [1_340_885_002_123_456_789n, -1n, -364_123_456_789n, 1n, 7_654_321_987_654_321n];
    const names = ["plain", "two\nlines", "$(touch x) 'q'", "-n", "\xff\xfe"];
    const all = names.map((name, at) => ({
      path: put(Buffer.from(name, "latin1")),
      time: times[at] ?? 0n,
    }));
    const link = join(root, "link");
    symlinkSync("target", link);
    const target = put(Buffer.from("target"));
    const missing = { path: Buffer.from(join(root, "missing")), time: 5n };
    const linked = { path: Buffer.from(link), time: 77n };
    utimens([missing, linked, ...all]);
    for (const { path, time } of all) {
      const { mtimeNs, atimeMs } = statSync(path, { bigint: true });
      expect(mtimeNs, path.toString()).toBe(time);
      expect(Number(atimeMs)).toBe(accessed.getTime());
    }
    expect(statSync(target).mtime).toEqual(accessed);
    expect(lstatSync(link, { bigint: true }).mtimeNs).toBe(77n);
  });

  test("a photo in a folder has the nanoseconds that its date has, small or large, and also when that changes", async () => {
    const rig = await folderRig(root);
    const folder = rig.root;
    const target = await rig.open();
    const dated = async (path: string, bytes: Buffer, utc: string) => {
      const captured = { local: utc.slice(0, -1), offset: null, utc } as const;
      const entry = {
        ...entryFor(path, bytes),
        captured: { ...captured, source: "metadata" as const, precision: "ms" as const },
      };
      return { ...(await keeping(target, path, bytes)), entry, mtime: new Date(utc) };
    };
    const nanos = (path: string) => statSync(join(folder, path), { bigint: true }).mtimeNs;
    const small = await dated("a.jpg", Buffer.from("1"), "2012-06-28T12:03:22.123456789Z");
    const large = await dated("b.mp4", Buffer.alloc(300_000), "1962-06-28T12:03:22.987654321Z");
    await target.commit([small, large], signal);
    expect(nanos("a.jpg")).toBe(1_340_885_002_123_456_789n);
    expect(nanos("b.mp4") % 1_000_000_000n).toBe(-12_345_679n);
    const again = await dated("a.jpg", Buffer.from("1"), "2013-06-28T12:03:22.000000001Z");
    await again.draft.discard();
    await target.redate([again], signal);
    expect(nanos("a.jpg") % 1_000_000_000n).toBe(1n);
    await target.close();
    await rig.close();
  });
});
