/**
 * Pictures of the HTML report. Charts are drawn by hand: SVG that stretches to any width, labels beside it that do not.
 * The contact sheet has, by family, originals and beside each the copy of it, and what was compared. Pure.
 */

import { unitOf } from "../originals/family-proof.ts";
import { forHtml, shortened } from "./escape.ts";
import type { FamilyStock, Inventory, NamedAmount } from "./inventory-data.ts";
import { bytes, count, counted, share } from "./units.ts";

const NAME_LENGTH = 60;
const FAMILIES = 8;
/** Months are drawn up to this many; a longer time is drawn by years. */
const MONTHS_DRAWN = 96;
const HUES = 5;
/** A share of a bar that would be nothing but a gap. */
const TOO_THIN = 0.002;

/** The colour of a family, by its place: the first of all is the originals'. */
export function hue(place: number): string {
  return `var(--c${Math.min(place, HUES)})`;
}

/** What of all bytes is what, as one bar with its legend. */
export function wholeBar(families: readonly FamilyStock[]): string {
  const shown = families.slice(0, FAMILIES);
  const all = families.reduce((sum, family) => sum + family.bytes, 0);
  if (all === 0) return "";
  const parts = shown.flatMap((family, at) => {
    const part = family.bytes / all;
    return part < TOO_THIN ? [] : [`<i style="flex:${(1000 * part).toFixed(2)};background:${hue(at)}"></i>`];
  });
  const legend = shown.map((family, at) => {
    const name = forHtml(shortened(family.name, NAME_LENGTH));
    const size = `${bytes(family.bytes)}, ${share(family.bytes, all)}`;
    return `<span><i class="dot" style="background:${hue(at)}"></i><b>${name}</b> ${forHtml(size)}</span>`;
  });
  return `<div class="whole">${parts.join("")}</div><div class="legend">${legend.join("")}</div>`;
}

/** Photos over time, a bar a month or a year; where that is known, by when they were taken. */
export function timeline(inventory: Inventory): string {
  const isTaken = inventory.timeBy === "taken";
  const bars = withoutGaps(isTaken ? inventory.taken : inventory.uploaded);
  if (bars.length < 2) return "";
  const most = Math.max(...bars.map((bar) => bar.keys));
  const rects = bars.flatMap(({ name, keys }, at) => {
    if (keys === 0) return [];
    const height = Math.max(1, (100 * keys) / most);
    const title = forHtml(`${name}: ${counted(keys, "original")}`);
    const place = `x="${at + 0.08}" y="${(100 - height).toFixed(2)}" width="0.84" height="${height.toFixed(2)}"`;
    return [`<rect ${place}><title>${title}</title></rect>`];
  });
  const who = inventory.takenByPhotos ? "dates" : "keys";
  const which = isTaken ? `when they were taken, as their ${who} say` : "when they were uploaded";
  const per = bars[0]?.name.length === 4 ? "year" : "month";
  return [
    `<p class="hint">Originals by ${which}, a bar a ${per}.</p>`,
    `<div class="plot"><span class="axis top">${count(most)}</span>`,
    `<svg role="img" aria-label="Originals by ${per}" viewBox="0 0 ${bars.length} 100" height="150" preserveAspectRatio="none" fill="var(--c0)">`,
    ...rects,
    "</svg></div>",
    timeAxis(bars),
  ].join("");
}

function timeAxis(bars: readonly NamedAmount[]): string {
  const last = bars.length - 1;
  const places = [0, Math.round(last / 3), Math.round((2 * last) / 3), last];
  const labels = [...new Set(places)].map((at) => {
    const end = at === 0 ? ' class="first"' : at === last ? ' class="last"' : "";
    const left = at === 0 ? 0 : at === last ? 100 : (100 * (at + 0.5)) / bars.length;
    return `<span${end} style="left:${left.toFixed(2)}%">${bars[at]?.name ?? ""}</span>`;
  });
  return `<div class="axis">${labels.join("")}</div>`;
}

/** Every month between the first and the last, or every year where these are too many. */
function withoutGaps(months: readonly NamedAmount[]): NamedAmount[] {
  const first = months[0];
  const last = months.at(-1);
  if (!first || !last) return [];
  const span = monthNumber(last.name) - monthNumber(first.name) + 1;
  const byYear = span > MONTHS_DRAWN;
  const known = new Map<string, number>();
  for (const { name, keys } of months) {
    const label = byYear ? name.slice(0, 4) : name;
    known.set(label, (known.get(label) ?? 0) + keys);
  }
  const step = byYear ? 12 : 1;
  const start = byYear ? 12 * Number(first.name.slice(0, 4)) : monthNumber(first.name);
  const end = monthNumber(last.name);
  const bars: NamedAmount[] = [];
  for (let month = start; month <= end; month += step) {
    const year = String(Math.floor(month / 12));
    const name = byYear ? year : `${year}-${String((month % 12) + 1).padStart(2, "0")}`;
    bars.push({ name, keys: known.get(name) ?? 0, bytes: 0 });
  }
  return bars;
}

/** Months since the year 0, from `2012-06`. */
function monthNumber(month: string): number {
  return 12 * Number(month.slice(0, 4)) + Number(month.slice(5, 7)) - 1;
}

