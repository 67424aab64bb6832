import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Encrypter, generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEYS, RECIPIENTS } from "../contract/sealed-rig.ts";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

const [ONE = "", TWO = ""] = RECIPIENTS;
const HYBRID = await identityToRecipient(await generateHybridIdentity());
/** Another letter in the middle, as a hand or an eye makes it. */
const MISTYPED = ONE.replace(/(.{30})(.)/, (_, start: string, letter: string) => start + (letter === "q" ? "p" : "q"));

let on: Rig;
beforeAll(async () => {
  on = await rig({}, (server) => {
    for (const name of ["a", "b", "c"]) server.bucket("photos").put(`${name}.jpg`, datedPhoto(70_000, name));
  });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(on.folder, name), text, { mode: 0o600 });
});
afterAll(() => on[Symbol.asyncDispose]());

const FILES = {
  "key.txt": `# public key: ${ONE}\n${KEYS[0]}\n`,
  "other.txt": `${await generateX25519Identity()}\n`,
  "recipients.txt": `# the drawer\n${ONE}\n\n${TWO}\n`,
  "empty.txt": "# nothing\n",
  "mistyped.txt": `${(KEYS[0] ?? "").replace("GFPYYSJZGFP", "GFPYYSJZGFQ")}\n`,
  "plugin.txt": "AGE-PLUGIN-YUBIKEY-1QQQQQQQQQQQ\n",
  "ssh.txt": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n",
  "public.txt": `${ONE}\n`,
};
const at = (name: string) => join(on.folder, name);
const mirror = (target: string, ...more: string[]) => [
  "mirror",
  "s3://photos",
  target,
  ...on.endpoint,
  "--json",
  ...more,
];

