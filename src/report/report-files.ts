/** `--report FILE`: which report it is says the end of its name. */

import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { HaulError } from "../errors.ts";
import type { RunEvent, StartEvent } from "../events.ts";
import { mustBeOurs, writeWhole } from "../local/files.ts";
import { CSV_COLUMNS, DATES_COLUMNS, type InventoryRow, writeCsv } from "./csv.ts";
import { forJson } from "./escape.ts";
import { html, htmlPage, isHtmlReport } from "./html.ts";
import { isMarkdownReport, markdown, mirrorPage, otherPage, type Report } from "./report-page.ts";
import { NO_TROUBLES, notice, type Troubles } from "./troubles.ts";

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
  const { skippedFor, doubts, doubtful } = troubles;
  const skipped = Object.fromEntries(skippedFor);
  return { version, startedAt, summary, inventory, estimate, ...wrongIn(troubles), skipped, doubts, doubtful };
}

function wrongIn({ failures, warnings }: Troubles): Pick<Troubles, "failures" | "warnings"> {
  return { failures, warnings };
}

/**
 * What writes the reports of `verify` or `restore` when the run is over: .html, .md or .json, with what the terminal
 * shows at the end and what went wrong. None of them is a table.
 */
export function pageReports(files: readonly string[], signal: AbortSignal) {
  let troubles = NO_TROUBLES;
  return {
    /** To be told each event of the run. */
    count: (event: RunEvent): void => {
      troubles = notice(troubles, event);
    },
    write: async (summary: PageSummary, start: StartEvent): Promise<void> => {
      for (const file of files) await writePage(file, { start, summary, troubles }, signal);
    },
  };
}

interface Pageful {
  readonly start: StartEvent;
  readonly summary: PageSummary;
  readonly troubles: Troubles;
}

async function writePage(file: string, { start, summary, troubles }: Pageful, signal: AbortSignal): Promise<void> {
  const page = otherPage(start, summary, troubles);
  const { version, startedAt } = start;
  const texts: Readonly<Record<string, () => string>> = {
    ".html": () => htmlPage(page),
    ".md": () => markdown(page),
    ".json": () => `${forJson({ version, startedAt, summary, ...wrongIn(troubles) }, 2)}\n`,
  };
  const text = texts[formatOf(file)];
  if (text === undefined)
    throw new HaulError("usage", `--report ${file}: of this command there are .html, .md and .json`);
  await checkReportFile(file);
  await writeWhole(file, [text()], signal);
}

type PageSummary = Parameters<typeof otherPage>[1];

function formatOf(file: string): string {
  return extname(file).toLowerCase();
}
