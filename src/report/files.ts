/** `--report FILE`: which report it is says the end of its name. */

import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { HaulError } from "../errors.ts";
import { mustBeOurs } from "../local/own-file.ts";
import { writeWhole } from "../local/whole-file.ts";
import { CSV_COLUMNS, type InventoryRow, writeCsv } from "./csv.ts";
import { DATES_COLUMNS } from "./dates-csv.ts";
import { forJson } from "./escape.ts";
import { html, isHtmlReport } from "./html.ts";
import { markdown } from "./markdown.ts";
import type { Report } from "./report.ts";
import { reportObject } from "./report-object.ts";

/** How a report of each format begins. */
const BEGINNINGS: Readonly<Record<string, (head: string) => boolean>> = {
  ".html": isHtmlReport,
  ".json": (head) => /^\{\s*"version": "[^"]*",\s*"startedAt": "/.test(head),
  ".csv": (head) => [CSV_COLUMNS, DATES_COLUMNS].some((columns) => head.startsWith(columns)),
  ".md": (head) => /^# .*\n\n.*, started .*, by photohaul /.test(head),
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
      return await writeWhole(file, [markdown(report)], signal);
    default:
      return await writeWhole(file, [`${forJson(reportObject(report), 2)}\n`], signal);
  }
}

function formatOf(file: string): string {
  return extname(file).toLowerCase();
}