describe("to whom is sealed", () => {
  test.each([
    ["a recipient with one letter mistyped", () => [MISTYPED], /age1.* is mistyped: its checksum does not fit/],
    ["one that is cut", () => [ONE.slice(0, -3)], /is mistyped/],
    ["two kinds mixed", () => [ONE, HYBRID], /are not mixed/],
    ["a secret key", () => [KEYS[0] ?? ""], /was typed.*to seal, name its recipient/],
    ["a file with a secret key", () => [at("key.txt")], /holds a secret key/],
    ["a file that names nobody", () => [at("empty.txt")], /names no recipient/],
    ["a file that is not there", () => [at("none.txt")], /there is no such file/],
    ["a key of SSH", () => ["ssh-ed25519 AAAAC3Nza"], /no recipient \(age1…\)/],
    ["a target that is none of the line's", () => [`${at("elsewhere")}=${ONE}`], /no target of this line/],
  ])("%s is refused before anything is written", async (_, values, says) => {
    const target = at("never");
    const ran = await on.run(mirror(target, ...values().flatMap((value) => ["--encrypt-to", value])));
    expect([ran.exit, ran.stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(existsSync(target)).toBe(false);
    expect(ran.stderr + ran.stdout).not.toContain((KEYS[0] ?? "").slice(20, 40));
  });

  test("a target may be spelled otherwise, and only it is sealed", async () => {
    const [clear, sealed] = [at("in clear"), at("se=aled")];
    const ran = await on.run([...mirror(clear), sealed, "--encrypt-to", `se=aled/=${at("recipients.txt")}`]);
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    expect(readdirSync(clear)).toContain("a.jpg");
    expect(readdirSync(sealed).filter((name) => name !== ".photohaul")).toEqual([
      "a.jpg.age",
      "b.jpg.age",
      "c.jpg.age",
    ]);
  });

  test("one recipient is warned of, unless one is meant", async () => {
    const codes = async (...more: string[]) => {
      const { events } = await on.run(mirror(at("one"), "--encrypt-to", ONE, ...more));
      return events.flatMap((event) => (event.type === "warning" ? [event.code] : []));
    };
    expect(await codes()).toEqual(["one-key"]);
    expect(await codes("--one-key")).toEqual([]);
    expect(await codes("--encrypt-to", TWO)).toEqual(["target"]);
  });

  test("a schedule has whole paths, and no key", async () => {
    const line = [
      "schedule",
      "s3://photos",
      "usb",
      "s3://copy",
      "--for",
      "cron",
      "--encrypt-to",
      "s3://copy=recipients.txt",
    ];
    const ran = await on.run(line);
    expect([ran.exit, ran.stdout]).toEqual([
      0,
      expect.stringContaining(`--encrypt-to=s3://copy=${at("recipients.txt")}`),
    ]);
    const keyed = await on.run([...line, "--identity", at("key.txt")]);
    expect([keyed.exit, keyed.stderr]).toEqual([2, expect.stringMatching(/every night no key is needed/)]);
    const wrong = await on.run(["schedule", "s3://photos", "usb", "--encrypt-to", MISTYPED]);
    expect([wrong.exit, wrong.stderr]).toEqual([2, expect.stringMatching(/mistyped/)]);
  });
});

describe("keys that open", () => {
  const target = () => at("sealed");
  const restore = (folder: string, key: string, env = {}) =>
    on.run(["restore", target(), at(folder), "--json", "--identity", at(key)], { env });
  beforeAll(async () => {
    const ran = await on.run(mirror(target(), "--encrypt-to", at("recipients.txt")));
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  });

  test.each([
    ["none.txt", 2, /there is none/],
    ["empty.txt", 2, /holds no key/],
    ["mistyped.txt", 2, /line 1 of .* is mistyped/],
    ["plugin.txt", 2, /key of a plugin/],
    ["ssh.txt", 2, /not of SSH/],
    ["public.txt", 2, /is a recipient, which only seals/],
    ["other.txt", 5, /no key that was given opens .*[\s\S]*age1/],
  ])("%s is refused with its words, and nothing is lost", async (file, exit, says) => {
    const ran = await restore(`from-${file}`, file);
    expect([ran.exit, ran.stderr]).toEqual([exit, expect.stringMatching(says)]);
    expect(ran.stderr + ran.stdout).not.toMatch(/AGE-SECRET-KEY-1[A-Z0-9]/);
    expect(existsSync(join(at(`from-${file}`), "a.jpg"))).toBe(false);
  });

  test.runIf(process.platform !== "win32")("a key file that others can read is refused", async () => {
    writeFileSync(at("open.txt"), FILES["key.txt"]);
    chmodSync(at("open.txt"), 0o644);
    const ran = await restore("from-open", "open.txt");
    expect([ran.exit, ran.stderr]).toEqual([
      2,
      expect.stringMatching(/others on this computer can read[\s\S]*chmod 600/),
    ]);
  });

  test("a key file that is locked opens with its passphrase, from the environment", async () => {
    const encrypter = new Encrypter();
    encrypter.setPassphrase("correct horse");
    encrypter.setScryptWorkFactor(10);
    writeFileSync(at("locked.age"), await encrypter.encrypt(FILES["key.txt"]), { mode: 0o600 });
    const none = await restore("from-locked", "locked.age");
    expect([none.exit, none.stderr]).toEqual([
      2,
      expect.stringMatching(/locked with a passphrase[\s\S]*AGE_PASSPHRASE/),
    ]);
    const wrong = await restore("from-locked", "locked.age", { AGE_PASSPHRASE: "wrong" });
    expect([wrong.exit, wrong.stderr]).toEqual([2, expect.stringMatching(/does not open/)]);
    const right = await restore("from-locked", "locked.age", { AGE_PASSPHRASE: "correct horse" });
    expect([right.exit, right.stderr]).toEqual([0, ""]);
  });

  test("no key at all is told as that", async () => {
    const ran = await on.run(["restore", target(), at("from-nothing")]);
    expect([ran.exit, ran.stderr]).toEqual([5, expect.stringMatching(/is sealed[\s\S]*--identity FILE/)]);
  });

  test.each([
    ["cut", (file: string) => truncateSync(file, 50_000)],
    [
      "with a bit turned over",
      (file: string) => {
        const bytes = readFileSync(file);
        bytes[40_000] = (bytes[40_000] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      },
    ],
  ])("one file %s is named, and the others come back", async (how, spoil) => {
    const damaged = at(`damaged-${how}`);
    expect((await on.run(mirror(damaged, "--encrypt-to", at("recipients.txt")))).exit).toBe(0);
    spoil(join(damaged, "b.jpg.age"));
    const closed = await on.run(["verify", damaged, "--json"]);
    expect([closed.exit, closed.summary]).toMatchObject([3, { conditions: { whole: 2, rotten: 1 } }]);
    const drill = await on.run(["verify", damaged, "--json", "--decrypt", "--identity", at("key.txt")]);
    expect([drill.exit, drill.summary]).toMatchObject([3, { conditions: { whole: 2, unreadable: 1 } }]);
    const back = at(`back-${how}`);
    const ran = await on.run(["restore", damaged, back, "--json", "--identity", at("key.txt")]);
    expect([ran.exit, ran.summary.outcomes]).toMatchObject([3, { stored: 2, failed: 1 }]);
    expect(readdirSync(back).filter((name) => name !== ".photohaul")).toEqual(["a.jpg", "c.jpg"]);
    const mended = [
      "verify",
      damaged,
      "--json",
      "--decrypt",
      "--identity",
      at("key.txt"),
      "--repair-from",
      "s3://photos",
    ];
    const repaired = await on.run([...mended, ...on.endpoint]);
    expect([repaired.exit, repaired.summary]).toMatchObject([0, { repaired: 1 }]);
    expect((await on.run(["verify", damaged])).exit).toBe(0);
    expect((await on.run(["restore", damaged, `${back}-2`, "--identity", at("key.txt")])).exit).toBe(0);
    // What was sealed anew without the catalogue is known again with the key, once.
    const nightly = (...more: string[]) => on.run(mirror(damaged, "--encrypt-to", at("recipients.txt"), ...more));
    expect((await nightly()).exit).toBe(5);
    const keyed = await nightly("--identity", at("key.txt"));
    expect([keyed.exit, keyed.stderr, keyed.summary.outcomes]).toMatchObject([0, "", { stored: 0, already: 3 }]);
    expect([(await nightly()).exit, (await nightly()).stderr]).toEqual([0, ""]);
  });

  test("a sealed target and one in clear are brought into step with the key only, each in its own way", async () => {
    const [sealed, clear] = [at("step-sealed"), at("step-clear")];
    expect((await on.run(mirror(sealed, "--encrypt-to", at("recipients.txt"), "--include", "a.jpg"))).exit).toBe(0);
    expect((await on.run(mirror(clear, "--exclude", "a.jpg"))).exit).toBe(0);
    const names = (folder: string) => readdirSync(folder).filter((name) => name !== ".photohaul");
    for (const [one, other] of [
      [sealed, clear],
      [clear, sealed],
    ] as const) {
      const refused = await on.run(["verify", one, "--repair-from", other]);
      expect([refused.exit, refused.stderr]).toEqual([2, expect.stringMatching(/--decrypt --identity/)]);
    }
    expect([names(sealed), names(clear)]).toEqual([["a.jpg.age"], ["b.jpg", "c.jpg"]]);
    const keyed = (one: string, other: string) =>
      on.run(["verify", one, "--repair-from", other, "--decrypt", "--identity", at("key.txt")]);
    expect((await keyed(sealed, clear)).exit).toBe(0);
    expect((await keyed(clear, sealed)).exit).toBe(0);
    expect(names(sealed)).toEqual(["a.jpg.age", "b.jpg.age", "c.jpg.age"]);
    expect(names(clear)).toEqual(["a.jpg", "b.jpg", "c.jpg"]);
    for (const one of [sealed, clear]) expect((await on.run(["verify", one])).exit).toBe(0);
  });

  test("repair without the key is refused with words", async () => {
    const damaged = at("damaged-closed");
    expect((await on.run(mirror(damaged, "--encrypt-to", at("recipients.txt")))).exit).toBe(0);
    truncateSync(join(damaged, "b.jpg.age"), 5);
    const ran = await on.run(["verify", damaged, "--repair-from", "s3://photos", ...on.endpoint]);
    expect([ran.exit, ran.stderr]).toEqual([2, expect.stringMatching(/--decrypt --identity/)]);
  });

  test("the status tells of it, and of the drill", async () => {
    const status = async () => (await on.run(["status", "s3://photos", ...on.endpoint])).stdout;
    expect(await status()).toMatch(/sealed +never opened with its key/);
    expect((await on.run(["verify", target(), "--decrypt", "--identity", at("key.txt")])).exit).toBe(0);
    expect(await status()).toMatch(/sealed +all of it was opened with a key since/);
  });
});

describe("a new key", () => {
  test("lies in a file that only its owner can read, and seals and opens", async () => {
    const made = await on.run(["keys", "new", at("new.key"), "--paper", at("new.html")]);
    expect([made.exit, made.stdout]).toEqual([0, expect.stringMatching(/^age1[a-z0-9]{58}\n$/)]);
    const key = readFileSync(at("new.key"), "utf8");
    const secret = /^AGE-SECRET-KEY-1[A-Z0-9]+$/m.exec(key)?.[0] ?? "";
    expect(await identityToRecipient(secret)).toBe(made.stdout.trim());
    expect(made.stdout + made.stderr).not.toContain(secret);
    const page = readFileSync(at("new.html"), "utf8");
    expect(page).toContain(secret);
    expect(page).toContain("<svg");
    const again = await on.run(["keys", "new", at("new.key")]);
    expect([again.exit, again.stderr]).toEqual([2, expect.stringMatching(/never written over/)]);
    expect(readFileSync(at("new.key"), "utf8")).toBe(key);
  });

  test("whose page cannot be written is not made, and can be tried again", async () => {
    const keys = () => on.run(["keys", "new", at("again.key"), "--paper", at("again.html")]);
    writeFileSync(at("again.html"), "mine");
    const refused = await keys();
    expect([refused.exit, refused.stdout, existsSync(at("again.key"))]).toEqual([2, "", false]);
    expect(readFileSync(at("again.html"), "utf8")).toBe("mine");
    rmSync(at("again.html"));
    expect((await keys()).exit).toBe(0);
  });

  test("may be one for computers to come", async () => {
    const made = await on.run(["keys", "new", at("hybrid.key"), "--post-quantum"]);
    expect(made.stdout).toMatch(/^age1pq1/);
    const target = at("hybrid");
    writeFileSync(at("hybrid.txt"), made.stdout);
    expect((await on.run(mirror(target, "--encrypt-to", at("hybrid.txt")))).exit).toBe(0);
    expect((await on.run(["restore", target, at("hybrid-back"), "--identity", at("hybrid.key")])).exit).toBe(0);
  });
});
