import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errorOf, FolderThread } from "../../../src/targets/folder/folder-thread.ts";
import { fsyncFiles, SyncFs } from "../../../src/targets/folder/fsync.ts";
import { TemporaryFile } from "../../../src/targets/temporary-file.ts";

let folder = "";
let thread = new FolderThread();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "photohaul-"));
  thread = new FolderThread();
});
afterEach(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const made = (name: string, text: string) => ({
  file: join(folder, name),
  bytes: bytes(text),
  seconds: "1340892202",
});

test("files are made with their bytes and times; after a failure the rest is given back", async () => {
  const files = [made("a", "one"), made("none/none/b", "two"), made("c", "three")];
  const answer = await thread.do({ kind: "write", files });
  expect(answer.done).toBe(1);
  expect(errorOf(answer)).toMatchObject({ code: "ENOENT", message: expect.stringMatching(/^ENOENT: /) });
  expect(answer.rest.map((one) => new TextDecoder().decode(one))).toEqual(["two", "three"]);
  expect(await readdir(folder)).toEqual(["a"]);
  expect(await readFile(join(folder, "a"), "utf8")).toBe("one");
  expect((await stat(join(folder, "a"))).mtimeMs).toBe(1_340_892_202_000);
});

test.each([true, false])("a name that is taken is never given again (links: %s)", async (links) => {
  for (const name of ["a", "b", "taken"]) await writeFile(join(folder, name), name);
  const rename = (from: string, to: string) => ({ from: join(folder, from), to: join(folder, to) });
  const names = [rename("a", "taken"), rename("b", "free")];
  const answer = await thread.do({ kind: "rename", names, links });
  expect(answer.renamed).toEqual([false, true]);
  expect((await readdir(folder)).sort()).toEqual(["a", "free", "taken"]);
  expect(await readFile(join(folder, "taken"), "utf8")).toBe("taken");
});

test("many files are forced, as a drive where that works and one by one where not", async () => {
  const files = Array.from({ length: 20 }, (_, at) => join(folder, String(at)));
  for (const file of files) await writeFile(file, "1");
  const missing = [...files, join(folder, "gone")];
  const asked: string[] = [];
  const whole = (name: string, works: boolean) => ({
    force: async () => {
      asked.push(name);
      return works;
    },
  });
  await fsyncFiles(missing, whole("works", true));
  await expect(fsyncFiles(missing, whole("fails", false))).rejects.toMatchObject({
    code: "ENOENT",
  });
  await fsyncFiles(files.slice(0, 3), whole("few", true));
  await fsyncFiles(files, null);
  expect(asked).toEqual(["works", "fails"]);
});

describe("a whole drive", () => {
  test.runIf(process.platform === "linux")("is forced, again and again", async () => {
    const drive = new SyncFs(folder);
    expect(await Promise.all([drive.force(), drive.force()])).toEqual([true, true]);
    expect(await drive.force()).toBe(true);
    drive.close();
  });

  test("that is gone says so, and so does one that was closed", async () => {
    const drive = new SyncFs(join(folder, "no such folder"));
    expect(await drive.force()).toBe(false);
    const late = drive.force();
    drive.close();
    expect(await late).toBe(false);
    expect(await drive.force()).toBe(false);
  });
});

test("a photo that is held is in no file until somebody asks for one", async () => {
  await mkdir(join(folder, "tmp"));
  const small = await TemporaryFile.create(join(folder, "tmp"), 3, 10);
  await small.write(bytes("abc"));
  await small.finish();
  expect(await readdir(join(folder, "tmp"))).toEqual([]);
  small.spill();
  expect(await readFile(small.file, "utf8")).toBe("abc");
  await small.discard();
  const longer = await TemporaryFile.create(join(folder, "tmp"), 3, 10);
  await longer.write(bytes("more than was expected"));
  await longer.finish();
  expect(longer.held).toBeNull();
  expect(await readFile(longer.file, "utf8")).toBe("more than was expected");
  await longer.discard();
  expect(await readdir(join(folder, "tmp"))).toEqual([]);
});
