/** What is said and asked before an archive is: the price, by the table that was named, and whether the days are enough. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { archiveEvents, cold, later, useClock } from "./cold-bucket.ts";

useClock();

const FAST = ["--restore-tier", "expedited", "--max-cost", "0.01"];
const plain = (text: string) => stripVTControlCharacters(text).replaceAll(/\s+/g, " ");

test("at a terminal the price is said and a yes is waited for; a no asks for nothing, and brings the rest", async () => {
  await using bucket = await cold(6);
  const { at } = bucket;
  const line = ["mirror", "s3://photos", join(at.folder, "photos"), ...at.endpoint, ...FAST];
  const no = await at.run(line, { typed: "n" });
  expect(plain(no.stdout)).toMatch(
    /Bring back 3 photos, 3\.\d kB from the archive, expedited: about 0\.03 USD, there within 5 minutes \(Amazon.*\)\? \[y\/N\]/,
  );
  expect([no.exit, bucket.asked.size, bucket.got.size]).toEqual([8, 0, 3]);
  const yes = await at.run(line, { typed: "y" });
  expect([yes.exit, bucket.asked.size]).toEqual([8, 3]);
  later(1);
  expect((await at.mirror()).exit).toBe(0);
});

test("days that are too few for the line, as fast as it was, are warned of", async () => {
  await using bucket = await cold(6, {}, () => ({}));
  const { at } = bucket;
  const { events } = await at.mirror();
  const file = events.find((event) => event.type === "run")?.catalogue ?? "";
  for (let nth = 0; nth < 6; nth += 2)
    at.server.bucket("photos").put(`late-${nth}.jpg`, "x".repeat(4000), { storageClass: "GLACIER" });
  // As if the first run had taken 60 MB at 15 kB a day.
  using database = new DatabaseSync(file);
  const seconds = (60e6 / 15_000) * 86_400;
  database
    .prepare("UPDATE runs SET summary = json_set(summary, '$.storedBytes', 60000000, '$.seconds', ?)")
    .run(seconds);
  const ran = await at.mirror("--restore-tier", "bulk", "--restore-days", "3");
  const warnings = ran.events.filter((event) => event.type === "warning" && event.code === "restore-days");
  expect(warnings).toMatchObject([{ message: expect.stringMatching(/stay for 3 days.*--restore-days 4/) }]);
  expect(bucket.asked.size).toBe(3);
});

test("one table of prices holds for every estimate", async () => {
  await using bucket = await cold(4);
  const { at } = bucket;
  const file = join(at.folder, "prices.json");
  const lines = { "GLACIER.bulk.ask": 2000, "GLACIER.bulk.read": 0, "STANDARD.keep": 0, "GLACIER.bulk.to": 7 };
  writeFileSync(file, JSON.stringify({ name: "mine", currency: "EUR", source: "my bill", lines }));
  const own = ["--prices", file];
  const told = { tier: "bulk", amount: 4, currency: "EUR", hoursTo: null, priced: "mine: my bill" };
  const refused = await at.mirror(...own, "--restore-tier", "bulk", "--max-cost", "3");
  expect(refused.summary).toMatchObject({ exit: 2, error: expect.stringMatching(/about 4\.00 EUR.*mine: my bill/) });
  expect(archiveEvents(await at.mirror(...own))[0]?.forecast[0]).toMatchObject(told);
  const dry = ["mirror", "s3://photos", join(at.folder, "new"), "--dry-run", ...at.endpoint, ...own];
  const look = ["inventory", "s3://photos", ...at.endpoint, ...own];
  for (const words of [dry, look]) {
    const [event] = archiveEvents(await at.run([...words, "--json"]));
    expect(event).toMatchObject({ photos: 2, waiting: 0, asked: 0 });
    expect(event?.forecast[0]).toMatchObject(told);
    const page = plain((await at.run(words)).stdout);
    expect(page).toMatch(/In an archive GLACIER 2 photos.*To bring them back for 7 days bulk about 4\.00 EUR/);
    expect(page).toContain("--restore-tier bulk");
  }
});
