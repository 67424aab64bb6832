/** The inventory in sections: what there is, how we know, what needs a look, what a mirror would take. Pure. */

import { type ColdStock, coldSections, forecastsOf } from "./archive-forecast.ts";
import { shortened } from "./escape.ts";
import type { Estimate } from "./estimate.ts";
import type { Amount, Inventory, NamedAmount } from "./inventory-data.ts";
import { columns, type Section, type SectionRow, withContent } from "./section.ts";
import { bytes, count, counted, duration, money, share } from "./units.ts";
import { tooLargeReason } from "./words.ts";

const ROWS = 40;
const KEY_LENGTH = 160;

/** @param cold what of the plan an archive holds; null where that is not known */
export function inventorySections(
  inventory: Inventory,
  estimate: Estimate | null,
  cold: ColdStock | null = null,
): Section[] {
  return withContent([
    { id: "glance", title: "At a glance", rows: glance(inventory, estimate) },
    families(inventory),
    attention(inventory),
    ...(cold === null ? [] : coldSections(cold, forecastsOf(cold), [ASKS])),
    years(inventory),
    named("types", "By type", "type", inventory.types, inventory.originals),
    ...(inventory.storageClasses.some(({ name }) => name !== "STANDARD")
      ? [named("classes", "By storage class", "storage class", inventory.storageClasses, inventory.originals)]
      : []),
    biggest(inventory),
    others(inventory),
    ...(estimate ? [mirror(inventory, estimate)] : []),
  ]);
}

const ASKS =
  "None is asked for by itself: the line of the mirror with --restore-tier bulk (or standard, expedited) asks, and fetches them once they are there.";

function glance(inventory: Inventory, estimate: Estimate | null): SectionRow[] {
  const { originals, photos, videos, untyped, plan } = inventory;
  const renditions = ofKind(inventory, "rendition");
  return [
    amountRow("originals", originals),
    ...(videos.keys + untyped.keys > 0 ? [amountRow("photos", photos)] : []),
    ...(videos.keys > 0 ? [amountRow("videos", videos)] : []),
    ...(untyped.keys > 0 ? [amountRow("other files", untyped)] : []),
    figure("renditions", count(renditions.keys), `${bytes(renditions.bytes)} of smaller copies`),
    ...(plan ? [figure("to fetch", count(plan.photos), bytes(plan.bytes))] : []),
    ...(estimate ? timeAndMoney(estimate) : []),
  ];
}

function figure(label: string, value: string, note: string): SectionRow {
  return { label, figure: { value, note } };
}

function amountRow(label: string, { keys, bytes: size }: Amount): SectionRow {
  return figure(label, count(keys), bytes(size));
}

function timeAndMoney({ times, costs, fits }: Estimate): SectionRow[] {
  const usual = times[1] ?? times[0];
  return [
    ...(usual ? [figure("estimated time", about(usual.seconds).replace("about ", ""), usual.line)] : []),
    ...(costs ? [figure("estimated cost", money(costs.total, costs.currency), costs.table)] : []),
    ...(fits === false ? [{ ...figure("space", "too little", "on the target"), tone: "bad" as const }] : []),
  ];
}

function about(seconds: number): string {
  return seconds < 1 ? "< 1 s" : `about ${duration(seconds)}`;
}

function families(inventory: Inventory): Section {
  const rows = inventory.families
    .slice(0, ROWS)
    .map((family) => [
      family.name,
      family.kind,
      count(family.keys),
      bytes(family.bytes),
      family.keys > 0 ? bytes(family.bytes / family.keys) : "",
      family.evidence === undefined ? family.rule : `${family.rule} – ${family.evidence}`,
    ]);
  const { name, reason } = inventory.layout;
  return {
    id: "families",
    title: "Originals and renditions, and how we know",
    notes: [`Layout ${name}: ${reason}`, ...inventory.notes],
    table: {
      columns: columns("family", "is", "#keys", "#size", "#average", "recognised by"),
      rows,
      more: inventory.families.length - rows.length,
      kind: "prose",
      bars: inventory.families.slice(0, ROWS).map((family) => family.bytes),
    },
  };
}

function attention(inventory: Inventory): Section {
  const rows = [...tooLarge(inventory), ...trouble(inventory), ...oddities(inventory)];
  const head = columns("what", "#keys", "#size", "what it means");
  return { id: "attention", title: "Worth a look", table: { columns: head, rows, more: 0, kind: "prose" } };
}

function tooLarge({ plan }: Inventory): string[][] {
  return (plan?.perTarget ?? []).flatMap(({ target, tooLarge: large }) => {
    if (large === undefined) return [];
    const why = tooLargeReason(target, large.most);
    return [["too large", count(large.photos), bytes(large.bytes), withExamples(why, large.examples)]];
  });
}

function trouble({ missing, archived, empty }: Inventory): string[][] {
  const rows: string[][] = [];
  if (missing.photos > 0) {
    const why = "no original can be read, only renditions; the best of them is taken in its place";
    rows.push(["missing", count(missing.photos), "", withExamples(why, missing.examples)]);
  }
  if (archived.keys > 0) {
    const why = "in an archive: listed, and asked for with --restore-tier alone; fetched once it is there";
    rows.push(["archived", count(archived.keys), bytes(archived.bytes), why]);
  }
  if (empty.keys > 0) {
    const why = "originals that hold no byte at all";
    rows.push(["empty", count(empty.keys), "", withExamples(why, empty.examples)]);
  }
  return rows;
}

