import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { command } from "../../src/commands/init.ts";
import { placesIn } from "../../src/local/mounted-drives.ts";
import { setupLines } from "../../src/steps/setup-lines.ts";
import { type Rig, rig } from "./rig.ts";

let on: Rig;
beforeAll(async () => {
  on = await rig({}, (server) => {
    server.bucket("my-photos").put("2012/IMG_1.jpg", "a photo");
    server.bucket("my-copy");
  });
});
afterAll(() => on[Symbol.asyncDispose]());

/** As at a terminal: what is asked is answered in turn; "" is Enter. */
async function converse(answers: readonly string[], typed: Record<string, unknown> = {}) {
  const terminal = () => Object.assign(new PassThrough(), { isTTY: true });
  const [stdin, stdout, stderr] = [terminal(), new PassThrough(), terminal()];
  const waiting = [...answers];
  const said: string[] = [];
  stderr.on("data", (data: Buffer) => {
    said.push(data.toString());
    if (/(\] |: |> )$/.test(data.toString())) setImmediate(() => stdin.write(`${waiting.shift() ?? ""}\n`));
  });
  for (const [name, value] of Object.entries(on.env)) vi.stubEnv(name, value);
  vi.stubEnv("AWS_ENDPOINT_URL", on.server.endpoint);
  const streams = { stdin, stdout, stderr } as unknown as Pick<NodeJS.Process, "stdin" | "stdout" | "stderr">;
  const signal = new AbortController().signal;
  try {
    const exit = await command.run(typed, { ...streams, env: process.env, platform: process.platform, signal });
    return { exit, said: said.join(""), lines: String(stdout.read() ?? "") };
  } finally {
    vi.unstubAllEnvs();
  }
}

describe("the conversation", () => {
  test("offers the buckets of the keys and the drives, and five Enters make a mirror to a drive", async () => {
    const { exit, said, lines } = await converse(["", "", "", ""]);
    expect(exit).toBe(0);
    expect(said).toMatch(/1 {2}s3:\/\/my-copy\n {2}2 {2}s3:\/\/my-photos\n/);
    expect(said).toMatch(/the system's own drive: what lies there is lost with this computer/);
    expect(lines).toMatch(/^photohaul mirror s3:\/\/my-copy \S+ --dry-run$/m);
    expect(lines).toMatch(/^photohaul schedule s3:\/\/my-copy \S+ --at 03:30 --install$/m);
  });

  test("takes ~ for the home of who types it, as no shell does that here", async () => {
    const { lines } = await converse(["~/Pictures", "~/a copy", "~/usb", ""]);
    const home = on.env.HOME;
    expect(lines).toContain(`photohaul mirror ${home}/Pictures '${home}/a copy' ${home}/usb --dry-run`);
  });

  test("looks whether the source answers, and goes on where it does not", async () => {
    expect((await converse(["2", on.folder])).said).toContain("It answers: 1 key to begin with, 7 bytes.");
    const { exit, said, lines } = await converse(["s3://nobody", on.folder]);
    expect([exit, said]).toEqual([0, expect.stringMatching(/It does not answer yet: .*nobody/)]);
    expect(lines).toContain(`photohaul mirror s3://nobody ${on.folder} --dry-run`);
  });

  test("seals and archives a second copy where that is wished, with two keys", async () => {
    const { lines } = await converse(["2", on.folder, "s3://my-copy", "y", "y", "4:15"]);
    const words = `s3://my-photos ${on.folder} s3://my-copy --storage-class DEEP_ARCHIVE --encrypt-to s3://my-copy=photohaul.pub`;
    expect(lines).toContain(`\nphotohaul mirror ${words}\n`);
    expect(lines).toContain("photohaul keys new photohaul-2.key --paper photohaul-2.html >> photohaul.pub\n");
    expect(lines).toContain(`photohaul schedule ${words} --at 4:15 --install`);
    expect(lines).toMatch(/^# A copy with the same company is gone with the account/);
  });

  test("asks again where nothing usable was said, and not for ever", async () => {
    const { said } = await converse(["ftp://old", "2", on.folder, "", "at noon", "12:00"]);
    expect(said).toMatch(/photohaul does not know ftp:/);
    expect(said).toContain("A time of day such as 03:30.");
    await expect(converse(["99", "99", "99"])).rejects.toThrow("nothing was chosen");
  });
});

describe("init --print", () => {
  test("prints lines that run as they stand", async () => {
    const drive = join(on.folder, "usb");
    mkdirSync(drive);
    const { exit, stdout } = await on.run([
      "init",
      "--print",
      "--source",
      "s3://my-photos",
      "--target",
      drive,
      ...on.endpoint,
    ]);
    expect(exit).toBe(0);
    const lines = stdout.split("\n").filter((line) => line.startsWith("photohaul "));
    expect(lines.map((line) => line.split(" ")[1])).toEqual(["mirror", "mirror", "schedule", "status"]);
    for (const line of lines) {
      const words = line
        .split(" ")
        .slice(1)
        .filter((word) => word !== "--install");
      expect([line, (await on.run(words)).exit]).toEqual([line, 0]);
    }
  });

  test.each([
    [["init"], /there is no terminal to ask at: photohaul init --print --source/],
    [["init", "--print", "--source", "s3://my-photos"], /--print asks nothing, so both are needed/],
    [["init", "--print", "--source", "s3://a", "--target", "s3://a/b"], /lies? inside the source/],
    [
      ["init", "--print", "--source", "s3://a", "--target", "/m", "--seal", "/n"],
      /--seal \/n: no target is called that/,
    ],
    [
      ["init", "--print", "--source", "s3://a", "--target", "/m", "--storage-class", "GLACIER"],
      /is for targets in buckets/,
    ],
  ])("%j is refused in words", async (line, says) => {
    const { exit, stderr } = await on.run(line);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(says)]);
  });
});

test("a name with blanks and quotes is one word of the shell", () => {
  const answers = { source: "/my photos", reach: [], targets: ["/media/it's"], sealed: null, more: [], at: "03:30" };
  expect(setupLines(answers)[1]?.line).toBe("photohaul mirror '/my photos' '/media/it'\\''s'");
});

test("mounts are read as the kernel writes them: drives that can be written to, each once", () => {
  const text = [
    "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
    "23 22 0:21 / /proc rw - proc proc rw",
    "40 22 8:17 / /media/my\\040photos rw,nosuid shared:1 - exfat /dev/sdb1 rw",
    "41 22 8:17 /sub /mnt/again rw - exfat /dev/sdb1 rw",
    "42 22 8:33 / /media/old ro - vfat /dev/sdc1 ro",
    "43 22 0:50 / /mnt/nas rw - nfs4 nas:/photos rw",
  ].join("\n");
  expect(placesIn(text).map(({ path }) => path)).toEqual(["/", "/media/my photos", "/mnt/nas"]);
});
