/** The costs in docs/cold.md are what the table of prices says today. PHOTOHAUL_WRITE_COSTS=1 writes them anew. */

import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AWS_US_EAST_1 } from "../../src/report/aws-prices.ts";
import {
  bringingBack,
  type Forecast,
  getting,
  keeping,
  leaving,
  pricedBy,
  putting,
  retrieving,
  tiersOf,
  together,
} from "../../src/report/prices.ts";

const PAGE = new URL("../../docs/cold.md", import.meta.url);
const MARKS = /(<!-- costs: [^\n]*-->\n)[\s\S]*?(<!-- \/costs -->)/;
const PHOTO = 6e6;
const CLASSES = ["STANDARD", "STANDARD_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];

function costs(): string {
  const used: Forecast[] = [];
  const say = (...all: [Forecast, ...Forecast[]]) => {
    used.push(...all);
    return (together(all).amount ?? Number.NaN).toFixed(2);
  };
  const rows = [200e9, 2e12].flatMap((bytes) =>
    CLASSES.map((storageClass) => {
      const photos = { storageClass, objects: Math.round(bytes / PHOTO), bytes };
      const back = tiersOf(AWS_US_EAST_1, storageClass).includes("bulk")
        ? bringingBack(AWS_US_EAST_1, photos, "bulk", 7)
        : retrieving(AWS_US_EAST_1, photos);
      const out = leaving(AWS_US_EAST_1, bytes);
      const year = keeping(AWS_US_EAST_1, photos, 12);
      const size = bytes < 1e12 ? "200 GB" : "2 TB";
      const cells = [
        `${size} in \`${storageClass}\``,
        say(putting(AWS_US_EAST_1, photos)),
        ((year.amount ?? Number.NaN) / 12).toFixed(2),
        say(year),
        say(back, getting(AWS_US_EAST_1, photos), out),
        say(out),
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  );
  const head = [
    "| | put there, once | keep, a month | keep, a year | all back, once | of which the way out |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
  ];
  const [first, ...more] = used;
  if (first === undefined) throw new TypeError("no costs");
  return `\n${[...head, ...rows].join("\n")}\n\n${pricedBy(together([first, ...more]))}.\n\n`;
}

/** A table however it is padded. */
const bare = (text: string) => text.replace(/ +/g, " ").replace(/-+/g, "-");

test("the costs on the page are those that the table of prices comes to", () => {
  const page = readFileSync(PAGE, "utf8");
  const made = costs();
  expect(made).not.toContain("NaN");
  if (process.env.PHOTOHAUL_WRITE_COSTS === "1") writeFileSync(PAGE, page.replace(MARKS, `$1${made}$2`));
  const shown = MARKS.exec(readFileSync(PAGE, "utf8"))?.[0] ?? "";
  expect(bare(shown)).toContain(bare(made));
});
