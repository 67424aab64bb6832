/** A real grid: the contract, and whole runs of the command line against it. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { gridRig } from "../contract/grid-rig.ts";
import { sealedRig } from "../contract/sealed-rig.ts";
import { targetContract } from "../contract/target.contract.ts";
import { entryFor, keeping, pathsOf, readAll, signal, TAKEN } from "../contract/target-rig.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type Rig, type RunOptions, rig } from "../scripts/rig.ts";
import type { Running } from "./start.ts";

const MIB = 1024 * 1024;

function suite({ endpoint: node, greedy = "", nodes = "" }: Running): void {
  targetContract("grid of Tahoe-LAFS", () => gridRig(node));

  // The whole contract takes nine minutes on a busy grid.
  test("a photo lies there sealed as well, and is known again with the key alone", async () => {
    const place = await sealedRig(() => gridRig(node), false);
    const first = await place.open();
    expect(await first.commit([await keeping(first, "2012/a.jpg", "photo")], signal)).toEqual(["stored"]);
    await first.close();
    expect((await place.read("2012/a.jpg"))?.toString()).toBe("photo");
    const again = await place.open();
    expect([await pathsOf(again), (await readAll(again, "2012/a.jpg")).toString()]).toEqual([["2012/a.jpg"], "photo"]);
    await again.close();
    await place.close();
  });

  test("a film streams through, and comes back the same", async () => {
    const place = await gridRig(node);
    const target = await place.open();
    const size = 96 * MIB + 5;
    const piece = Buffer.alloc(MIB, "a film ");
    const hash = { sha256: createHash("sha256"), md5: createHash("md5") };
    const film = async function* () {
      for (let left = size; left > 0; left -= piece.length) {
        const part = piece.subarray(0, Math.min(left, piece.length));
        for (const one of Object.values(hash)) one.update(part);
        yield part;
      }
    };
    const draft = await target.stage(film(), size, signal);
    const digests = { size, sha256: hash.sha256.digest("hex"), md5: hash.md5.digest("hex") };
    const entry = { ...entryFor("film.mp4", ""), ...digests };
    const before = process.memoryUsage.rss();
    expect(await target.commit([{ draft, entry, mtime: TAKEN }], signal)).toEqual(["stored"]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * MIB);
    const back = createHash("sha256");
    for await (const chunk of target.open("film.mp4", signal)) back.update(chunk);
    expect(back.digest("hex")).toBe(digests.sha256);
    await target.close();
    await place.close();
  });

  describe("the command line", () => {
    let home: Rig;
    let file: string;
    beforeAll(async () => {
      home = await rig({}, (server) => {
        for (let n = 1; n <= PHOTOS; n++) server.bucket("photos").put(`${2010 + (n % 3)}/é ${n}.jpg`, photo(n));
      });
      file = await capFile("photos.cap");
    });
    afterAll(() => home[Symbol.asyncDispose]());

    const PHOTOS = 12;
    const photo = (n: number) => datedPhoto(30_000 + n, `photo ${n}`);
    const capFile = async (name: string) => {
      const cap = await (await fetch(`${node}/uri?t=mkdir`, { method: "POST" })).text();
      const path = join(home.folder, name);
      writeFileSync(path, cap);
      chmodSync(path, 0o600);
      return path;
    };
    const run = (args: readonly string[], { env = {}, ...more }: RunOptions = {}) =>
      home.run(args, { ...more, env: { TAHOE_NODE_URL: node, ...env } });
    const mirror = (target: string, more: readonly string[] = [], options: RunOptions = {}) =>
      run(["mirror", "s3://photos", target, ...home.endpoint, "--json", ...more], options);

    test("mirror, verify, restore, and another computer that has nothing but the cap", async () => {
      const target = `tahoe:${file}/copy`;
      const first = await mirror(target);
      expect([first.exit, first.stderr]).toEqual([0, ""]);
      expect(first.summary.outcomes).toMatchObject({ stored: PHOTOS, failed: 0 });
      const verified = await run(["verify", target, "--json"]);
      expect(verified.exit).toBe(0);
      expect(verified.stdout).toContain(`"vouched":{"photos":${PHOTOS}`);
      expect((await run(["verify", target, "--read", "--json"])).exit).toBe(0);

      const elsewhere = join(home.folder, "elsewhere");
      mkdirSync(elsewhere);
      const there = { env: { HOME: elsewhere, XDG_STATE_HOME: join(elsewhere, "state") } };
      const back = join(elsewhere, "back");
      expect((await run(["restore", target, back], there)).exit).toBe(0);
      for (let n = 1; n <= PHOTOS; n++) {
        const path = join(back, `${2010 + (n % 3)}`, `é ${n}.jpg`);
        expect(readFileSync(path).equals(photo(n))).toBe(true);
        expect(statSync(path).mtime.toISOString()).toBe("2012-06-28T14:03:22.000Z");
      }
      const adopted = await mirror(target, ["--adopt"], there);
      expect(adopted.exit).toBe(0);
      expect(adopted.summary.outcomes).toMatchObject({ stored: 0, already: PHOTOS });
      const cap = readFileSync(file, "utf8").split(":").at(-1)?.slice(0, 20) ?? "";
      const said = [first, verified, adopted].map(({ stdout, stderr }) => stdout + stderr).join("");
      expect(said).not.toContain(cap);
      expect(said).not.toMatch(/URI(:|%3a)/i);
    });

    test("`tahoe cp -r` brings all of it back without photohaul, and sha256sum proves it", () => {
      const around = mkdtempSync(join(tmpdir(), "photohaul-without-"));
      const plain = join(around, "photos");
      mkdirSync(plain);
      const cap = readFileSync(file, "utf8").trim();
      execFileSync("tahoe", ["cp", "-r", "-u", node, `${cap}/copy`, `${plain}/`], { stdio: "pipe" });
      const top = join(plain, "copy");
      const sums = readdirSync(join(top, ".photohaul")).filter((name) => name.startsWith("SHA256SUMS-"));
      expect(sums.length).toBeGreaterThan(0);
      for (const name of sums) {
        execFileSync("sha256sum", ["-c", "--quiet", join(".photohaul", name)], { cwd: top, stdio: "pipe" });
      }
      const lines = readdirSync(join(top, ".photohaul"))
        .filter((name) => name.startsWith("manifest-"))
        .flatMap((name) =>
          readFileSync(join(top, ".photohaul", name), "utf8")
            .trim()
            .split("\n"),
        );
      const { cap: one, path } = JSON.parse(lines[0] ?? "");
      const alone = execFileSync("tahoe", ["get", "-u", node, one], { maxBuffer: MIB });
      expect(alone.equals(readFileSync(join(top, path)))).toBe(true);
      rmSync(around, { recursive: true, force: true });
    });

    test("a grid with too few servers: words, exit 5, nothing kept; with enough of them the same line goes on", async () => {
      const target = `tahoe:${await capFile("few.cap")}`;
      const few = await mirror(target, [], { env: { TAHOE_NODE_URL: greedy } });
      expect(few.exit).toBe(5);
      expect(few.stdout).toMatch(/too few servers for the shares of a file: 2 are connected/);
      const then = await mirror(target);
      expect([then.exit, then.summary.outcomes.stored]).toEqual([0, PHOTOS]);
    });

    test("a photo that somebody replaced is set aside and put back; photos of a lost directory come back by their caps", async () => {
      const lost = await capFile("lost.cap");
      const target = `tahoe:${lost}`;
      expect((await mirror(target)).exit).toBe(0);
      const at = `${node}/uri/${encodeURIComponent(readFileSync(lost, "utf8").trim())}`;
      await fetch(`${at}/2011/${encodeURIComponent("é 1.jpg")}`, { method: "PUT", body: photo(99) });
      const mended = await run(["verify", target, "--repair-from", "s3://photos", ...home.endpoint, "--json"]);
      expect([mended.exit, mended.stdout]).toEqual([0, expect.stringMatching(/"setAside":"2011\/é 1~rotten-/)]);
      // As good as lost: nobody has its cap any more.
      expect((await fetch(`${at}/2011`, { method: "DELETE" })).status).toBe(200);
      const back = join(home.folder, "by-cap");
      const restored = await run(["restore", target, back, "--json"]);
      expect([restored.exit, restored.summary.outcomes.stored]).toEqual([0, PHOTOS]);
      expect(readFileSync(join(back, "2011", "é 1.jpg")).equals(photo(1))).toBe(true);
    });

    test("killed after any event, the next run ends as if nothing had happened", { timeout: 600_000 }, async () => {
      const whole = await mirror(`tahoe:${await capFile("whole.cap")}`);
      const events = whole.events.length;
      for (const at of [0.2, 0.4, 0.6, 0.8].map((part) => Math.floor(events * part))) {
        const target = `tahoe:${await capFile(`kill-${at}.cap`)}`;
        const state = { XDG_STATE_HOME: join(home.folder, `state-${at}`) };
        let seen = 0;
        await mirror(target, ["--durable", "photo"], {
          env: state,
          onEvent: (_, kill) => {
            seen += 1;
            if (seen === at) kill("SIGKILL");
          },
        });
        const again = await mirror(target, [], { env: state });
        const { stored, already, failed } = again.summary.outcomes;
        expect([at, again.exit, stored + already, failed]).toEqual([at, 0, PHOTOS, 0]);
        const checked = await run(["verify", target, "--json"], { env: state });
        expect([at, checked.exit]).toEqual([at, 0]);
        expect(checked.stdout).toContain('"extra":0');
      }
    });

    test("a share that is lost is told, and made anew with --repair-from", async () => {
      const target = `tahoe:${file}/copy`;
      const shares = readdirSync(join(nodes, "store1", "storage", "shares"), { recursive: true, withFileTypes: true });
      const lost = shares.filter((one) => one.isFile() && /^\d+$/.test(one.name));
      expect(lost.length).toBeGreaterThan(PHOTOS);
      for (const one of lost) rmSync(join(one.parentPath, one.name));
      const ailing = await run(["verify", target, "--json"]);
      expect([ailing.exit, ailing.stdout]).toEqual([0, expect.stringMatching(/on fewer servers than they should/)]);
      const mended = await run(["verify", target, "--json", "--repair-from", "s3://photos", ...home.endpoint]);
      expect(mended.exit).toBe(0);
      const well = await run(["verify", target, "--json"]);
      expect([well.exit, well.stdout]).toEqual([0, expect.not.stringMatching(/fewer servers/)]);
    });
  });
}

const found = inject("tahoe");
if ("running" in found) describe("Tahoe-LAFS", () => suite(found.running));
else test.skip(`Tahoe-LAFS (${found.absent})`, () => undefined);
