import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig, running } from "./rig.ts";

const KEYS = ["a.jpg", "b.jpg", "c.jpg"];
const NO_DATE = '"utc":"2012-06-01T10: 0:00';

async function threePhotos(): Promise<Rig> {
  const on = await rig({}, () => undefined);
  for (const key of KEYS) add(on, key);
  expect((await on.mirror()).exit).toBe(0);
  return on;
}

function add(on: Rig, key: string): void {
  const modified = "2016-01-01T00:00:00.000Z";
  on.server.bucket("photos").put(key, datedPhoto(2000, key), { modified });
}

/** The folder `photos` holds them, and the catalogue is the one there is. */
const catalogueIn = (on: Rig) => {
  const folder = join(on.folder, "state", "photohaul");
  const name = readdirSync(folder).find((file) => file.endsWith(".sqlite")) ?? "";
  return join(folder, name);
};

describe("a catalogue that rotted where SQLite sees nothing", () => {
  test.each([
    ["a kind that is none", "UPDATE objects SET kind = 'nriginal' WHERE key = 'b.jpg'"],
    ["a date that is no JSON", "UPDATE kept SET captured = '{' WHERE key = 'b.jpg'"],
    ["a size that no number holds", "UPDATE objects SET size = 9223372036854775807"],
    ["a table that is gone", "DROP TABLE settings"],
  ])("(%s) is set aside and rebuilt, and nothing is fetched again", async (_, harm) => {
    await using on = await threePhotos();
    const file = catalogueIn(on);
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA ignore_check_constraints = 1; ${harm}`);
    db.close();
    add(on, "d.jpg");
    const first = await on.mirror();
    expect([0, 3]).toContain(first.exit);
    if (first.exit === 3) {
      expect(first.stderr).toMatch(/catalogue.* damaged/);
      expect(first.stderr).not.toMatch(/This is a bug/);
    }
    const second = await on.mirror();
    expect(second.exit, second.stderr).toBe(0);
    expect(second.summary.outcomes).toMatchObject({ failed: 0 });
    const photos = readdirSync(join(on.folder, "photos")).filter((name) => name.endsWith(".jpg"));
    expect(photos).toEqual([...KEYS, "d.jpg"]);
    expect(first.summary.outcomes.stored + second.summary.outcomes.stored).toBe(1);
  });
});

describe("a catalogue of which pages rotted", () => {
  /** Pages behind the first one, in which nothing but the file's own form is. */
  const rot = (file: string) => {
    const bytes = readFileSync(file);
    for (let at = 4096 * 2; at < bytes.length; at += 4096) bytes.fill(0x5a, at, at + 64);
    writeFileSync(file, bytes);
  };

  test("is set aside and rebuilt by the run that finds it, and nothing is fetched again", async () => {
    await using on = await threePhotos();
    rot(catalogueIn(on));
    on.server.resetCounts();
    const ran = await on.mirror();
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    expect(ran.summary.outcomes).toMatchObject({ stored: 0, already: 3, failed: 0 });
    expect(on.server.counts.get).toBe(0);
    expect(ran.events.filter((event) => event.type === "warning")[0]).toMatchObject({ code: "catalogue" });
  });

  test("while a run reads it ends that run in words, and the next one rebuilds it", async () => {
    await using on = await threePhotos();
    const ran = await on.run(["mirror", "s3://photos", join(on.folder, "photos"), ...on.endpoint, "--json"], {
      env: running(`
        import { DatabaseSync } from "node:sqlite";
        const { prepare } = DatabaseSync.prototype;
        DatabaseSync.prototype.prepare = function (sql, ...more) {
          if (!/FROM kept/.test(sql)) return prepare.call(this, sql, ...more);
          throw Object.assign(new Error("database disk image is malformed"), { code: "ERR_SQLITE_ERROR", errcode: 11 });
        };
      `),
      spawned: true,
    });
    expect(ran.exit).toBe(3);
    expect(ran.stderr).toMatch(/the catalogue .* is damaged[\s\S]*Run the `photohaul mirror` line again/);
    expect(`${ran.stderr}${ran.stdout}`).not.toMatch(/bug/);
    const next = await on.mirror();
    expect([next.exit, next.summary.outcomes.already]).toEqual([0, 3]);
  });
});

describe("a manifest with a bit turned over in a date", () => {
  test("costs the date and not the photo, and is told by verify and restore", async () => {
    await using on = await threePhotos();
    const usb = join(on.folder, "photos");
    const manifest = join(usb, ".photohaul", "manifest.ndjson");
    const text = readFileSync(manifest, "utf8");
    writeFileSync(manifest, text.replace(/"utc":"[^"]{22}/, NO_DATE));
    expect(readFileSync(manifest, "utf8")).toContain(NO_DATE);
    const verified = await on.run(["verify", usb]);
    expect(verified.exit).toBe(3);
    expect(verified.stdout).toMatch(/1 line of the manifest/);
    const back = join(on.folder, "back");
    const restored = await on.run(["restore", usb, back]);
    expect(restored.exit, restored.stderr).toBe(3);
    expect(readdirSync(back).filter((name) => name.endsWith(".jpg"))).toEqual(KEYS);
    expect((await on.run(["dates", usb])).exit).toBe(0);
    rmSync(join(on.folder, "state"), { recursive: true });
    expect((await on.mirror()).stderr).not.toMatch(/bug/);
  });
});
