/** The reports of a run: an inventory counted over the catalogue, and a file for each `--report`. */

import { z } from "zod";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { monthInKey } from "../dates/name-date.ts";
import type { StartEvent } from "../events.ts";
import type { Refusal } from "../keys/key-filter.ts";
import { jsonOf } from "../manifest-entry.ts";
import { DRIVES, type Estimate, estimate, LINES } from "../report/estimate.ts";
import { writeReport } from "../report/files.ts";
import { takeStock } from "../report/inventory-counts.ts";
import type { Inventory, Planned } from "../report/inventory-data.ts";
import { AWS_US_EAST_1 } from "../report/prices.ts";
import type { Report } from "../report/report-page.ts";
import type { Troubles } from "../report/troubles.ts";
import { contactSheet } from "../steps/contact-sheet.ts";
import type { LayoutReport } from "../steps/layout-report.ts";
import type { Source } from "../stores/source.ts";
import type { MirrorSummary } from "../summaries.ts";
import { inventoryRows } from "./inventory-rows.ts";

export interface Surveyed {
  readonly catalogue: Catalogue;
  readonly layout: LayoutReport;
  readonly plan: Planned;
  /** For the pictures of an HTML report. */
  readonly source: Source;
  /** False for a store whose prices nobody told us. */
  readonly onAws: boolean;
}

export interface Stock {
  readonly inventory: Inventory;
  readonly estimate: Estimate;
}

/**
 * Counts what the bucket holds; one pass over the catalogue.
 * @param target its id; "" where there is none
 */
export async function stockOf(surveyed: Surveyed, target: string): Promise<Stock> {
  const { catalogue, layout, plan } = surveyed;
  const stock = takeStock(({ key, modified }) => monthInKey(key, modified));
  for await (const chunk of catalogue.listing.objects()) stock.add(chunk);
  const inventory = stock.result({
    layout: { name: layout.name, reason: layout.reason },
    families: layout.families,
    duplicates: await catalogue.listing.duplicates(),
    missing: await catalogue.plan(target).missingOriginals(),
    plan,
    notes: layout.notes,
    suspects: layout.suspects,
  });
  const prices = surveyed.onAws ? AWS_US_EAST_1 : null;
  const measured = await measuredSpeed(catalogue);
  const usual = surveyed.source.oneByOne === true ? DRIVES : LINES;
  const again = { line: "as fast as last time", bytesPerSecond: measured ?? 0 };
  const lines = measured === null ? usual : [again];
  return { inventory, estimate: estimate(inventory, prices, lines) };
}

/** Fewer bytes say more of the way there than of the way itself. */
const TELLING_BYTES = 50_000_000;
const RUNS = 20;

/** Bytes a second of the last mirror run that brought enough to tell; null where there was none. */
async function measuredSpeed(catalogue: Catalogue): Promise<number | null> {
  for (const { command, summary } of await catalogue.runs.last(RUNS)) {
    if (command !== "mirror" || summary === null) continue;
    const { storedBytes, seconds } = SPEED.parse(jsonOf(summary) ?? {});
    if (storedBytes >= TELLING_BYTES && seconds > 0) return storedBytes / seconds;
  }
  return null;
}

/** Earlier versions may have said less. */
const SPEED = z.object({ storedBytes: z.number().catch(0), seconds: z.number().catch(0) });

interface Writing {
  readonly files: readonly string[];
  readonly run: StartEvent;
  readonly troubles: Troubles;
  /** Null where the run did not get as far as a plan. */
  readonly surveyed: Surveyed | null;
  /** Id of the target; "" where there is none. */
  readonly target: string;
  readonly refusal: Refusal;
  readonly signal: AbortSignal;
}

/** Writes each report whole or not at all. @throws HaulError `usage`, `full`, `interrupted` */
export async function writeReports(summary: MirrorSummary, writing: Writing): Promise<void> {
  if (writing.files.length === 0) return;
  const { run, troubles, surveyed, target, refusal, signal } = writing;
  const stock = surveyed === null ? null : await stockOf(surveyed, target);
  // Pictures cost requests, and no other report shows them.
  const pictures = surveyed !== null && writing.files.some((file) => /\.html$/i.test(file));
  const report: Report = {
    run,
    summary,
    troubles,
    inventory: stock?.inventory ?? null,
    estimate: stock?.estimate ?? null,
    pairs: pictures ? await contactSheet(surveyed.layout, { ...surveyed, signal }) : [],
  };
  const rows = async function* () {
    if (surveyed === null) return;
    const { catalogue } = surveyed;
    yield* inventoryRows({ catalogue, target, refusal, startedAt: run.startedAt });
  };
  for (const file of writing.files) await writeReport(file, report, rows, signal);
}
