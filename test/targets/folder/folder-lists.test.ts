import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseEntry } from "../../../src/manifest-entry.ts";
import { FolderLists } from "../../../src/targets/folder/folder-lists.ts";
import { type ListName, SUMS } from "../../../src/targets/list-lines.ts";
import { TargetLists } from "../../../src/targets/lists.ts";
import { entryFor, signal } from "../../contract/target-rig.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "photohaul-lists-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const manifest = (): string => join(folder, "manifest.ndjson");
const first = entryFor("a/first \u2028\u{1f4f7}.jpg", "1");
const second = entryFor("second.jpg", "2");

async function add(...entries: (typeof first)[]): Promise<void> {
  const { lists, close } = await opened();
  await lists.add(entries, signal);
  await close();
}

async function opened() {
  const files = await FolderLists.open({ home: folder, durable: true, onAside: () => undefined });
  const medium = { name: folder, warn: () => undefined, drafts: null, lists: files };
  return { lists: new TargetLists(medium, (_, work) => work()), close: () => files.close() };
}

async function lines(list: ListName): Promise<string[]> {
  const found: string[] = [];
  for await (const line of FolderLists.toRead(folder).lines(list, signal, () => undefined)) found.push(line);
  return found;
}

describe("the lists of a target", () => {
  test("grow by a line for each photo", async () => {
    await add(first);
    await add(second);
    expect((await lines("manifest")).map(parseEntry)).toEqual([first, second]);
    expect(await lines("sums")).toEqual([first, second].map((entry) => SUMS.write(entry).trimEnd()));
  });

  test("cut anywhere, hold what was whole and go on from there", async () => {
    await add(first, second);
    const whole = await readFile(manifest());
    const firstEnds = whole.indexOf("\n") + 1;
    const around = [firstEnds - 1, firstEnds, firstEnds + 1, whole.length - 1];
    const anywhere = Array.from({ length: 40 }, (_, at) => Math.floor((at * whole.length) / 40));
    for (const cut of [...around, ...anywhere]) {
      await writeFile(manifest(), whole.subarray(0, cut));
      await writeFile(join(folder, "SHA256SUMS"), "");
      await add(second);
      const kept = cut < firstEnds ? [second] : [first, second];
      expect((await lines("manifest")).map(parseEntry)).toEqual(kept);
    }
  });

  test.each([
    ["nothing but zeros, as a power cut leaves them", Buffer.alloc(300_000)],
    ["zeros that end in a newline", Buffer.from(`${"\0".repeat(70_000)}\n`)],
    ["several lines that are no entries", Buffer.from('x\n{}\n{"path":1}\n')],
    ["a line longer than any entry", Buffer.from(`"${"x".repeat(1_100_000)}"\n`)],
  ])("lose %s at their end", async (_, rubbish) => {
    await add(first);
    await appendFile(manifest(), rubbish);
    await appendFile(join(folder, "SHA256SUMS"), rubbish);
    await add(second);
    expect((await lines("manifest")).map(parseEntry)).toEqual([first, second]);
    expect(await lines("sums")).toHaveLength(2);
  });

  test("keep a broken line that good ones follow", async () => {
    await add(first);
    await appendFile(manifest(), "broken\n");
    await appendFile(manifest(), `${JSON.stringify(second)}\n`);
    await add(second);
    expect((await lines("manifest")).map(parseEntry)).toEqual([first, null, second, second]);
  });

  test("mend themselves when something was written behind their back", async () => {
    const { lists, close } = await opened();
    await lists.add([first], signal);
    await appendFile(manifest(), '{"half');
    await lists.add([second], signal);
    expect((await lines("manifest")).map(parseEntry)).toEqual([first, second]);
    await close();
  });
});

test("lines are read whole across blocks; what follows the last newline is none", async () => {
  const long = ["x".repeat(65_535), "", "y".repeat(200_000), "z\u2028\r"];
  await writeFile(manifest(), `${long.join("\n")}\nrest`);
  expect(await lines("manifest")).toEqual(long);
  await truncate(manifest());
  expect(await lines("manifest")).toEqual([]);
});

test.each([
  ["a b.jpg", "0  a b.jpg\n"],
  ["a\\b", "\\0  a\\\\b\n"],
  ["a\nb", "\\0  a\\nb\n"],
])("%j is written as sha256sum writes it", (path, line) => {
  expect(SUMS.write({ path, sha256: "0" })).toBe(line);
});
