/** Every key of the catalogue as a row of the `.csv` inventory, with what became of it. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Refusal } from "../keys/key-filter.ts";
import type { CataloguedObject } from "../model.ts";
import type { InventoryRow } from "../report/csv.ts";
import { originalOf } from "../steps/find-siblings.ts";

interface RowsOf {
  readonly catalogue: Catalogue;
  /** Id of the target; "" where there is none. */
  readonly target: string;
  readonly refusal: Refusal;
  /** ISO 8601; what was kept since then was stored by this run. */
  readonly startedAt: string;
}

export async function* inventoryRows(of: RowsOf): AsyncGenerator<InventoryRow> {
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
  const { kept, failure } = await of.catalogue.kept(of.target).statusOf(object.key);
  if (kept !== null) {
    const outcome = kept.storedAt >= of.startedAt ? "stored" : "already";
    return { ...none, outcome, path: kept.path, captured: kept.captured } as const;
  }
  if (object.kind === "rendition") return none;
  const refused = of.refusal(object);
  if (refused !== null) return { ...none, outcome: "skipped", reason: refused } as const;
  return failure === null ? none : ({ ...none, outcome: "failed", reason: failure.reason } as const);
}
