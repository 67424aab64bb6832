/** Search by name, and the reasons that only photohaul knows. */

import { count, MARKS, wanted } from "./rows.js";
import { searchOn, turnTo } from "./sections.js";
import { byId, make, shownOf, state } from "./state.js";

const FILTERS = [
  [MARKS.doubtful, "Doubtful date"],
  [MARKS.undated, "No date"],
  [MARKS.changed, "Several versions"],
  [MARKS.standsIn, "Smaller copies"],
];

export function find() {
  state.ask = wanted(byId("search").value, state.marks);
  state.current = { part: 0, at: 0 };
  for (const part of state.parts) {
    part.shown = shownOf(part);
    part.plan = part.height = null;
  }
  scrollTo(0, 0);
  turnTo(0);
  if (state.ask !== null) searchOn();
}

export function addFilters() {
  for (const [mark, words] of FILTERS) {
    const number = state.index.parts.reduce((sum, part) => sum + (part.marks[mark] ?? 0), 0);
    if (number === 0) continue;
    const button = make("button", "", `${words} ${count(number)}`);
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      state.marks ^= mark;
      button.setAttribute("aria-pressed", String((state.marks & mark) !== 0));
      find();
    });
    byId("filters").append(button);
  }
}
