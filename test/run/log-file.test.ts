import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLogFile } from "../../src/run/log-file.ts";

let folder: string;
let said: string[];
const options = () => ({
  most: 1000,
  older: 2,
  onTrouble: (message: string) => said.push(message),
});
beforeEach(() => {
  said = [];
  folder = mkdtempSync(join(tmpdir(), "photohaul-log-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a line for each event, with its time, for its owner alone", () => {
  const file = join(folder, "log");
  const log = openLogFile(file, options());
  log.write({ type: "run" });
  log.write({ type: "progress" });
  log.close();
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines).toHaveLength(1);
  const at = new Date(JSON.parse(lines[0] ?? "").at);
  expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(10_000);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ type: "run" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("it is turned over when it has grown, also between runs, and stays bounded", () => {
  const file = join(folder, "log");
  for (let run = 0; run < 10; run += 1) {
    const log = openLogFile(file, options());
    for (let at = 0; at < 20; at += 1) log.write({ type: `event-${run}-${at}` });
    log.close();
  }
  expect(readdirSync(folder).sort()).toEqual(["log", "log.1", "log.2"]);
  for (const name of readdirSync(folder)) {
    expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
  const text = ["log.2", "log.1", "log"].map((name) => readFileSync(join(folder, name), "utf8"));
  const events = text
    .join("")
    .trimEnd()
    .split("\n")
    .map((line) => String(JSON.parse(line).type));
  const all = Array.from({ length: 200 }, (_, at) => `event-${Math.floor(at / 20)}-${at % 20}`);
  expect(events).toEqual(all.slice(-events.length));
  expect(events.length).toBeGreaterThan(30);
  expect(said).toEqual([]);
});

test("a log that cannot be written any more is told once, and the run goes on", () => {
  const file = join(folder, "log");
  const log = openLogFile(file, { ...options(), most: 100 });
  log.write({ type: "x".repeat(90) });
  rmSync(folder, { recursive: true });
  log.write({ type: "y" });
  log.write({ type: "z" });
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("the run goes on");
  log.close();
  folder = mkdtempSync(join(tmpdir(), "photohaul-log-"));
});

test("a log that cannot be opened is wrong use", () => {
  expect(() => openLogFile(join(folder, "no", "log"), options())).toThrow(/--log .* cannot be written/);
});