/** How big the objects of each family are: hills on one scale, so that copies stand apart from originals. */
export function sizeHills(families: readonly FamilyStock[]): string {
  const shown = families.filter(({ kind }) => kind === "original" || kind === "rendition").slice(0, FAMILIES);
  // Empty objects are told elsewhere; here they would stretch the scale to nothing.
  const used = shown.flatMap(({ sizes }) => sizes.flatMap((n, at) => (n > 0 && at > 0 ? [at] : [])));
  const from = Math.min(...used) - 1;
  const upto = Math.max(...used) + 2;
  if (shown.length === 0 || !Number.isFinite(from)) return "";
  const rows = shown.map((family) => {
    const place = families.indexOf(family);
    const name = forHtml(shortened(family.name, NAME_LENGTH));
    const middle = `mostly about ${bytes(2 ** ((peak(family.sizes) + 0.5) / 2))}`;
    return [
      `<div class="who">${name}<span>${forHtml(middle)}</span></div>`,
      `<div class="hill">${hill(family, from, upto, hue(place))}</div>`,
    ].join("");
  });
  return `<div class="ridge">${rows.join("")}<div class="gap"></div>${sizeAxis(from, upto)}</div>`;
}

function peak(sizes: readonly number[]): number {
  return sizes.indexOf(Math.max(...sizes));
}

function hill(family: FamilyStock, from: number, upto: number, colour: string): string {
  const most = Math.max(...family.sizes);
  const points: string[] = [`0,100`];
  for (let at = from; at < upto; at += 1) {
    const height = (100 * (family.sizes[at] ?? 0)) / most;
    points.push(`${(at + 0.5 - from).toFixed(1)},${(100 - height).toFixed(1)}`);
  }
  points.push(`${upto - from},100`);
  const label = forHtml(`Sizes of ${shortened(family.name, NAME_LENGTH)}`);
  return [
    `<svg role="img" aria-label="${label}" viewBox="0 0 ${upto - from} 100" preserveAspectRatio="none">`,
    `<polygon points="${points.join(" ")}" fill="${colour}" fill-opacity=".3" stroke="${colour}" stroke-width="2" vector-effect="non-scaling-stroke"/></svg>`,
  ].join("");
}

/** Powers of ten that lie on the scale, at most six of them. */
function sizeAxis(from: number, upto: number): string {
  const powers = Array.from({ length: 16 }, (_, power) => power).filter((power) => {
    const at = 2 * Math.log2(10 ** power);
    return at > from + 1 && at < upto - 1;
  });
  const every = Math.ceil(powers.length / 6);
  const labels = powers
    .filter((_, at) => at % every === 0)
    .map((power) => {
      const left = (100 * (2 * Math.log2(10 ** power) - from)) / (upto - from);
      const label = bytes(10 ** power).replace(".0", "");
      return `<span style="left:${left.toFixed(2)}%">${label}</span>`;
    });
  return `<div class="axis">${labels.join("")}</div>`;
}

/** An original and a rendition of it, as pictures small enough for a page. */
export interface ContactPair {
  readonly family: string;
  readonly original: Picture;
  readonly rendition: Picture;
  /** What was compared: "same shape, same date, 4,000 → 1,024 pixels". */
  readonly note: string;
}

export interface Picture {
  readonly key: string;
  /** Of the object itself, not of the picture shown. */
  readonly bytes: number;
  /** `data:image/jpeg;base64,…`; anything else is not shown. */
  readonly src: string;
}

/** All pictures together, as they stand in the file, in characters. */
const PICTURE_SPACE = 700_000;
/** On one sheet. */
export const MOST_PAIRS = 24;
const PICTURE = /^data:image\/(?:jpeg|png|webp|gif|avif);base64,[A-Za-z0-9+/]+={0,2}$/;
const NOTE_LENGTH = 300;

/** As many pairs as there is room for; a picture that is anything but a picture is left out. "" where there is none. */
export function contactSheet(pairs: readonly ContactPair[], inventory: Inventory): string {
  let room = PICTURE_SPACE;
  const shown: ContactPair[] = [];
  for (const pair of pairs) {
    const { original, rendition } = pair;
    if (!PICTURE.test(original.src) || !PICTURE.test(rendition.src)) continue;
    const space = original.src.length + rendition.src.length;
    if (space > room || shown.length === MOST_PAIRS) continue;
    room -= space;
    shown.push(pair);
  }
  return [...Map.groupBy(shown, ({ family }) => family)]
    .map(([family, of]) => familyHtml(family, of, inventory))
    .join("");
}

function familyHtml(family: string, pairs: readonly ContactPair[], { families, suspects }: Inventory): string {
  const place = families.findIndex(({ name, kind }) => unitOf(name) === family && kind === "rendition");
  const believed = families[place];
  const suspect = suspects.find((one) => one.family === family);
  const amount = believed ?? suspect;
  const why = believed ? (believed.evidence ?? believed.rule) : (suspect?.reason ?? "");
  const what = believed ? "believed to be copies" : "not believed to be copies, so they are mirrored as originals";
  const size = amount ? `${counted(amount.keys, "key")}, ${bytes(amount.bytes)}` : "";
  const name = forHtml(shortened(family, 60));
  return [
    `<h3><i class="dot" style="background:${believed ? hue(place) : "var(--warn)"}"></i>${name} <span>${forHtml(size)}</span></h3>`,
    `<p class="hint">${forHtml(shortened(`${what}: ${why}`, 600))}</p>`,
    `<div class="pairs">${pairs.map(pairHtml).join("")}</div>`,
  ].join("");
}

function pairHtml({ family, original, rendition, note }: ContactPair): string {
  return [
    `<figure class="pair"><div class="two">${pictureHtml("original", original)}${pictureHtml(family, rendition)}</div>`,
    `<figcaption>${forHtml(shortened(note, NOTE_LENGTH))}</figcaption></figure>`,
  ].join("");
}

function pictureHtml(what: string, { key, bytes: size, src }: Picture): string {
  const name = forHtml(shortened(key, 120));
  const is = forHtml(`${shortened(what, 40)}, ${bytes(size)}`);
  return `<div><img src="${src}" alt="${name}"><div class="cap"><b>${is}</b>${name}</div></div>`;
}