function oddities({ suspects, duplicates, alternatives }: Inventory): string[][] {
  const rows = suspects.slice(0, ROWS).map((suspect) => {
    const why = `${suspect.reason}; kept as originals. To skip them: ${suspect.option}`;
    return [`suspect: ${suspect.family}`, count(suspect.keys), bytes(suspect.bytes), why];
  });
  if (duplicates.keys > 0) {
    const groups = counted(duplicates.groups, "photo");
    const why = `${groups} more than once, by ETag and size; all are fetched`;
    rows.push(["duplicates", count(duplicates.keys), bytes(duplicates.bytes), why]);
  }
  if (alternatives.keys > 0) {
    const why = "a second original of a photo, such as the JPEG beside a RAW; both are kept";
    rows.push(["alternatives", count(alternatives.keys), bytes(alternatives.bytes), why]);
  }
  return rows;
}

function withExamples(why: string, examples: readonly string[]): string {
  if (examples.length === 0) return why;
  const shown = examples.slice(0, 3).map((key) => shortened(key, 80));
  return `${why} (${shown.join(", ")}${examples.length > 3 ? ", …" : ""})`;
}

function years({ uploaded, taken, takenByPhotos, timeBy }: Inventory): Section {
  const written = byYear(uploaded);
  const shot = byYear(taken);
  const all = [...new Set([...written.keys(), ...shot.keys()])].sort();
  const recent = all.slice(-ROWS);
  const main = timeBy === "taken" ? shot : written;
  const rows = recent.map((year) => [
    year,
    ...(shot.size > 0 ? [count(shot.get(year)?.keys ?? 0)] : []),
    count(written.get(year)?.keys ?? 0),
    main.has(year) ? bytes(main.get(year)?.bytes ?? 0) : "",
  ]);
  const head = ["year", ...(shot.size > 0 ? ["#taken"] : []), "#uploaded", "#size"];
  const bars = recent.map((year) => main.get(year)?.keys ?? 0);
  return {
    id: "years",
    title: "By year",
    ...(shot.size > 0
      ? { notes: [takenByPhotos ? "Taken: of what is kept, as its dates say." : "Taken: where the key says when."] }
      : {}),
    table: { columns: columns(...head), rows, more: all.length - rows.length, bars, shown: "last" },
  };
}

/** Months added up to years, in order. */
export function byYear(months: readonly NamedAmount[]): ReadonlyMap<string, Amount> {
  const result = new Map<string, Amount>();
  for (const { name, keys, bytes: size } of months) {
    const year = name.slice(0, 4);
    const sum = result.get(year) ?? { keys: 0, bytes: 0 };
    result.set(year, { keys: sum.keys + keys, bytes: sum.bytes + size });
  }
  return result;
}

function named(id: string, title: string, column: string, list: readonly NamedAmount[], whole: Amount): Section {
  const rows = list
    .slice(0, ROWS)
    .map((item) => [item.name, count(item.keys), share(item.keys, whole.keys), bytes(item.bytes)]);
  const head = columns(column, "#originals", "#share", "#size");
  const bars = list.slice(0, ROWS).map((item) => item.keys);
  return { id, title, table: { columns: head, rows, more: list.length - rows.length, bars } };
}

function biggest(inventory: Inventory): Section {
  const rows = inventory.biggest.map(({ key, size }) => [shortened(key, KEY_LENGTH), bytes(size)]);
  return { id: "biggest", title: "The biggest", table: { columns: columns("key", "#size"), rows, more: 0 } };
}

function others(inventory: Inventory): Section {
  const rows = inventory.others
    .slice(0, ROWS)
    .map((item) => [shortened(item.name, KEY_LENGTH), count(item.keys), bytes(item.bytes)]);
  const more = inventory.others.length - rows.length;
  return {
    id: "others",
    title: "Keys that are no photos",
    table: { columns: columns("why", "#keys", "#size"), rows, more },
  };
}

function mirror(inventory: Inventory, estimate: Estimate): Section {
  const { plan, originals } = inventory;
  const { costs } = estimate;
  const what = plan
    ? `${counted(plan.photos, "file")}, ${bytes(plan.bytes)}: originals, their sidecars, and renditions where no original can be read.`
    : `${counted(originals.keys, "original")}, ${bytes(originals.bytes)}.`;
  const rows = estimate.times.map(({ line, seconds }) => ["time", about(seconds), line]);
  if (plan && plan.freeBytes !== null) {
    rows.push(["space", estimate.fits ? "fits" : "does not fit", `${bytes(plan.freeBytes)} free`]);
  }
  if (costs) {
    const { currency } = costs;
    rows.push(["requests", money(costs.requests, currency), "listing and fetching"]);
    if (costs.retrieval > 0) {
      rows.push(["retrieval", money(costs.retrieval, currency), "out of colder storage classes"]);
    }
    rows.push(["transfer", money(costs.transfer, currency), "out of the store's network"]);
    const origin = `an estimate, by ${costs.table} as of ${costs.asOf}`;
    rows.push(["together", money(costs.total, currency), origin]);
  }
  const already = plan && plan.already > 0 ? [`${count(plan.already)} are kept already.`] : [];
  return {
    id: "mirror",
    title: "What a mirror would take",
    notes: [[what, ...already].join(" "), ...(costs ? [`Prices: ${costs.by}.`] : [])],
    table: { columns: columns("", "estimate", ""), rows, more: 0 },
  };
}

/** All objects of a kind. */
function ofKind(inventory: Inventory, kind: string): Amount {
  return inventory.families
    .filter((family) => family.kind === kind)
    .reduce((sum, { keys, bytes: size }) => ({ keys: sum.keys + keys, bytes: sum.bytes + size }), {
      keys: 0,
      bytes: 0,
    });
}
