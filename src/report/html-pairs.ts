/** The contact sheet of the HTML report: by family, originals and beside each the copy of it, and what was compared. Pure. */

import { unitOf } from "../originals/family-proof.ts";
import { forHtml, shortened } from "./escape.ts";
import type { ContactPair, Inventory, Picture } from "./findings.ts";
import { hue } from "./html-charts.ts";
import { bytes, counted } from "./units.ts";

/** All pictures together, as they stand in the file, in characters. */
const PICTURE_SPACE = 700_000;
const PAIRS = 24;
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
    if (space > room || shown.length === PAIRS) continue;
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
