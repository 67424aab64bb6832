import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AdoptedEvent, WarningEvent } from "../../src/events.ts";
import { datedPhoto } from "./dated-photo.ts";
import { type Ran, type Rig, rig } from "./rig.ts";

const KEYS = ["2012/a.jpg", "2012/b.jpg", "c.jpg", "d.jpg", "e.jpg"];

interface OneDrive extends Rig {
  readonly usb: string;
  /** What a run of `mirror s3://photos USB` says. */
  home(...more: string[]): Promise<Ran>;
  /** The computer is another one now: nothing is remembered there. */
  newComputer(): void;
  put(key: string, fill: string): void;
  manifest(): string[];
}

async function oneDrive(): Promise<OneDrive> {
  const on = await rig({}, () => undefined);
  const bucket = on.server.bucket("photos");
  const put = (key: string, fill: string) =>
    void bucket.put(key, datedPhoto(2000, fill), { modified: "2016-01-01T00:00:00.000Z" });
  for (const key of KEYS) put(key, key);
  const usb = join(on.folder, "usb");
  return {
    ...on,
    usb,
    put,
    home: (...more) => on.run(["mirror", "s3://photos", usb, ...on.endpoint, "--json", ...more]),
    newComputer: () => rmSync(join(on.folder, "state"), { recursive: true }),
    manifest: () =>
      readFileSync(join(usb, ".photohaul", "manifest.ndjson"), "utf8")
        .split("\n")
        .slice(0, -1),
    [Symbol.asyncDispose]: () => on[Symbol.asyncDispose](),
  };
}

const adoptedIn = ({ events }: Ran) => events.filter((event): event is AdoptedEvent => event.type === "adopted");
const warnedOf = ({ events }: Ran, code: string) =>
  events.filter((event): event is WarningEvent => event.type === "warning" && event.code === code);

test("a drive whose catalogue is lost is known again: nothing is fetched, nothing written twice, its zone holds", async () => {
  await using on = await oneDrive();
  expect((await on.home("--timezone", "Asia/Tokyo")).summary.outcomes.stored).toBe(KEYS.length);
  const before = on.manifest();
  on.newComputer();
  const dry = await on.home("--dry-run");
  expect(dry.summary).toMatchObject({ exit: 0, plan: { photos: 0 } });
  on.newComputer();
  const ran = await on.home();
  expect(ran.exit, ran.stderr).toBe(0);
  expect(ran.summary.outcomes).toMatchObject({ stored: 0, already: KEYS.length });
  expect(ran.summary.requests.get).toBe(0);
  expect(adoptedIn(ran)).toMatchObject([{ photos: KEYS.length, missing: 0, foreign: 0 }]);
  expect(on.manifest()).toEqual(before);
  const marker = readFileSync(join(on.usb, ".photohaul", "target.json"), "utf8");
  expect(JSON.parse(marker)).toMatchObject({ zones: { "s3://photos": "Asia/Tokyo" } });
  const next = await on.home();
  expect(adoptedIn(next)).toEqual([]);
  expect(warnedOf(next, "adopting")).toEqual([]);
});

test("what does not lie there, or not whole, is told and fetched again; what changed comes beside, once", async () => {
  await using on = await oneDrive();
  await on.home();
  rmSync(join(on.usb, "2012/a.jpg"));
  truncateSync(join(on.usb, "2012/b.jpg"), 100);
  on.put("c.jpg", "changed");
  on.server.bucket("photos").delete("d.jpg");
  on.newComputer();
  const ran = await on.home();
  expect(ran.exit, ran.stderr).toBe(0);
  expect(adoptedIn(ran)).toMatchObject([{ photos: 3, missing: 2 }]);
  const told = warnedOf(ran, "not-there");
  expect(told.map(({ key }) => key)).toEqual(["2012/a.jpg", "2012/b.jpg"]);
  expect(told[0]?.message).toMatch(/2012\/a\.jpg does not lie on .* fetched again/);
  expect(told[1]?.message).toMatch(/2012\/b\.jpg .* has 100 bytes and not 2000/);
  expect(ran.summary).toMatchObject({ gone: 1, outcomes: { stored: 3, already: 1 } });
  const names = () => readdirSync(on.usb).filter((name) => name.startsWith("c"));
  expect(names()).toEqual(["c.jpg", expect.stringMatching(/^c~[0-9a-f]{8}\.jpg$/)]);
  const [, beside] = names();
  const lines = on.manifest();
  on.newComputer();
  const again = await on.home();
  expect(again.summary).toMatchObject({ gone: 1, outcomes: { stored: 0, already: 4 } });
  expect(on.manifest()).toEqual(lines);
  on.put("c.jpg", "changed once more");
  on.newComputer();
  expect((await on.home()).summary.outcomes.stored).toBe(1);
  expect(names()).toHaveLength(3);
  expect(names()).toContain(beside);
});

