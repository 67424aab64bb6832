import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Rig, rig } from "./rig.ts";

/** Names that strangers give to objects, each made to do something where it is shown. */
const NAMES = [
  "=cmd|'/C calc'!A0.jpg",
  "+1.jpg",
  "-2.jpg",
  "@SUM(A1).jpg",
  "<script>alert(1)</script>.jpg",
  '"><img src=x onerror=alert(1)>.jpg',
  "\u001b[2J\u001b]0;owned\u0007.jpg",
  "\u009b31mred.jpg",
  "line\nfeed\r.jpg",
  "photo\u202egpj.exe.jpg",
  "zero\u200bwidth\u2066.jpg",
  "[x](javascript:alert(1)).jpg",
  "100%20$(id)`id`.jpg",
];
/** Everything that a terminal acts upon, but for the ends of lines. */
const ACTS = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const TAGS = /<script|<img src=x|<b>usb/i;

describe("what strangers wrote", () => {
  let on: Rig;
  let drive: string;
  let bodies: string[];
  const pings = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      bodies.push(body);
      response.end();
    });
  });
  beforeAll(async () => {
    on = await rig({}, (server) => {
      for (const name of NAMES) server.bucket("photos").put(name, Buffer.from(name), {});
    });
    drive = join(on.folder, '<b>usb\u001b[31m\u202e "5%"');
    bodies = [];
    await new Promise<void>((resolve) => pings.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    pings.closeAllConnections();
    await new Promise((resolve) => pings.close(resolve));
    await on[Symbol.asyncDispose]();
  });

  const at = (...more: string[]) => ["s3://photos", drive, ...on.endpoint, ...more];

  test("does nothing on a terminal, in a log, in a report or in what others are told, whether it is stored or fails", async () => {
    on.server.faults.arm({ fault: "access-denied", on: { op: "get" }, times: 4 });
    const { port } = pings.address() as AddressInfo;
    const made = (name: string) => join(on.folder, name);
    const types = ["html", "json", "csv", "md"];
    const ran = await on.run([
      "mirror",
      ...at("--verbose", "--log", made("log"), "--metrics", made("metrics")),
      ...types.flatMap((type) => ["--report", made(`report.${type}`)]),
      "--ping",
      `http://127.0.0.1:${port}/x`,
      "--notify-command",
      `cat > ${made("notified")}`,
    ]);
    expect(ran.exit).toBe(3);
    expect(ran.stdout.match(/^stored/gm)).toHaveLength(NAMES.length - 4);
    expect(ran.stderr.match(/^failed/gm)).toHaveLength(4);
    const written = [...types.map((type) => `report.${type}`), "log", "metrics", "notified"];
    const texts = new Map(written.map((name) => [name, readFileSync(made(name), "utf8")]));
    texts.set("standard output", ran.stdout).set("standard error", ran.stderr);
    for (const [number, body] of bodies.entries()) texts.set(`ping ${number}`, body);
    expect(texts.size).toBe(11);
    // A cell of CSV is the text itself, for programs; what it must not be is a formula.
    const shown = [...texts].filter(([name]) => name !== "report.csv");
    expect(shown.filter(([, text]) => ACTS.test(text)).map(([name]) => name)).toEqual([]);
    expect(texts.get("report.html")).not.toMatch(TAGS);
    expect(texts.get("report.md")).not.toMatch(TAGS);
    expect(texts.get("report.md")).not.toContain("[x](javascript:");
    const cells = (texts.get("report.csv") ?? "").split(/[\r\n]+/).map((row) => row.split(",")[0]);
    expect(cells.filter((cell) => /^"?[=+\-@\t\r]/.test(cell ?? ""))).toEqual([]);
    expect(cells.some((cell) => cell?.includes("'=cmd"))).toBe(true);
  });

  test.each<[string, () => string[]]>([
    ["status", () => ["status"]],
    ["status --json", () => ["status", "--json"]],
    ["verify", () => ["verify", drive, "--verbose"]],
    ["restore", () => ["restore", drive, join(on.folder, "back"), "--verbose"]],
    ["dates", () => ["dates", join(on.folder, "back"), "--dry-run", "--verbose"]],
    ["explain", () => ["explain", "s3://photos", NAMES[6] ?? "", ...on.endpoint]],
    ["mirror, of a source that is none", () => ["mirror", "s3://\u001b[31m\u202e", drive]],
    ["mirror, with an option that is none", () => ["mirror", "s3://photos", drive, "--\u001b[31m"]],
    ["a command that is none", () => ["\u001b[31m"]],
  ])("does nothing in what is said by %s", async (_, command) => {
    const { stdout, stderr } = await on.run(command());
    expect(`${stdout}${stderr}`.length).toBeGreaterThan(20);
    expect(ACTS.exec(`${stdout}${stderr}`)).toBeNull();
  });

  test("is one word of a schedule, or refused where no schedule can hold it", async () => {
    const schedule = (place: string, kind: string) => {
      const exclude = ["--exclude", NAMES[12] ?? "", "--for", kind];
      return on.run(["schedule", "s3://photos", place, ...on.endpoint, ...exclude]);
    };
    const held = async (kind: string) => {
      const ran = await schedule('<b>usb\u202e 5% "it\'s"', kind);
      expect(ran.exit).toBe(0);
      return ran.stdout;
    };
    const cron = await held("cron");
    expect(cron.split("\n").filter((line) => line.startsWith("30 3 "))).toHaveLength(1);
    expect((await held("systemd")).match(/^ExecStart=/gm)).toHaveLength(1);
    const plist = await held("launchd");
    expect(plist.slice(plist.indexOf("<plist"))).not.toMatch(TAGS);
    const refused = await schedule(drive, "cron");
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain("no scheduler can hold a line with a control character in it");
    expect(ACTS.exec(refused.stderr)).toBeNull();
  });

  test("lies on the drive under names that hold all of it", () => {
    expect(readdirSync(drive)).toHaveLength(NAMES.length - 4 + 1);
  });
});
