/**
 * Holds photohaul's dates against ExifTool's over any folder: `npm run test:dates -- FOLDER`. Prints the
 * agreement by format, then every difference with its reason. Ends with 1 where photohaul has another date
 * than a DateTimeOriginal that can be true, or none where ExifTool finds one that can.
 */

import { resolve } from "node:path";
import { type Comparison, compareFolder, isFailure, VERDICTS } from "./compare-folder.ts";

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function table(comparisons: readonly Comparison[]): void {
  const cells = (first: string, rest: readonly (string | number)[]) =>
    print(first.padEnd(10) + rest.map((cell) => String(cell).padStart(11)).join(""));
  const counts = (of: readonly Comparison[]) => [
    of.length,
    ...VERDICTS.map((verdict) => of.filter((it) => it.verdict === verdict).length),
  ];
  cells("format", ["files", ...VERDICTS]);
  for (const [format, of = []] of Object.entries(Object.groupBy(comparisons, (it) => it.format))) {
    cells(format, counts(of));
  }
  cells("all", counts(comparisons));
}

async function main(folder: string): Promise<number> {
  const { comparisons, unnamed, faults } = await compareFolder(folder);
  table(comparisons);
  if (unnamed > 0) print(`${unnamed} files left out, as their names are no UTF-8`);
  for (const { file, verdict, reason } of comparisons) {
    if (reason !== "") print(`\n${verdict}: ${file}\n  ${reason}`);
  }
  return comparisons.some(isFailure) || faults > 0 ? 1 : 0;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  print("Which folder? npm run test:dates -- FOLDER");
  process.exitCode = 2;
} else {
  process.exitCode = await main(resolve(folder));
}
