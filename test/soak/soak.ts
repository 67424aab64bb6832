/**
 * npm run soak [-- --photos N] [--days N] [--scratch DIR]
 *
 * Years of cron in an hour: a bucket of 100,000 photos is brought home, then mirrored day after day with some new
 * photos and a changed one each. Measures every run from outside (Linux, /proc): peak memory, handles, the time until
 * its plan stands, the size of the catalogue. Ends with 1 where any of them grows with the days, where memory
 * or handles grow within the first run, or where a run does not do what it should.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { DEMO_CREDENTIALS, startS3 } from "../../fixtures/s3/server.ts";
import type { MirrorSummary } from "../../src/events.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";

const { values } = parseArgs({
  options: {
    photos: { type: "string", default: "100000" },
    days: { type: "string", default: "40" },
    scratch: { type: "string", default: tmpdir() },
  },
});
const PHOTOS = Number(values.photos);
const DAYS = Number(values.days);
const NEW_EACH_DAY = 50;
/** What may be noise and what is growth: a third more than at the beginning. */
const GROWTH = 4 / 3;
const BIN = new URL("../../bin/photohaul", import.meta.url).pathname;

interface Day {
  readonly exit: number;
  readonly summary: MirrorSummary;
  /** Seconds of the processors until the plan stood, and of all of the run: other work on the machine does not count. */
  readonly planned: number;
  readonly cpu: number;
  readonly ms: number;
  /** Most bytes in memory. */
  readonly peak: number;
  /** Bytes in memory and open handles, as they were seen while photos were fetched. */
  readonly samples: readonly { readonly memory: number; readonly handles: number }[];
}

const folder = mkdtempSync(join(values.scratch, "photohaul-soak-"));
const server = await startS3({});
const bucket = server.bucket("photos");
const catalogue = join(folder, "catalogue.sqlite");
try {
  for (let n = 0; n < PHOTOS; n += 1) put(keyOf(n), n);
  const first = await runOnce();
  mustBe(first, PHOTOS, 0);
  say(`day 0: ${line(first)}`);
  const days: Day[] = [];
  for (let day = 1; day <= DAYS; day += 1) {
    for (let n = 0; n < NEW_EACH_DAY; n += 1) put(`new/${day}/${n}.jpg`, n);
    put(keyOf(day), `changed on day ${day}`);
    const run = await runOnce();
    mustBe(run, NEW_EACH_DAY + 1, PHOTOS + (day - 1) * NEW_EACH_DAY - 1);
    days.push(run);
    say(`day ${day}: ${line(run)}`);
  }
  process.exitCode = judge(first, days) ? 0 : 1;
} finally {
  await server.close();
  rmSync(folder, { recursive: true });
}

function keyOf(n: number): string {
  return `20${String(n % 20).padStart(2, "0")}/IMG_${String(n).padStart(7, "0")}.jpg`;
}

function put(key: string, fill: string | number): void {
  const said = typeof fill === "number" ? fill % 256 : fill;
  bucket.put(key, datedPhoto(1500, said), { modified: "2016-01-01T00:00:00.000Z" });
}

function runOnce(): Promise<Day> {
  const words = ["mirror", "s3://photos", join(folder, "photos"), "--endpoint", server.endpoint];
  const child = spawn(process.execPath, [BIN, ...words, "--catalogue", catalogue, "--json"], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      AWS_ACCESS_KEY_ID: DEMO_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: DEMO_CREDENTIALS.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const begun = performance.now();
  const home = `/proc/${child.pid}`;
  let planned = 0;
  let cpu = 0;
  let peak = 0;
  let summary: MirrorSummary | null = null;
  const samples: { memory: number; handles: number }[] = [];
  const look = setInterval(() => {
    const now = status(home);
    cpu = cpuOf(home) ?? cpu;
    peak = Math.max(peak, now?.peak ?? 0);
    if (planned > 0 && now !== null) samples.push(now);
  }, 50);
  createInterface(child.stdout).on("line", (text) => {
    const event = JSON.parse(text);
    if (event.type === "plan") planned = cpuOf(home) ?? 0;
    if (event.type === "summary") cpu = cpuOf(home) ?? cpu;
    if (event.type === "summary") summary = event;
  });
  return new Promise((resolve, reject) => {
    child.on("close", (code) => {
      clearInterval(look);
      if (summary === null) return reject(new Error("a run without a summary"));
      const ms = performance.now() - begun;
      resolve({ exit: code ?? 1, summary, planned, cpu, ms, peak, samples });
    });
  });
}

function status(home: string) {
  try {
    const text = readFileSync(join(home, "status"), "utf8");
    const kilobytes = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
    const handles = readdirSync(join(home, "fd")).length;
    return { memory: kilobytes("VmRSS"), peak: kilobytes("VmHWM"), handles };
  } catch {
    return null;
  }
}

/** The kernel counts hundredths of seconds for /proc, user and system apart, after the name of the program. */
function cpuOf(home: string): number | null {
  try {
    const fields = readFileSync(join(home, "stat"), "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}

function mustBe({ exit, summary }: Day, stored: number, already: number): void {
  const { outcomes } = summary;
  if (exit === 0 && outcomes.stored === stored && outcomes.already === already) return;
  throw new Error(`expected ${stored} stored and ${already} already: ${JSON.stringify(summary)}`);
}

function judge(first: Day, days: readonly Day[]): boolean {
  const { samples } = first;
  const third = Math.floor(samples.length / 3);
  const within = (what: "memory" | "handles") =>
    compared(
      `${what} within the first run, its second third and its last`,
      samples.slice(third, 2 * third).map((sample) => sample[what]),
      samples.slice(2 * third).map((sample) => sample[what]),
    );
  const part = Math.floor(days.length / 3);
  const over = (what: string, of: (day: Day) => number) =>
    compared(`${what}, first third of the days and last`, days.slice(0, part).map(of), days.slice(-part).map(of));
  const verdicts = [
    within("memory"),
    within("handles"),
    over("peak memory", ({ peak }) => peak),
    over("handles", (day) => Math.max(0, ...day.samples.map(({ handles }) => handles))),
    over("seconds of CPU to the plan", ({ planned }) => planned),
    over("seconds of CPU of a run", ({ cpu }) => cpu),
  ];
  say(`catalogue: ${(statSync(catalogue).size / 1e6).toFixed(0)} MB`);
  return verdicts.every(Boolean);
}

/** True where the median of the later ones is no growth over that of the earlier ones. */
function compared(what: string, earlier: readonly number[], later: readonly number[]): boolean {
  const [before, after] = [median(earlier), median(later)];
  const good = after <= before * GROWTH;
  say(`${good ? "flat" : "GROWS"}: ${what}: ${round(before)}, ${round(after)}`);
  return good;
}

function round(number: number): string {
  return number < 100 ? number.toFixed(1) : Math.round(number).toLocaleString("en");
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function line({ summary, planned, cpu, ms, peak, samples }: Day): string {
  const handles = Math.max(0, ...samples.map((sample) => sample.handles));
  return `${summary.outcomes.stored} stored, CPU ${planned.toFixed(1)} s to the plan and ${cpu.toFixed(1)} s in all, ${(ms / 1000).toFixed(1)} s, ${(peak / 1e6).toFixed(0)} MB at most, ${handles} handles`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
