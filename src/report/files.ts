/** `--report FILE`: which report it is says the end of its name. */

import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { HaulError } from "../errors.ts";
import type { StartEvent } from "../events.ts";
import { mustBeOurs } from "../local/own-file.ts";
import { writeWhole } from "../local/whole-file.ts";
import { CSV_COLUMNS, DATES_COLUMNS, type InventoryRow, writeCsv } from "./csv.ts";
import { forJson } from "./escape.ts";
import { html, htmlPage, isHtmlReport } from "./html.ts";
import { isMarkdownReport, markdown } from "./markdown.ts";
import { mirrorPage, otherPage, type Report } from "./report-page.ts";

/** How a report of each format begins. */
const BEGINNINGS: Readonly<Record<string, (head: string) => boolean>> = {
  ".html": isHtmlReport,
  ".json": (head) => /^\{\s*"version": "[^"]*",\s*"startedAt": "/.test(head),
  ".csv": (head) => [CSV_COLUMNS, DATES_COLUMNS].some((columns) => head.startsWith(columns)),
  ".md": isMarkdownReport,
};

/**
 * Tells before a run of hours whether its report can be written at its end.
 * @throws HaulError `usage`: no such format, no such folder, it may not be written to, or it is another's file
 */
export async function checkReportFile(file: string): Promise<void> {
  const isOurs = BEGINNINGS[formatOf(file)];
  if (isOurs === undefined) {
    const known = Object.keys(BEGINNINGS).join(", ");
    throw new HaulError("usage", `--report ${file}: the name must end in one of ${known}`);
  }
  try {
    await access(dirname(file), constants.W_OK | constants.X_OK);
  } catch (cause) {
    const message = `--report ${file}: its folder does not exist or may not be written to`;
    throw new HaulError("usage", message, { cause });
  }
  mustBeOurs("--report", file, isOurs);
}

/**
 * Writes one report: whole under its name, or not at all.
 * @param rows every key once, asked for by the `.csv` report only
 * @throws HaulError as `writeWhole`, and what `rows` throws
 */
export async function writeReport(
  file: string,
  report: Report,
  rows: () => AsyncIterable<InventoryRow>,
  signal: AbortSignal,
): Promise<void> {
  await checkReportFile(file);
  switch (formatOf(file)) {
    case ".csv":
      return await writeCsv(file, rows(), signal);
    case ".html":
      return await writeWhole(file, [html(report)], signal);
    case ".md":
      return await writeWhole(file, [markdown(mirrorPage(report))], signal);
    default:
      return await writeWhole(file, [`${forJson(jsonReport(report), 2)}\n`], signal);
  }
}

/** The summary line as `--json` prints it, and beside it what went wrong and what there is. */
function jsonReport({ run: { version, startedAt }, summary, inventory, estimate, troubles }: Report) {
  const { failures, skippedFor, warnings, doubts, doubtful } = troubles;
  const skipped = Object.fromEntries(skippedFor);
  return { version, startedAt, summary, inventory, estimate, failures, skipped, warnings, doubts, doubtful };
}

/**
 * The report of `verify`, `restore` or `dates`, with what the terminal shows at their end; none of them is a table.
 * @throws HaulError `usage` where the name does not end in .html, .md or .json; as `writeWhole`
 */
export async function writeOtherReport(
  file: string,
  run: StartEvent,
  summary: Parameters<typeof otherPage>[1],
  signal: AbortSignal,
): Promise<void> {
  await checkReportFile(file);
  const page = otherPage(run, summary);
  const { version, startedAt } = run;
  const texts: Readonly<Record<string, () => string>> = {
    ".html": () => htmlPage(page),
    ".md": () => markdown(page),
    ".json": () => `${forJson({ version, startedAt, summary }, 2)}\n`,
  };
  const text = texts[formatOf(file)];
  if (text === undefined)
    throw new HaulError("usage", `--report ${file}: of this command there are .html, .md and .json`);
  await writeWhole(file, [text()], signal);
}

function formatOf(file: string): string {
  return extname(file).toLowerCase();
}
