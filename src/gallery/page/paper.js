/** On paper: the photos of the part that is in the window, as far as paper goes. */

import { addressOf, count, dateWords, kindOf, nameOf, thumbnailOf } from "./rows.js";
import { BELOW, byId, make, partInView, state, titleOf } from "./state.js";

const MOST_ON_PAPER = 400;

export function putOnPaper() {
  const part = partInView();
  const paper = byId("paper");
  paper.replaceChildren();
  if (part === undefined || part.shown === null) return;
  const rows = part.shown.slice(0, MOST_ON_PAPER);
  const all = part.shown.length;
  const some = all > rows.length ? `, the first ${rows.length} of ${count(all)} photos` : "";
  const sheets = make("div", "sheets");
  sheets.append(...rows.map(figureOf));
  paper.append(make("h2", "", `${titleOf(part.year)}${some}`), sheets);
}

function figureOf(row) {
  const figure = make("figure");
  const image = make("img");
  image.alt = "";
  const own = state.index.originals && kindOf(row) === "picture" ? addressOf(row[0]) : "data:,";
  image.src = thumbnailOf(BELOW, row) || own;
  figure.append(image, make("figcaption", "", `${nameOf(row)} ${dateWords(row[1])}`));
  return figure;
}
