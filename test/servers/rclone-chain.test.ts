/** Real remotes of rclone through the command line: there, looked through, brought back, known again; and killed meanwhile. */

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type Rig, rig } from "../scripts/rig.ts";
import { findRclone, makeRemotes, type Remotes, sftpRemote } from "./rclone-rig.ts";

const found = await findRclone();
const sshd = inject("sshd");

/** Every file below a folder but photohaul's own: its digest and its time, in seconds, by its path. */
function photosIn(folder: string): Record<string, string> {
  const photos: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = join(folder, name);
    if (name.startsWith(".photohaul") || !statSync(file).isFile()) continue;
    const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
    photos[name] = `${digest} ${Math.floor(statSync(file).mtimeMs / 1000)}`;
  }
  return photos;
}

function suite(program: string): void {
  let remotes: Remotes;
  let on: Rig;
  const rclone = ["--rclone", program];
  beforeAll(() => {
    remotes = makeRemotes(program, "running" in sshd ? sftpRemote(sshd.running) : "");
  });
  afterAll(() => remotes.close());
  beforeEach(async () => {
    on = await rig();
  });
  afterEach(() => on[Symbol.asyncDispose]());
  const config = () => ({ RCLONE_CONFIG: join(remotes.folder, "rclone.conf") });
  const run = (...args: string[]) => on.run([...args, "--json"], { env: config() });
  /** Nothing is remembered on it. */
  const onNewComputer = (...args: string[]) =>
    on.run([...args, "--json"], { env: { ...config(), XDG_STATE_HOME: join(on.folder, "another") } });

  test.each(["local:photos", "sealed:photos", "union:photos", ...("running" in sshd ? ["sftp:photos"] : [])])(
    "rclone:%s beside a drive and a bucket: there, whole, back, and known on a new computer",
    async (at) => {
      const place = at === "sftp:photos" ? `rclone:sftp:${remotes.folder}/photos` : `rclone:${at}`;
      on.server.bucket("second");
      const drive = join(on.folder, "photos");
      const there = ["--target-endpoint", on.server.endpoint];
      const first = await run(
        "mirror",
        "s3://photos",
        drive,
        place,
        "s3://second/x",
        ...on.endpoint,
        ...there,
        ...rclone,
      );
      expect([first.exit, first.stderr]).toEqual([0, ""]);
      const { stored } = first.summary.outcomes;
      for (const { outcomes } of first.summary.perTarget ?? []) expect(outcomes?.stored).toBe(stored);
      const again = await run(
        "mirror",
        "s3://photos",
        drive,
        place,
        "s3://second/x",
        ...on.endpoint,
        ...there,
        ...rclone,
      );
      expect(again.summary.outcomes).toMatchObject({ stored: 0, already: stored });

      const verified = await run("verify", place, ...rclone);
      expect([verified.exit, verified.stderr]).toEqual([0, ""]);
      const adopted = await onNewComputer("mirror", "s3://photos", place, "--adopt", ...on.endpoint, ...rclone);
      expect([adopted.exit, adopted.summary.outcomes]).toMatchObject([0, { stored: 0, already: stored }]);
      const restored = await onNewComputer("restore", place, join(on.folder, "back"), ...rclone);
      expect([restored.exit, restored.stderr]).toEqual([0, ""]);
      expect(photosIn(join(on.folder, "back"))).toEqual(photosIn(drive));

      // And as a source: what lies there comes home under the names that it has there.
      const home = await onNewComputer("mirror", place, join(on.folder, "home"), "--renditions", "keep", ...rclone);
      expect([home.exit, home.stderr]).toEqual([0, ""]);
      const digests = (folder: string) => Object.values(photosIn(folder)).map((one) => one.slice(0, 64));
      expect(digests(join(on.folder, "home")).toSorted()).toEqual(expect.arrayContaining(digests(drive).toSorted()));
    },
  );

  test("killed at any event, the next run ends as an undisturbed one does, and no rclone is left", {
    timeout: 400_000,
  }, async () => {
    const source = join(on.folder, "source");
    mkdirSync(source);
    for (const n of [1, 2, 3, 4, 5, 6]) writeFileSync(join(source, `${n}.jpg`), datedPhoto(2000 + n, n));
    const temporary = join(on.folder, "tmp");
    mkdirSync(temporary);
    const env = { ...config(), TMPDIR: temporary };
    const words = (name: string) => [
      "mirror",
      source,
      `rclone:local:${name}`,
      ...rclone,
      "--json",
      "--catalogue",
      join(on.folder, `${name}.sqlite`),
    ];
    const whole = await on.run(words("whole"), { env });
    expect([whole.exit, whole.summary.outcomes.stored]).toEqual([0, 6]);
    const at = (name: string) => photosIn(join(remotes.folder, "local", name));
    for (let event = 1; event <= whole.events.length; event += 1) {
      const name = `cut-${event}`;
      let seen = 0;
      await on.run(words(name), { env, onEvent: (_, kill) => void (++seen === event && kill("SIGKILL")) });
      const next = await on.run(words(name), { env });
      expect([next.exit, next.stderr], name).toEqual([0, ""]);
      const kept = Object.entries(at(name)).filter(([path]) => !path.endsWith(".partial"));
      expect(Object.fromEntries(kept), name).toEqual(at("whole"));
      const verified = await on.run(["verify", `rclone:local:${name}`, ...rclone, "--json"], { env });
      expect([verified.exit, verified.stderr], name).toEqual([0, ""]);
    }
    const left = () => readdirSync(temporary).filter((name) => name.startsWith("photohaul-rclone-"));
    await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  });

  test("what rots or goes there is found, and comes again from the drive", async () => {
    const drive = join(on.folder, "photos");
    const mirrored = await run("mirror", "s3://photos", drive, "rclone:local:rot", ...on.endpoint, ...rclone);
    expect(mirrored.exit).toBe(0);
    const [first = "", second = ""] = Object.keys(photosIn(drive));
    rmSync(join(remotes.folder, "local", "rot", first));
    writeFileSync(join(remotes.folder, "local", "rot", second), "rotten");
    expect((await run("verify", "rclone:local:rot", ...rclone)).exit).toBe(3);
    const mended = await run("verify", "rclone:local:rot", "--repair-from", drive, ...rclone);
    expect(mended.summary).toMatchObject({ command: "verify" });
    const back = join(remotes.folder, "local", "rot", first);
    expect(readFileSync(back).equals(readFileSync(join(drive, first)))).toBe(true);
    // Nothing there is written over, the rotten one neither.
    expect(readFileSync(join(remotes.folder, "local", "rot", second), "utf8")).toBe("rotten");
  });
}

if ("absent" in found) test.skip(`remotes of rclone, line by line (${found.absent})`, () => undefined);
else describe("remotes of rclone, line by line", () => suite(found.program));
