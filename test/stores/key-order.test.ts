import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { compareKeys } from "../../src/key.ts";
import { KeyOrder } from "../../src/stores/key-order.ts";

const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("photohaul-listing-"));

async function through(entries: readonly { key: string; id: string }[], most: number) {
  await using order = new KeyOrder<{ key: string; id: string }>(({ id }) => id, most);
  for (const entry of entries) await order.add(entry);
  const out: { key: string; id: string }[] = [];
  for await (const entry of order.entries()) out.push(entry);
  return out;
}

test.each([1, 2, 7, 100, 1000])("with %i in memory entries come in the order of their keys' bytes", async (most) => {
  const before = folders();
  const names = [
    "b",
    "a/x",
    "a.jpg",
    "é",
    "e\u0301",
    "\u{1f600}",
    "\uffff",
    "new\nline",
    "\u2028",
    "\u2029\r",
    "a",
    "~",
    '"quote"',
  ];
  const entries = Array.from({ length: 200 }, (_, n) => ({
    key: `${(n * 37) % 20}/${names[n % names.length]}`,
    id: String((n * 7) % 10),
  }));
  const out = await through(entries, most);
  const sorted = entries.toSorted((a, b) => compareKeys(a.key, b.key) || (a.id < b.id ? -1 : Number(a.id > b.id)));
  expect(out).toEqual(sorted);
  expect(folders()).toEqual(before);
});

test("nothing in, nothing out", async () => {
  expect(await through([], 1)).toEqual([]);
});

test("leaves no file for a reader who leaves early", async () => {
  const before = folders();
  {
    await using order = new KeyOrder<{ key: string }>(() => "", 2);
    for (const key of ["c", "b", "a", "d", "e"]) await order.add({ key });
    for await (const { key } of order.entries()) {
      expect(key).toBe("a");
      break;
    }
  }
  expect(folders()).toEqual(before);
});
