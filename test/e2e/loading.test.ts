/** What a command line loads, as a package may take longer than all that a short run does of itself. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type Rig, type RunOptions, rig, running } from "../scripts/rig.ts";

/** Names each package on standard error when the process ends. */
const TELLS = `
  import { registerHooks } from "node:module";
  const packages = new Set();
  registerHooks({
    load(url, context, next) {
      const name = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1];
      if (name !== undefined) packages.add(name);
      return next(url, context);
    },
  });
  process.on("exit", () => console.error("loaded:" + [...packages].join(" ")));
`;

/** What reads videos, a layout in a file, dates in a table, and writes one; help; a bar; letters that are not narrow; seals. */
const FOR_FEW =
  "exiftool-vendored smol-toml csv-parse csv-stringify yargs cli-progress string-width age-encryption".split(" ");

/** What reads photos: an inventory that compares no pictures reads none. */
const FOR_PHOTOS = ["exifreader", "sharp"];

async function loadedBy(on: Rig, line: readonly string[], env: RunOptions["env"] = {}) {
  const ran = await on.run(line, { spawned: true, env: { ...env, ...running(TELLS), PHOTOHAUL_BUNDLE: "0" } });
  const [, packages = ""] = /^loaded:(.*)$/m.exec(ran.stderr) ?? [];
  expect({ exit: ran.exit, stderr: ran.stderr }).toEqual({
    exit: 0,
    stderr: `loaded:${packages}\n`,
  });
  return packages.split(" ").filter((name) => name !== "");
}

test("the overview of the commands needs no package", async () => {
  await using on = await rig({}, () => undefined);
  expect(await loadedBy(on, ["--help"])).toEqual([]);
});

test("a bucket at an endpoint, with keys in the environment, needs no SDK; keys of a profile do", async () => {
  await using on = await rig();
  const line = ["inventory", "s3://photos", ...on.endpoint];
  const loaded = await loadedBy(on, line);
  expect(loaded).toContain("undici");
  expect(loaded.filter((name) => name.startsWith("@aws-sdk/"))).toEqual([]);
  expect(loaded.filter((name) => FOR_FEW.includes(name))).toEqual([]);
  const named = await loadedBy(on, [...line, "--layout", "immich"]);
  expect(named.filter((name) => FOR_PHOTOS.includes(name))).toEqual([]);

  mkdirSync(join(on.folder, ".aws"));
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = on.env;
  writeFileSync(
    join(on.folder, ".aws", "credentials"),
    `[mine]\naws_access_key_id=${AWS_ACCESS_KEY_ID}\naws_secret_access_key=${AWS_SECRET_ACCESS_KEY}\n`,
  );
  expect(await loadedBy(on, [...line, "--profile", "mine"])).toContain("@aws-sdk/client-s3");
});

test("a mirror between folders asks nothing over HTTP, and reads a table of dates when it is given one", async () => {
  await using on = await rig({}, () => undefined);
  const from = join(on.folder, "from");
  mkdirSync(from);
  writeFileSync(join(from, "a.jpg"), datedPhoto(2000, "a"));
  const line = ["mirror", from, join(on.folder, "to")];
  const few = async (more: readonly string[]) =>
    (await loadedBy(on, [...line, ...more])).filter((name) => ["undici", ...FOR_FEW].includes(name));
  expect(await few([])).toEqual([]);
  const dates = join(on.folder, "dates.csv");
  writeFileSync(dates, "key,date\n");
  expect(await few(["--dates", dates])).toEqual(["csv-parse"]);
});
