import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Photos } from "../../bench/picture.ts";
import { threeSizes } from "../scripts/three-sizes.ts";
import { clientOf, makeBucket, putAll, putInParts, REGION } from "./fill.ts";
import type { Running } from "./start.ts";

const program = join(import.meta.dirname, "..", "..", "bin", "photohaul");
const BUCKET = "mirrored";
const HOSTILE = ["../up.jpg", "/absolute.jpg", "double//slash.jpg", "é.jpg", "Case.jpg", "case.jpg"];

interface Run {
  readonly exit: number;
  readonly summary: {
    readonly keys: number;
    readonly complete: boolean;
    readonly outcomes: Readonly<Record<string, number>>;
    readonly dated: Readonly<Record<string, number>>;
  };
}

async function mirror(running: Running, folder: string): Promise<Run> {
  const target = join(folder, "photos");
  const catalogue = join(folder, "catalogue.sqlite");
  const options = { endpoint: running.endpoint, region: REGION, catalogue, timezone: "UTC" };
  const named = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const args = ["mirror", `s3://${BUCKET}`, target, "--json", ...named];
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: running.accessKey,
    AWS_SECRET_ACCESS_KEY: running.secretKey,
  };
  const child = promisify(execFile)(process.execPath, [program, ...args], { env });
  const { stdout, code } = await child.then(
    (done) => ({ ...done, code: 0 }),
    (error: unknown) => ({
      stdout: String(Object(error).stdout),
      code: Number(Object(error).code),
    }),
  );
  return { exit: code, summary: JSON.parse(stdout.trim().split("\n").at(-1) ?? "") };
}

/** Key → SHA-256 of the file that the manifest says holds it, read back from the drive. */
async function kept(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const manifest = createReadStream(join(folder, "photos", ".photohaul", "manifest.ndjson"));
  for await (const line of createInterface(manifest)) {
    const { path, key } = JSON.parse(line);
    found.set(key, sha256(readFileSync(join(folder, "photos", path))));
  }
  return found;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function suite(running: Running): void {
  const client = clientOf(running);
  let folder: string;
  const bytes = new Map<string, Buffer>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "photohaul-mirror-"));
    mkdirSync(join(folder, "photos"));
    await makeBucket(client, BUCKET);
    const photos = new Photos(20_000, 3);
    const wanted = new Map<string, Buffer>();
    for (let n = 0; n < 40; n++) {
      const { original, tile } = threeSizes(n);
      wanted.set(`original/IMG_${n}.jpg`, original);
      wanted.set(`tile/IMG_${n}.jpg`, tile);
    }
    for (const [n, key] of HOSTILE.entries()) {
      wanted.set(key, Buffer.concat(photos.pieces(100 + n)));
    }
    const parts = new Photos(6 * 1024 * 1024, 1);
    const large = Buffer.concat(parts.pieces(0));
    const taken = await putAll(client, BUCKET, wanted);
    for (const [key, body] of taken) if (!key.startsWith("tile/")) bytes.set(key, body);
    const cut = 5 * 1024 * 1024;
    const name = "original/LARGE.jpg";
    await putInParts(client, BUCKET, name, [large.subarray(0, cut), large.subarray(cut)]);
    bytes.set(name, large);
  });
  afterAll(() => {
    client.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  test("every original comes home, byte for byte and dated", async () => {
    const { exit, summary } = await mirror(running, folder);
    expect(summary).toMatchObject({ complete: true, keys: bytes.size + 40 });
    expect(summary.outcomes).toEqual({ stored: bytes.size, already: 0, skipped: 0, failed: 0 });
    expect(summary.dated.exif).toBe(bytes.size);
    expect(exit).toBe(0);
    const expected = new Map([...bytes].map(([key, body]) => [key, sha256(body)]));
    expect(await kept(folder)).toEqual(expected);
  });

  test("the next run finds nothing new", async () => {
    const { exit, summary } = await mirror(running, folder);
    expect(summary.outcomes).toEqual({ stored: 0, already: bytes.size, skipped: 0, failed: 0 });
    expect(exit).toBe(0);
  });
}

for (const name of ["ceph", "swift"] as const) {
  const found = inject(name);
  if ("running" in found) describe(`a mirror of a bucket in ${name}`, () => suite(found.running));
  else test.skip(`a mirror of a bucket in ${name} (${found.absent})`, () => undefined);
}