test("a damaged catalogue is kept aside and rebuilt; a file of another kind is touched only when one insists", async () => {
  await using on = await oneDrive();
  const file = join(on.folder, "mine.sqlite");
  await on.home("--catalogue", file);
  truncateSync(file, 5000);
  const rebuilt = await on.home("--catalogue", file);
  expect(rebuilt.exit, rebuilt.stderr).toBe(0);
  expect(rebuilt.summary.outcomes).toMatchObject({ stored: 0, already: KEYS.length });
  expect(warnedOf(rebuilt, "catalogue")[0]?.message).toMatch(/is damaged\. It is kept as/);
  const asides = () => readdirSync(on.folder).filter((name) => name.includes(".damaged-"));
  expect(asides().some((name) => name.startsWith("mine.sqlite"))).toBe(true);

  const diary = join(on.folder, "diary.txt");
  writeFileSync(diary, "Dear diary, this is no catalogue. ".repeat(100));
  const refused = await on.home("--catalogue", diary);
  expect(refused.exit).toBe(3);
  expect(refused.stderr).toMatch(/diary\.txt is damaged[\s\S]*--adopt/);
  expect(readFileSync(diary, "utf8")).toMatch(/^Dear diary/);
  const insisted = await on.home("--catalogue", diary, "--adopt");
  expect(insisted.summary).toMatchObject({ exit: 0, outcomes: { stored: 0 } });
  const aside = asides().find((name) => name.startsWith("diary.txt")) ?? "";
  expect(readFileSync(join(on.folder, aside), "utf8")).toMatch(/^Dear diary/);
});

test("--adopt refuses where nothing can be taken over, and makes nothing there", async () => {
  await using on = await oneDrive();
  mkdirSync(on.usb);
  for (const dry of [[], ["--dry-run"]]) {
    const ran = await on.home("--adopt", ...dry);
    expect(ran.exit).toBe(5);
    expect(ran.stderr).toMatch(/--adopt: .*usb holds no photos that photohaul kept there/);
    expect(readdirSync(on.usb)).toEqual([]);
  }
  await on.home();
  for (const key of KEYS) rmSync(join(on.usb, key));
  on.newComputer();
  const empty = await on.home("--adopt");
  expect(empty.exit).toBe(5);
  expect(empty.stderr).toMatch(/holds no photo of s3:\/\/photos that could be taken over/);
  expect((await on.home()).summary.outcomes.stored).toBe(KEYS.length);
});

test("--adopt believes the drive and not the catalogue: what was taken off it comes back", async () => {
  await using on = await oneDrive();
  await on.home();
  rmSync(join(on.usb, "e.jpg"));
  expect((await on.home()).summary.outcomes).toMatchObject({ stored: 0 });
  const ran = await on.home("--adopt");
  expect(ran.summary.outcomes).toMatchObject({ stored: 1, already: KEYS.length - 1 });
  expect(existsSync(join(on.usb, "e.jpg"))).toBe(true);
});

test("of a drive with photos of two sources each takes its own, and calls none of the other's gone", async () => {
  await using on = await oneDrive();
  const other = on.server.bucket("other");
  other.put("z.jpg", datedPhoto(2000, "z"), { modified: "2016-01-01T00:00:00.000Z" });
  const mirrorOther = () => on.run(["mirror", "s3://other", on.usb, ...on.endpoint, "--json"]);
  await on.home();
  await mirrorOther();
  on.newComputer();
  const [mine, theirs] = [await on.home(), await mirrorOther()];
  expect(adoptedIn(mine)).toMatchObject([{ photos: KEYS.length, foreign: 1 }]);
  expect(mine.summary).toMatchObject({ gone: 0, outcomes: { stored: 0 } });
  expect(adoptedIn(theirs)).toMatchObject([{ photos: 1, foreign: KEYS.length }]);
  expect(theirs.summary).toMatchObject({ gone: 0, outcomes: { stored: 0 } });
});

test("a bucket is known again as a drive is, and what another computer kept there is not fetched by this one", async () => {
  await using on = await oneDrive();
  on.server.bucket("second");
  const mirror = (state: string) =>
    on.run(
      [
        "mirror",
        "s3://photos",
        "s3://second/photos",
        "--json",
        ...on.endpoint,
        "--target-endpoint",
        on.server.endpoint,
      ],
      { env: { XDG_STATE_HOME: join(on.folder, state) } },
    );
  expect((await mirror("laptop")).summary.outcomes.stored).toBe(KEYS.length);
  const keys = on.server.bucket("second").keys();
  const adopted = await mirror("desktop");
  expect(adopted.summary).toMatchObject({ exit: 0, outcomes: { stored: 0 }, requests: { get: 0 } });
  expect(on.server.bucket("second").keys()).toEqual(keys);
  on.put("new.jpg", "new");
  expect((await mirror("desktop")).summary.outcomes.stored).toBe(1);
  const back = await mirror("laptop");
  expect(adoptedIn(back)).toMatchObject([{ photos: 1 }]);
  expect(back.summary).toMatchObject({ outcomes: { stored: 0 }, requests: { get: 0 } });
});
