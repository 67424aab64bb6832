/** Who has his turn when: what failed comes late, and where many fail, some from everywhere are asked. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import type { Listed } from "../../src/model.ts";

let folder: string;
let catalogue: Catalogue;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "catalogue-"));
  catalogue = openCatalogue(join(folder, "photos.sqlite"));
});
afterEach(async () => {
  await catalogue.close();
  rmSync(folder, { recursive: true });
});

const modified = "2015-01-01T00:00:00.000Z";
const listed = (key: string): Listed => ({ key, size: 10, etag: `etag-${key}`, modified, storageClass: "STANDARD" });
const kept = ({ key, etag, size }: Listed) => ({
  entry: { path: key, key, etag, size, sha256: `sha-${key}`, md5: "", captured: null, modified, storedAt: modified },
  folded: key,
});

async function list(objects: readonly Listed[]): Promise<void> {
  await catalogue.runs.start("mirror");
  await catalogue.listing.add(objects);
  await catalogue.listing.finish();
  const how = { kind: "original", family: "original", stem: null, rank: 0, reason: "because" } as const;
  await catalogue.listing.classify(objects.map(({ key }) => ({ key, ...how })));
}

async function plan(target: string): Promise<void> {
  await catalogue.plan(target).clear();
  for await (const chunk of catalogue.plan(target).candidates("skip")) {
    await catalogue.plan(target).add(chunk.map((object) => ({ object, path: null, folded: null })));
  }
}

test("what failed on any target comes last in the plan of every target, each in order", async () => {
  await list(["a", "b", "c", "d"].map(listed));
  await catalogue.kept("u").fail("a", "no");
  await catalogue.kept("t").fail("b", "no");
  await plan("t");
  await plan("u");
  // What fails from now on changes nothing of the order.
  await catalogue.kept("t").fail("c", "no");
  for (const target of ["t", "u"]) {
    const order: (readonly [string, boolean])[] = [];
    for await (const chunk of catalogue.plan(target).photos()) {
      for (const { object, turn } of chunk) order.push([object.key, turn.startsWith("~")]);
    }
    expect(order).toEqual([
      ["c", false],
      ["d", false],
      ["a", true],
      ["b", true],
    ]);
  }
});

test("some objects from everywhere are planned ones and kept ones", async () => {
  const objects = Array.from({ length: 40 }, (_, at) => listed(`${at + 10}`));
  await list(objects);
  await catalogue.kept("t").add(objects.slice(0, 20).map(kept));
  await plan("t");
  const keys = (await catalogue.listing.spread(4)).map(({ key }) => Number(key));
  expect(keys).toHaveLength(8);
  expect(keys.filter((key) => key < 30)).toHaveLength(4);
  expect(new Set(keys).size).toBe(8);
});
