/** `--report FILE`: which report it is says the end of its name. */

import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { HaulError } from "../errors.ts";
import { type InventoryRow, writeCsv } from "./csv.ts";
import { forJson } from "./escape.ts";
import { html } from "./html.ts";
import { markdown } from "./markdown.ts";
import type { Report } from "./report.ts";
import { reportObject } from "./report-object.ts";
import { writeWhole } from "./whole-file.ts";

const FORMATS = [".html", ".json", ".csv", ".md"];

/**
 * Tells before a run of hours whether its report can be written at its end.
 * @throws HaulError `usage`: no such format, no such folder, or it may not be written to
 */
export async function checkReportFile(file: string): Promise<void> {
  if (!FORMATS.includes(formatOf(file))) {
    const known = FORMATS.join(", ");
    throw new HaulError("usage", `--report ${file}: the name must end in one of ${known}`);
  }
  try {
    await access(dirname(file), constants.W_OK | constants.X_OK);
  } catch (cause) {
    const message = `--report ${file}: its folder does not exist or may not be written to`;
    throw new HaulError("usage", message, { cause });
  }
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
  switch (formatOf(file)) {
    case ".csv":
      return await writeCsv(file, rows(), signal);
    case ".html":
      return await writeWhole(file, [html(report)], signal);
    case ".md":
      return await writeWhole(file, [markdown(report)], signal);
    case ".json":
      return await writeWhole(file, [`${forJson(reportObject(report), 2)}\n`], signal);
    default:
      return await checkReportFile(file);
  }
}

function formatOf(file: string): string {
  return extname(file).toLowerCase();
}
