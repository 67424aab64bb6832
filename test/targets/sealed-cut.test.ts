import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSealedLines } from "../../src/catalogue/sealed-lines.ts";
import { parseRecipient } from "../../src/seal/recipients.ts";
import type { Sealing } from "../../src/targets/sealed/open-sealed.ts";
import type { Target } from "../../src/targets/target.ts";
import { type FolderRig, folderRig } from "../contract/folder-rig.ts";
import { KEYS, RECIPIENTS } from "../contract/sealed-rig.ts";
import { keeping, pathsOf, readAll, signal, troubleOf } from "../contract/target-rig.ts";

/** A sealed folder of a computer that has no key, cut where a kill or a power cut can cut. */
describe("a sealed target without its key", () => {
  let rig: FolderRig;
  let known: ReturnType<typeof openSealedLines>;
  let sealing: Sealing;
  let target: Target;

  beforeEach(async () => {
    rig = await folderRig();
    known = openSealedLines();
    const recipients = RECIPIENTS.map(parseRecipient);
    sealing = { recipients, identities: [], lines: () => known };
    target = await rig.open({ sealing });
  });
  afterEach(async () => {
    await target.close();
    known.close();
    await rig.close();
  });

  const own = (name: string) => join(rig.root, ".photohaul", name);
  const reopened = async (more: Partial<Sealing> = {}) => {
    await target.close();
    target = await rig.open({ sealing: { ...sealing, ...more } });
  };
  const without = async (name: string, what: string) => {
    const lines = (await readFile(own(name), "utf8")).split("\n").filter((line) => !line.includes(what));
    await writeFile(own(name), lines.join("\n"));
  };

  test("knows what it kept by the lists in clear and by what it wrote", async () => {
    await target.commit([await keeping(target, "a.jpg", "1"), await keeping(target, "b.jpg", "2")], signal);
    await reopened();
    expect(await pathsOf(target)).toEqual(["a.jpg", "b.jpg"]);
    expect(await troubleOf(readAll(target, "a.jpg"))).toBe("sealed");
  });

  test("takes a file over that had its name and stood in no list", async () => {
    await target.commit([await keeping(target, "a.jpg", "1"), await keeping(target, "b.jpg", "2")], signal);
    const before = await rig.read("b.jpg.age");
    await target.close();
    await without("manifest.ndjson", "b.jpg");
    await without("SHA256SUMS", "b.jpg");
    target = await rig.open({ sealing });
    expect(await pathsOf(target)).toEqual(["a.jpg"]);
    const [again, other] = [await keeping(target, "b.jpg", "2"), await keeping(target, "a.jpg", "another")];
    expect(await target.commit([again, other], signal)).toEqual(["same", "occupied"]);
    expect(await rig.read("b.jpg.age")).toEqual(before);
    await other.draft.discard();
    await reopened();
    expect(await pathsOf(target)).toEqual(["a.jpg", "b.jpg"]);
    await reopened({ identities: KEYS });
    expect(await pathsOf(target)).toEqual(["a.jpg", "b.jpg", "b.jpg"]);
    expect((await readAll(target, "b.jpg")).toString()).toBe("2");
  });

  test("does not believe what was intended and never came to lie", async () => {
    await target.commit([await keeping(target, "a.jpg", "1")], signal);
    await target.close();
    for (const name of ["manifest.ndjson", "SHA256SUMS"]) await without(name, "a.jpg");
    await rm(join(rig.root, "a.jpg.age"));
    target = await rig.open({ sealing });
    expect(await pathsOf(target)).toEqual([]);
    await reopened({ identities: KEYS });
    expect(await pathsOf(target)).toEqual([]);
    expect(await target.commit([await keeping(target, "a.jpg", "1")], signal)).toEqual(["stored"]);
    expect(await pathsOf(target)).toEqual(["a.jpg"]);
  });

  test("says that it needs the key where another computer wrote, and not what it holds", async () => {
    await target.commit([await keeping(target, "a.jpg", "1")], signal);
    const elsewhere = openSealedLines();
    await reopened({ lines: () => elsewhere });
    expect(await troubleOf(pathsOf(target))).toBe("sealed");
    await reopened({ lines: () => elsewhere, identities: KEYS.slice(0, 1) });
    expect(await pathsOf(target)).toEqual(["a.jpg"]);
    await reopened({ lines: () => elsewhere });
    expect(await pathsOf(target)).toEqual(["a.jpg"]);
    elsewhere.close();
  });

  test("with the key a part that was lost or damaged is made out from the files themselves", async () => {
    await target.commit([await keeping(target, "a.jpg", "1")], signal);
    await target.commit([await keeping(target, "b.jpg", "2")], signal);
    await target.close();
    const [part = ""] = (await readdir(own(""))).filter((name) => name.startsWith("manifest-000001-"));
    await writeFile(own(part), "damaged");
    const elsewhere = openSealedLines();
    const warned: string[] = [];
    const keyed = { ...sealing, lines: () => elsewhere, identities: KEYS };
    target = await rig.open({ sealing: keyed, warn: (message) => warned.push(message) });
    const broken: string[] = [];
    const found: string[] = [];
    for await (const { path, size } of target.entries(signal, (how) => broken.push(how))) found.push(`${path} ${size}`);
    expect(found.toSorted()).toEqual(["a.jpg 1", "b.jpg 1"]);
    expect(broken).toEqual(["unreadable"]);
    expect(warned.join()).toContain(part);
    elsewhere.close();
  });

  test("a key that opens nothing there is told as that", async () => {
    await target.commit([await keeping(target, "a.jpg", "1")], signal);
    await reopened({ identities: ["AGE-SECRET-KEY-1QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSKMP32K"] });
    expect(await troubleOf(pathsOf(target))).toBe("sealed");
  });
});
