/** The bundle that a checkout runs as long as it is of its sources, and that a package is. */

import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const home = mkdtempSync(join(tmpdir(), "photohaul-bundle-"));
const run = (script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
  promisify(execFile)(process.execPath, [join(home, "bin", script), ...args], {
    cwd: home,
    env: { ...process.env, ...env },
  });

beforeAll(async () => {
  for (const name of ["bin", "src", "fixtures", "package.json", "package-lock.json", "LICENSE"])
    cpSync(join(root, name), join(home, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  await run("bundle");
}, 60_000);
afterAll(() => rmSync(home, { recursive: true }));

const isCurrent = (): boolean => createRequire(import.meta.url)(join(home, "bin", "stamp")).isCurrent(home);
const main = join(home, "src", "main.ts");

test("it is used while it is of these sources, whenever they were written", () => {
  expect(isCurrent()).toBe(true);
  const before = readFileSync(main, "utf8");
  writeFileSync(main, before);
  expect(isCurrent()).toBe(true);
  writeFileSync(main, before.replace("arguments in", "Arguments in"));
  expect(isCurrent()).toBe(false);
  writeFileSync(main, before);
  const added = join(home, "src", "added.ts");
  writeFileSync(added, "");
  expect(isCurrent()).toBe(false);
  rmSync(added);
  expect(isCurrent()).toBe(true);
});

test("each thread and process that is started by its name is in it", () => {
  const sources = readdirSync(join(home, "src"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const started = sources.flatMap((name) =>
    [...readFileSync(join(home, "src", name), "utf8").matchAll(/new URL\(`([\w-]+)\$\{extname/g)].map(([, one]) => one),
  );
  expect(started.length).toBeGreaterThan(3);
  for (const name of started) expect(existsSync(join(home, "dist", `${name}.js`)), name).toBe(true);
});

test("it does what the sources do, and knows its version", { timeout: 120_000 }, async () => {
  rmSync(join(home, "src"), { recursive: true });
  const { stdout: version } = await run("photohaul", ["--version"]);
  expect(version.trim()).toBe(JSON.parse(readFileSync(join(home, "package.json"), "utf8")).version);
  const { stdout, stderr } = await run("photohaul", ["demo"], { PHOTOHAUL_HANDS: "1", TMPDIR: home });
  expect(stderr).not.toMatch(/not compared|could not/);
  expect(stdout).toContain("For a bucket of your own");
});
