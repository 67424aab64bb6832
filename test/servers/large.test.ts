/**
 * An object above 5 GB to a real store and back, in flat memory. It takes minutes and 20 GB of disk, so it runs only
 * with PHOTOHAUL_LARGE=1.
 */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { clientOf, makeBucket, REGION } from "./fill.ts";
import type { Running } from "./start.ts";

const MIB = 1024 * 1024;
const SIZE = 6 * 1024 * MIB + 12_345;
/** Above what any photo needs, and far below the object. */
const MOST_MEMORY = 400 * MIB;
const program = join(import.meta.dirname, "..", "..", "bin", "photohaul");

/** Mostly holes; each mebibyte begins with its number, so that none can stand for another. */
async function largeFile(file: string): Promise<void> {
  const handle = await open(file, "w");
  await handle.truncate(SIZE);
  for (let at = 0; at < SIZE; at += MIB) await handle.write(`mebibyte ${at / MIB}`, at);
  await handle.close();
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: MIB })) hash.update(chunk);
  return hash.digest("hex");
}

/** Runs the program; resolves to its exit code and the most memory that it held at once, in bytes. */
function run(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [program, ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let most = 0;
  let stdout = "";
  child.stdout.on("data", (text: Buffer) => {
    stdout += text.toString();
  });
  const look = setInterval(() => {
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    most = Math.max(most, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
  }, 200);
  return new Promise<{ exit: number | null; most: number; stdout: string }>((resolve) => {
    child.on("exit", () => clearInterval(look));
    child.on("close", (exit) => resolve({ exit, most, stdout }));
  });
}

function suite(running: Running): void {
  const client = clientOf(running);
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "photohaul-large-"));
    await mkdir(join(folder, "source"));
    await largeFile(join(folder, "source", "long.mp4"));
    await makeBucket(client, "large");
  }, 600_000);
  afterAll(() => {
    client.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  test("6 GB go there, are vouched for, and come back the same", {
    timeout: 1_800_000,
  }, async () => {
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: running.accessKey,
      AWS_SECRET_ACCESS_KEY: running.secretKey,
    };
    const reach = ["--target-endpoint", running.endpoint, "--target-region", REGION, "--json"];
    const catalogue = ["--catalogue", join(folder, "state", "catalogue.sqlite")];
    const source = join(folder, "source");
    const began = Date.now();
    const seconds = () => Math.round((Date.now() - began) / 1000);
    const there = await run(["mirror", source, "s3://large", ...reach, ...catalogue], env);
    const sent = seconds();
    const vouched = await run(["verify", "s3://large", ...reach], env);
    const back = await run(["restore", "s3://large", join(folder, "back"), ...reach], env);
    const memory = [there.most, back.most].map((bytes) => `${Math.round(bytes / MIB)} MiB`);
    console.info(`sent in ${sent} s, all in ${seconds()} s, in ${memory.join(" and ")}`);
    expect([there.exit, vouched.exit, back.exit]).toEqual([0, 0, 0]);
    expect(JSON.parse(vouched.stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
      each: [{ vouched: { photos: 1, bytes: SIZE } }],
    });
    expect(Math.max(there.most, back.most)).toBeLessThan(MOST_MEMORY);
    expect(await sha256Of(join(folder, "back", "long.mp4"))).toBe(await sha256Of(join(source, "long.mp4")));
  });
}

const found = inject("ceph");
const wanted = process.env.PHOTOHAUL_LARGE === "1";
if (!wanted) test.skip("a large object (set PHOTOHAUL_LARGE=1)", () => undefined);
else if ("running" in found) describe("a large object in ceph", () => suite(found.running));
else test.skip(`a large object in ceph (${found.absent})`, () => undefined);
