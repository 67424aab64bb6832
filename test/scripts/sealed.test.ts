import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEYS, RECIPIENTS, SEALING } from "../contract/sealed-rig.ts";
import { LACKS_AGE } from "../seal/age-programs.ts";
import { type Ran, type Rig, rig } from "./rig.ts";
import { sample } from "./sample.ts";

/** Bytes of the sample by their SHA-256. */
const BODIES = new Map(sample().map(({ body }) => [sha256(body), body]));

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Every file below a folder but for photohaul's own, by its path. */
function filesIn(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return all.filter((path) => !path.startsWith(".photohaul") && statSync(join(folder, path)).isFile()).toSorted();
}

function keyFile(on: Rig, name: string, key = KEYS[0] ?? ""): string {
  const file = join(on.folder, name);
  writeFileSync(file, `# a key\n${key}\n`, { mode: 0o600 });
  return file;
}

describe("a sealed folder", () => {
  let on: Rig;
  let first: Ran;
  const target = () => join(on.folder, "photos");
  const mirror = (...more: string[]) => on.mirror(...SEALING, "--timezone", "Europe/Berlin", ...more);

  beforeAll(async () => {
    on = await rig();
    first = await mirror();
  });
  afterAll(() => on[Symbol.asyncDispose]());

  test("has each photo as a file of age, and nothing of what it is in clear", () => {
    expect([first.exit, first.stderr]).toEqual([0, ""]);
    const files = filesIn(target());
    expect(files.length).toBe(first.summary.outcomes.stored);
    for (const file of files) {
      expect(file).toMatch(/\.age$/);
      expect(readFileSync(join(target(), file), "latin1").startsWith("age-encryption.org/v1\n-> X25519 ")).toBe(true);
    }
    const own = readdirSync(join(target(), ".photohaul"));
    const clear = own.filter((name) => !name.endsWith(".age") && statSync(join(target(), ".photohaul", name)).isFile());
    const text = clear.map((name) => readFileSync(join(target(), ".photohaul", name), "utf8")).join("\n");
    for (const { sha256: digest, captured, key } of first.photos) {
      expect(text, key).not.toContain(digest);
      if (captured?.source === "exif") expect(text, key).not.toContain(captured.local);
    }
  });

  test("leaves nothing in clear where photos wait", () => {
    const spool = join(on.folder, "state/photohaul/spool");
    const left = readdirSync(spool, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".part"));
    expect(left).toEqual([]);
  });

  test("has the same photos, names and dates as one in clear", async () => {
    await using clear = await rig();
    const plain = await clear.mirror("--timezone", "Europe/Berlin");
    const said = ({ photos }: Ran) =>
      photos
        .map(({ key, path, sha256: digest, captured }) => ({ key, path: path?.slice(0, 100), digest, captured }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    expect(said(first)).toEqual(said(plain));
  });

  test("takes nothing twice, and is read by nobody for that", async () => {
    const again = await mirror();
    expect([again.exit, again.stderr]).toEqual([0, ""]);
    expect(again.summary.outcomes).toMatchObject({ stored: 0, already: first.summary.outcomes.stored });
  });

  test("is verified without a key, and opened photo by photo with one", async () => {
    const closed = await on.run(["verify", target()]);
    expect([closed.exit, closed.stderr]).toEqual([0, ""]);
    for (const [at, key] of KEYS.entries()) {
      const drill = await on.run([
        "verify",
        target(),
        "--decrypt",
        "--identity",
        keyFile(on, `key-${at}`, key),
        "--json",
      ]);
      expect(drill.exit).toBe(0);
      expect(drill.summary).toMatchObject({ conditions: { whole: first.summary.outcomes.stored } });
    }
  });

  test("comes back with names, dates and bytes", async () => {
    const back = join(on.folder, "back");
    const ran = await on.run(["restore", target(), back, "--identity", keyFile(on, "key"), "--json"]);
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    expect(ran.summary.outcomes.stored).toBe(first.summary.outcomes.stored);
    for (const { key, path } of ran.photos) {
      const file = join(back, path ?? "");
      expect(BODIES.has(sha256(readFileSync(file))), key).toBe(true);
      const { captured } = first.photos.find((photo) => photo.key === key) ?? {};
      if (captured)
        expect(statSync(file).mtimeMs, key).toBeCloseTo(Math.max(Date.parse(captured.utc), -2_147_483_648_000), -1);
    }
  });

  test("comes back from its bare files, where all that was written down is lost", async () => {
    const bare = join(on.folder, "bare");
    cpSync(target(), bare, { recursive: true });
    rmSync(join(bare, ".photohaul"), { recursive: true });
    const back = join(on.folder, "bare-back");
    const ran = await on.run(["restore", bare, back, "--identity", keyFile(on, "key"), "--json"]);
    expect(ran.exit).toBe(3);
    expect(filesIn(back)).toEqual(filesIn(target()).map((file) => file.slice(0, -".age".length)));
    for (const file of filesIn(back)) expect(BODIES.has(sha256(readFileSync(join(back, file)))), file).toBe(true);
  });

  test.skipIf(LACKS_AGE)(
    "comes back by the program age and a loop of the shell, as its README says it, photohaul absent",
    () => {
      const alone = join(on.folder, "alone");
      cpSync(target(), alone, { recursive: true });
      writeFileSync(join(alone, "key.txt"), `${KEYS[1]}\n`, { mode: 0o600 });
      const readme = readFileSync(join(alone, ".photohaul/README.txt"), "utf8");
      const loop = /^ {4}find [\s\S]*?^ {4}done$/m.exec(readme)?.[0] ?? "";
      expect(loop).toContain("age -d -i key.txt");
      const said = execFileSync("sh", ["-c", loop], { cwd: alone, encoding: "utf8" });
      expect(said).toBe("");
      const sums = execFileSync("sha256sum", ["-c", "--quiet", ".photohaul/SHA256SUMS"], {
        cwd: alone,
        encoding: "utf8",
      });
      expect(sums).toBe("");
      const sealed = filesIn(alone).filter((file) => file.endsWith(".age"));
      for (const file of sealed) {
        const opened = readFileSync(join(alone, file.slice(0, -".age".length)));
        expect(BODIES.has(sha256(opened)), file).toBe(true);
      }
    },
  );

  test("opened in its own folder, the photos get their dates by what they say themselves", async () => {
    const mixed = join(on.folder, "mixed");
    cpSync(target(), mixed, { recursive: true });
    const [photo = ""] = first.photos.flatMap(({ captured, path }) =>
      captured?.source === "exif" && path ? [path] : [],
    );
    const { captured } = first.photos.find(({ path }) => path === photo) ?? {};
    cpSync(join(on.folder, "back", photo), join(mixed, photo));
    const sealed = statSync(join(mixed, `${photo}.age`)).mtimeMs;
    expect((await on.run(["dates", mixed, "--timezone", "Europe/Berlin"])).exit).toBe(0);
    expect(statSync(join(mixed, photo)).mtimeMs).toBeCloseTo(Date.parse(captured?.utc ?? ""), -1);
    expect(statSync(join(mixed, `${photo}.age`)).mtimeMs).toBe(sealed);
  });

  test("is known again on another computer with the key, and only with it", async () => {
    const env = { XDG_STATE_HOME: join(on.folder, "other") };
    const line = [
      "mirror",
      "s3://photos",
      target(),
      ...on.endpoint,
      "--json",
      ...SEALING,
      "--timezone",
      "Europe/Berlin",
    ];
    const before = filesIn(target());
    const refused = await on.run(line, { env });
    expect(refused.exit).toBe(5);
    expect(refused.stderr).toMatch(/knows nothing of[\s\S]*--identity/);
    const adopted = await on.run([...line, "--adopt", "--identity", keyFile(on, "key")], { env });
    expect([adopted.exit, adopted.stderr]).toEqual([0, ""]);
    expect(adopted.summary.outcomes).toMatchObject({ stored: 0, already: first.summary.outcomes.stored });
    expect(filesIn(target())).toEqual(before);
    const nightly = await on.run(line, { env });
    expect([nightly.exit, nightly.summary.outcomes.stored]).toEqual([0, 0]);
  });

  test("takes no photo in clear, and what lies in clear is not sealed", async () => {
    const plain = await on.mirror();
    expect([plain.exit, filesIn(target()).every((file) => file.endsWith(".age"))]).toEqual([5, true]);
    expect(plain.stderr).toMatch(/is sealed[\s\S]*--encrypt-to age1/);
    const clear = join(on.folder, "clear");
    const line = ["mirror", "s3://photos", clear, ...on.endpoint, "--json", "--limit", "2"];
    expect((await on.run(line)).exit).toBe(8);
    const mixed = await on.run([...line, ...SEALING]);
    expect([mixed.exit, mixed.stderr.includes("holds photos in clear")]).toEqual([2, true]);
  });
});

test("two targets of one run are sealed to other keys, whatever fails on the way", async () => {
  await using on = await rig();
  on.server.bucket("copy");
  for (const fault of ["lost-answer", "reset", "slow-down", "internal-error"] as const) {
    for (const skip of [2, 9, 40]) on.server.faults.arm({ fault, on: { op: "put" }, skip });
  }
  const [first, second] = [join(on.folder, "first"), "s3://copy/p"];
  const there = ["--target-endpoint", on.server.endpoint];
  const to = RECIPIENTS.flatMap((recipient, at) => ["--encrypt-to", `${at === 0 ? first : second}=${recipient}`]);
  const ran = await on.run([
    "mirror",
    "s3://photos",
    first,
    second,
    ...on.endpoint,
    ...there,
    ...to,
    "--one-key",
    "--json",
  ]);
  expect([ran.exit, ran.stderr, ran.summary.outcomes.failed]).toEqual([0, "", 0]);
  for (const [at, target] of [first, second].entries()) {
    const drill = (key: string) =>
      on.run([
        "verify",
        target,
        ...(at === 0 ? [] : there),
        "--decrypt",
        "--identity",
        keyFile(on, "k", key),
        "--json",
      ]);
    expect((await drill(KEYS[at] ?? "")).summary).toMatchObject({ conditions: { whole: ran.summary.outcomes.stored } });
    expect((await drill(KEYS[1 - at] ?? "")).exit).toBe(5);
  }
});

test("a dry run of a sealed target writes nothing", async () => {
  await using on = await rig();
  const ran = await on.mirror(...SEALING, "--dry-run");
  expect([ran.exit, existsSync(join(on.folder, "photos"))]).toEqual([0, false]);
});

test("a sealed bucket and a folder in clear come out of one run", async () => {
  await using on = await rig();
  on.server.bucket("copy");
  const clear = join(on.folder, "clear");
  const there = ["--target-endpoint", on.server.endpoint];
  const line = ["mirror", "s3://photos", clear, "s3://copy/p", ...on.endpoint, ...there, "--json"];
  const sealing = RECIPIENTS.flatMap((recipient) => ["--encrypt-to", `s3://copy/p=${recipient}`]);
  const ran = await on.run([...line, ...sealing]);
  expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  expect(filesIn(clear).some((file) => file.endsWith(".age"))).toBe(false);
  const photos = [...on.server.bucket("copy").keys()].filter((key) => !key.includes("/.photohaul/"));
  const short = (keys: readonly string[]) => keys.filter((key) => key.length < 200).toSorted();
  // A folder takes shorter names than a bucket.
  expect(photos.length).toBe(filesIn(clear).length);
  expect(short(photos.map((key) => key.slice(2, -4))).slice(0, 80)).toEqual(short(filesIn(clear)).slice(0, 80));
  for (const key of photos) expect(on.server.bucket("copy").get(key)?.facts.metadata).not.toHaveProperty("captured");
  expect((await on.run([...line, ...sealing])).summary.outcomes.stored).toBe(0);
  expect((await on.run(["verify", "s3://copy/p", ...there])).exit).toBe(0);
  const back = join(on.folder, "back");
  mkdirSync(back);
  const restored = await on.run(["restore", "s3://copy/p", back, ...there, "--identity", keyFile(on, "key")]);
  expect([restored.exit, restored.stderr]).toEqual([0, ""]);
  const digests = (folder: string) =>
    filesIn(folder)
      .map((file) => sha256(readFileSync(join(folder, file))))
      .toSorted();
  expect(digests(back)).toEqual(digests(clear));
  expect(filesIn(back).length).toBe(filesIn(clear).length);
});
