/** The rail of years, and what is said of all photos. */

import { count, seen, size } from "./rows.js";
import { byId, countOf, mayHold, state } from "./state.js";

const nav = byId("years");
const about = byId("about");

export function tellYears() {
  const found = new Map();
  for (const part of state.parts) found.set(part.year, (found.get(part.year) ?? 0) + countOf(part));
  for (const button of nav.children) {
    const number = found.get(button.dataset.year) ?? 0;
    button.lastChild.textContent = count(number);
    button.disabled = state.ask !== null && number === 0;
  }
  nameYears(found);
  const all = [...found.values()].reduce((sum, number) => sum + number, 0);
  const left = state.ask === null ? 0 : state.parts.filter((part) => part.shown === null && mayHold(part)).length;
  const more = left > 0 ? `, looking through ${count(left)} more lists` : "";
  const total = photosInWords(state.index.photos);
  about.textContent =
    state.ask === null
      ? `${total}, ${size(state.index.bytes)} · ${seen(state.index.target)}`
      : `${count(all)} of ${total}${more}`;
}

/** Above the first section of each year that is shown. @param found photos by year */
function nameYears(found) {
  const named = new Set();
  for (const { section, heading, year } of state.parts) {
    const isFirst = !section.hidden && !named.has(year);
    heading.hidden = !isFirst;
    if (isFirst) named.add(year);
    heading.lastChild.textContent = photosInWords(found.get(year) ?? 0);
  }
}

const photosInWords = (number) => `${count(number)} ${number === 1 ? "photo" : "photos"}`;

export function markYear(year) {
  for (const button of nav.children) {
    const isIt = button.dataset.year === year;
    if ((button.getAttribute("aria-current") === "true") === isIt) continue;
    button.setAttribute("aria-current", String(isIt));
    if (isIt) button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
