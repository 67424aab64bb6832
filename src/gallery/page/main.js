/** Begins when the index is there, and hears what data files say: `photohaul(year, part, rows)`. */

import { addFilters, find } from "./find.js";
import { focusOn, listenToKeys } from "./keyboard.js";
import { openLightbox } from "./lightbox.js";
import { putOnPaper } from "./paper.js";
import { goTo, load, measure, place, receive, soon, turnTo } from "./sections.js";
import { BELOW, byId, countOf, inVolume, main, make, state, titleOf } from "./state.js";

function begin(index) {
  state.index = index;
  state.parts = index.parts.map(sectionOf);
  const [later, earlier] = ["later", "earlier"].map((id) =>
    Object.assign(make("button", "more"), { id, hidden: true }),
  );
  main.append(later, ...state.parts.map(({ section }) => section), earlier);
  document.body.append(Object.assign(make("div"), { id: "paper" }));
  if (state.parts.length === 0) main.append(make("p", "note", "There are no photos here yet."));
  addFilters();
  measure();
  turnTo(0);
  listen();
}

function sectionOf(part, number) {
  const section = make("section", "part");
  const sheet = make("div", "sheet");
  const heading = make("h2", "", titleOf(part.year));
  heading.append(make("span"));
  if (part.part === 1) byId("years").append(yearButton(part.year));
  section.setAttribute("aria-label", titleOf(part.year));
  section.append(heading, sheet);
  const empty = { rows: null, shown: null, plan: null, height: null, state: "idle", drawn: new Map(), waiting: [] };
  return { ...part, number, section, heading, sheet, ...empty };
}

function yearButton(year) {
  const button = make("button", "", titleOf(year));
  button.type = "button";
  button.dataset.year = year;
  button.append(make("span"));
  const isIt = (one) => one.year === year && (state.ask === null || countOf(one) > 0);
  button.addEventListener("click", () => goTo(state.parts.findIndex(isIt)));
  return button;
}

function listen() {
  addEventListener("scroll", soon, { passive: true });
  addEventListener("beforeprint", putOnPaper);
  let before = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === before) return soon();
    before = innerWidth;
    measure();
    for (const part of state.parts) place(part);
  });
  let typing = 0;
  byId("search").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(find, 200);
  });
  byId("find").addEventListener("submit", (event) => event.preventDefault());
  main.addEventListener("click", (event) => {
    const tile = event.target.closest?.(".tile");
    if (tile != null) openPhoto(tile);
  });
  for (const id of ["later", "earlier"]) {
    const button = byId(id);
    button.addEventListener("click", () => goTo(Number(button.dataset.part)));
  }
  listenToKeys();
}

/** Opens the photo of a tile; what comes before and after it is what is shown on the page. */
function openPhoto(tile) {
  const shown = state.parts.filter((part) => countOf(part) > 0);
  const offsets = [0];
  for (const part of shown) offsets.push(offsets.at(-1) + countOf(part));
  const placeOf = (which) => {
    const nth = offsets.findIndex((offset) => offset > which) - 1;
    return { part: shown[nth], at: which - offsets[nth] };
  };
  const row = (which, onLoaded) => {
    const { part, at } = placeOf(which);
    if (part.shown !== null) return part.shown[at] ?? null;
    part.waiting.push(onLoaded);
    load(part);
    return null;
  };
  const from = offsets[shown.indexOf(state.parts[tile.part])] + tile.at;
  openLightbox({ count: offsets.at(-1), row }, from, { below: BELOW, ...state.index }, (last) => {
    const { part, at } = placeOf(last);
    if (!inVolume(part)) turnTo(part.number);
    focusOn({ part: part.number, at });
  });
}

globalThis.photohaul = Object.assign(receive, { index: begin });
