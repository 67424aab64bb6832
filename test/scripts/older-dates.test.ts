import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ManifestEntry } from "../../src/model.ts";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

const SHOT = "Shot 2021-03-04 at 10.23.45 PM.png";
const NUMBERS = "34330_1531425252044_1427142689_n.jpg";
const WRONG = { offset: null, source: "name", precision: "s", tag: "file name" } as const;

test("what somebody says of a photo on a target is in its manifest too: restore, dates and mirror go by it", async () => {
  await using on = await rig({}, (server) => {
    for (const key of ["a.jpg", "b.jpg"]) server.bucket("photos").put(key, datedPhoto(3000, key), {});
  });
  const folder = join(on.folder, "photos");
  const time = (...path: string[]) => statSync(join(on.folder, ...path)).mtime.toISOString();
  await on.mirror();
  const told = join(on.folder, "told.csv");
  writeFileSync(told, "file,date\na.jpg,1987-05-04 10:00\n");
  for (const _ of [1, 2]) {
    const { exit, stderr } = await on.run(["dates", folder, "--dates", told]);
    expect(exit, stderr).toBe(0);
  }
  const lines = linesOf(join(folder, ".photohaul/manifest.ndjson")).filter(({ path }) => path === "a.jpg");
  expect(lines.map(({ captured }) => captured?.source)).toEqual(["exif", "user"]);
  const word = "1987-05-04T10:00:00.000Z";
  await on.run(["restore", folder, join(on.folder, "back")]);
  expect([time("back", "a.jpg"), time("back", "b.jpg")]).toEqual([word, "2012-06-28T14:03:22.000Z"]);
  expect((await on.run(["dates", folder])).exit).toBe(0);
  expect((await on.mirror()).summary).toMatchObject({ exit: 0, outcomes: { stored: 0, already: 2 } });
  expect(time("photos", "a.jpg")).toBe(word);
  expect(linesOf(join(folder, ".photohaul/manifest.ndjson"))).toHaveLength(3);
});

test("photos that an earlier version dated are told of once, and dates gives them the dates of today", async () => {
  await using on = await rig({}, (server) => {
    const bucket = server.bucket("photos");
    bucket.put("a.jpg", datedPhoto(3000, "a"), { modified: "2000-01-01T00:00:00.000Z" });
    for (const key of [SHOT, NUMBERS]) {
      bucket.put(key, Buffer.alloc(3000, key), { modified: "2024-05-01T10:00:00.000Z" });
    }
  });
  const folder = join(on.folder, "photos");
  const time = (name: string) => statSync(join(folder, name)).mtime.toISOString();
  const first = await on.mirror();
  expect(first.events.filter(isOfRules)).toEqual([]);
  // As the first version wrote it down.
  rewrite(join(folder, ".photohaul/manifest.ndjson"), (entry) => {
    if (entry.key === SHOT) return { ...WRONG, local: "2021-03-04T10:23:45", utc: "2021-03-04T10:23:45.000Z" };
    if (entry.key === NUMBERS) return { ...WRONG, local: "2018-07-12T19:54:12", utc: "2018-07-12T19:54:12.000Z" };
    const utc = "2000-01-01T00:00:00.000Z";
    return { ...WRONG, source: "modified", tag: "LastModified", local: utc.slice(0, 19), utc };
  });
  for (const { path, captured } of linesOf(join(folder, ".photohaul/manifest.ndjson"))) {
    const then = new Date(captured?.utc ?? "");
    utimesSync(join(folder, path), then, then);
  }
  rmSync(join(on.folder, "state"), { recursive: true });

  const told = (await on.mirror()).events.filter(isOfRules);
  expect(told).toMatchObject([
    {
      message: expect.stringMatching(/^3 photos .* names alone 2 .* photohaul dates .*photos reads/),
    },
  ]);
  expect((await on.mirror()).events.filter(isOfRules)).toEqual([]);

  const dry = await on.run(["dates", folder, "--dry-run", "--json"]);
  expect(dry.events.filter(isOfRules)).toEqual([]);
  expect(dry.summary.outcomes).toMatchObject({ set: 3, already: 0 });
  const set = await on.run(["dates", folder, "--json"]);
  expect(set.summary).toMatchObject({ exit: 0, outcomes: { set: 3 } });
  expect([time("a.jpg"), time(SHOT), time(NUMBERS)]).toEqual([
    "2012-06-28T14:03:22.000Z",
    "2021-03-04T22:23:45.000Z",
    "2024-05-01T10:00:00.000Z",
  ]);
  const lines = linesOf(join(folder, ".photohaul/manifest.ndjson"));
  const dates = lines.filter(({ key }) => key === SHOT).map(({ captured }) => captured?.local);
  expect(dates).toEqual(["2021-03-04T10:23:45", "2021-03-04T22:23:45"]);
  expect(lines.map(({ path }) => path).sort()).toEqual(["a.jpg", "a.jpg", SHOT, SHOT, NUMBERS, NUMBERS].sort());

  // The catalogue learns of it, and nothing is fetched or dated again.
  expect((await on.mirror()).summary).toMatchObject({
    exit: 0,
    outcomes: { already: 3, stored: 0 },
  });
  const again = await on.run(["dates", folder, "--json"]);
  expect(again.summary.outcomes).toMatchObject({ set: 0 });
  expect((await on.run(["verify", folder])).exit).toBe(0);
});

function isOfRules(event: { readonly type: string }): boolean {
  return event.type === "warning" && "code" in event && event.code === "date-rules";
}

function linesOf(file: string): ManifestEntry[] {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line): ManifestEntry => JSON.parse(line));
}

function rewrite(file: string, dated: (entry: ManifestEntry) => ManifestEntry["captured"]): void {
  const lines = linesOf(file).map((entry) => JSON.stringify({ ...entry, captured: dated(entry) }));
  writeFileSync(file, `${lines.join("\n")}\n`);
}
