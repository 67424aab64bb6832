import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

test("the page of a mirror tells years by when photos were taken, and of nothing that is to be fetched", async () => {
  await using on = await rig({}, (server) => {
    for (const name of ["a", "b"]) server.bucket("photos").put(`${name}.jpg`, datedPhoto(2000, name));
    server.bucket("photos").put("undated.bin", Buffer.from("nobody knows"));
  });
  const page = (name: string) => join(on.folder, name);
  expect((await on.mirror("--dry-run", "--report", page("before.md"))).exit).toBe(0);
  expect(readFileSync(page("before.md"), "utf8")).toContain("to fetch");
  const ran = await on.mirror(
    "--report",
    page("after.md"),
    "--report",
    page("after.json"),
    "--report",
    page("after.html"),
  );
  expect(ran.exit).toBe(0);
  const text = readFileSync(page("after.md"), "utf8");
  expect(text).not.toContain("to fetch");
  expect(readFileSync(page("after.html"), "utf8")).not.toMatch(/to fetch|as their keys say/);
  expect(text).toContain("Taken: of what is kept, as its dates say.");
  const { inventory } = JSON.parse(readFileSync(page("after.json"), "utf8"));
  const months = new Map<string, number>();
  for (const { captured } of ran.photos) {
    if (captured == null || captured.source === "modified") continue;
    const month = captured.local.slice(0, 7);
    months.set(month, (months.get(month) ?? 0) + 1);
  }
  expect(inventory).toMatchObject({ timeBy: "taken", takenByPhotos: true });
  const taken: { name: string; keys: number }[] = inventory.taken;
  expect(taken.map(({ name, keys }) => [name, keys])).toEqual([...months]);
  expect([...months.values()]).toEqual([2]);
});
