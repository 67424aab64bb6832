/** The reports of a run: an inventory counted over the catalogue, and a file for each `--report`. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { monthInKey } from "../dates/name-date.ts";
import type { MirrorSummary, StartEvent } from "../events.ts";
import type { Refusal } from "../keys/key-filter.ts";
import type { CataloguedObject } from "../model.ts";
import { type ColdStock, coldEvent } from "../report/archive-forecast.ts";
import { ELSEWHERE } from "../report/aws-prices.ts";
import type { InventoryRow } from "../report/csv.ts";
import { DRIVES, type Estimate, estimate, LINES } from "../report/estimate.ts";
import { addMonth, inOrder, type Stocktaking, takeStock } from "../report/inventory-counts.ts";
import type { Inventory } from "../report/inventory-data.ts";
import { inventorySections } from "../report/inventory-sections.ts";
import type { Report } from "../report/report-page.ts";
import type { Output } from "../run/output.ts";
import { type RunState, StockAsJudged, type Surveyed } from "../run/state.ts";
import { originalOf } from "../steps/find-siblings.ts";
import { measuredSpeed } from "../steps/measured-speed.ts";

export interface Stock {
  readonly inventory: Inventory;
  readonly estimate: Estimate;
  /** Of what a mirror would fetch. */
  readonly cold: ColdStock;
}

const newStock = () => takeStock(({ key, modified }) => monthInKey(key, modified));

/** For a run that will ask for the stock of what it lists. */
export function stockAsJudged(): StockAsJudged {
  return new StockAsJudged(newStock());
}

/**
 * Counts what the bucket holds; one pass over the catalogue, where it was not counted as it was judged.
 * @param target its id; "" where there is none
 */
export async function stockOf(surveyed: Surveyed, target: string): Promise<Stock> {
  const { catalogue, layout, plan, cold } = surveyed;
  const { keys } = await catalogue.listing.totals();
  const stock = surveyed.stock?.of(keys) ?? (await readAgain(catalogue));
  const inventory = stock.result({
    layout: { name: layout.name, reason: layout.reason },
    families: layout.families,
    duplicates: await catalogue.listing.duplicates(),
    missing: await catalogue.plan(target).missingOriginals(),
    plan,
    notes: layout.notes,
    suspects: layout.suspects,
  });
  const prices = cold.prices === ELSEWHERE ? null : cold.prices;
  const measured = await measuredSpeed(catalogue);
  const usual = surveyed.source.oneByOne === true ? DRIVES : LINES;
  const again = { line: "as fast as last time", bytesPerSecond: measured ?? 0 };
  const lines = measured === null ? usual : [again];
  return { inventory, estimate: estimate(inventory, prices, lines), cold };
}

/** Shows what there is; what an archive holds of it to programs, too. */
export function showStock(stock: Stock, { page, emit }: Pick<Output, "page" | "emit">): void {
  page(inventorySections(stock.inventory, stock.estimate, stock.cold));
  const told = coldEvent(stock.cold);
  if (told !== null) emit(told);
}

async function readAgain(catalogue: Catalogue): Promise<Stocktaking> {
  const stock = newStock();
  for await (const chunk of catalogue.listing.objects()) stock.add(chunk);
  return stock;
}

interface WantedReports {
  readonly files: readonly string[];
  readonly refusal: Refusal;
  readonly signal: AbortSignal;
}

/**
 * What writes each report, whole or not at all, when the run is over.
 * @throws HaulError `usage`, `full`, `interrupted`
 */
export function writeReports(state: RunState, { files, refusal, signal }: WantedReports) {
  return async (summary: MirrorSummary, run: StartEvent): Promise<void> => {
    if (files.length === 0) return;
    const [{ writeReport }, { contactSheet }] = await Promise.all([
      import("../report/report-files.ts"),
      import("../steps/contact-sheet.ts"),
    ]);
    const { surveyed, troubles } = state;
    const target = state.targets[0]?.id ?? "";
    const stock = surveyed === null ? null : await stockOf(surveyed, target);
    // Pictures cost requests, and no other report shows them.
    const pictures = surveyed !== null && files.some((file) => /\.html$/i.test(file));
    const report: Report = {
      run,
      summary,
      troubles,
      inventory:
        stock && surveyed && isMirrored(run)
          ? await byPhotos(stock.inventory, surveyed, target)
          : (stock?.inventory ?? null),
      estimate: stock?.estimate ?? null,
      cold: stock?.cold ?? null,
      pairs: pictures ? await contactSheet(surveyed.layout, { ...surveyed, signal }) : [],
    };
    const { startedAt } = run;
    const rows = async function* () {
      if (surveyed !== null) yield* inventoryRows({ catalogue: surveyed.catalogue, target, refusal, startedAt });
    };
    for (const file of files) await writeReport(file, report, rows, signal);
  };
}

function isMirrored({ command, dryRun }: StartEvent): boolean {
  return command === "mirror" && !dryRun;
}

/** The same with what is kept on a target by the month it was taken: after a mirror that is known, whatever keys say. */
async function byPhotos(inventory: Inventory, { catalogue }: Surveyed, target: string): Promise<Inventory> {
  const months: Parameters<typeof addMonth>[0] = new Map();
  for await (const entries of catalogue.kept(target).all()) {
    for (const { captured, size } of entries) {
      if (captured === null || captured.source === "modified") continue;
      addMonth(months, captured.local.slice(0, "2012-06".length), size);
    }
  }
  if (months.size === 0) return inventory;
  return { ...inventory, taken: inOrder(months), takenByPhotos: true, timeBy: "taken" };
}

interface RowsOf {
  readonly catalogue: Catalogue;
  /** Id of the target; "" where there is none. */
  readonly target: string;
  readonly refusal: Refusal;
  /** ISO 8601; what was kept since then was stored by this run. */
  readonly startedAt: string;
}

/** Every key of the catalogue as a row of the `.csv` inventory, with what became of it. */
async function* inventoryRows(of: RowsOf): AsyncGenerator<InventoryRow> {
  for await (const chunk of of.catalogue.listing.objects()) {
    for (const object of chunk) yield await rowOf(object, of);
  }
}

async function rowOf(object: CataloguedObject, of: RowsOf): Promise<InventoryRow> {
  const { key, kind, family, size, modified, storageClass, etag } = object;
  return {
    key,
    kind,
    family,
    original: kind === "rendition" ? ((await originalOf(object, of.catalogue))?.key ?? null) : null,
    size,
    modified,
    storageClass,
    etag,
    ...(await fate(object, of)),
  };
}

async function fate(object: CataloguedObject, of: RowsOf) {
  const none = { outcome: null, path: null, captured: null, reason: object.reason } as const;
  if (object.kind === "other") return none;
  const refused = object.kind === "rendition" ? null : of.refusal(object);
  const unasked = refused === null ? none : ({ ...none, outcome: "skipped", reason: refused } as const);
  if (of.target === "") return unasked;
  const { kept, failure } = await of.catalogue.kept(of.target).statusOf(object);
  if (kept !== null) {
    const outcome = kept.storedAt >= of.startedAt ? "stored" : "already";
    return { ...none, outcome, path: kept.path, captured: kept.captured } as const;
  }
  if (refused !== null || object.kind === "rendition" || failure === null) return unasked;
  return { ...none, outcome: "failed", reason: failure.reason } as const;
}
