/** What all of the page goes by. */

/** The folder of everything but the page and the photos, from the page. */
export const BELOW = document.body.dataset.below;
export const byId = (id) => document.getElementById(id);
export const main = byId("photos");

export const state = {
  index: { target: "", photos: 0, bytes: 0, originals: false, parts: [] },
  /** Each data file: what the index says of it, its section, and what of it is loaded, asked for and drawn. */
  parts: [],
  /** Of the sheets that photos lie on, in pixels. */
  shape: { width: 0, height: 160, gap: 4, head: 34 },
  /** Says of a row whether it is asked for; null where all are. */
  ask: null,
  marks: 0,
  /** Browsers know no page that is higher than some 17 million pixels: more parts are shown one volume after the other. */
  volume: { from: 0, to: 0 },
  /** The tile that has, or would get, the keyboard: where it lies among those shown. */
  current: { part: 0, at: 0 },
};

export const make = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

export const countOf = (part) => part.shown?.length ?? (state.ask === null ? part.photos : 0);

export const mayHold = (part) =>
  state.marks === 0 || Object.entries(part.marks).some(([mark]) => (Number(mark) & state.marks) !== 0);

/** What of a part is asked for; null where that is not known before it is loaded. */
export const shownOf = (part) => {
  if (part.state === "failed" || !mayHold(part)) return [];
  return part.rows === null || state.ask === null ? part.rows : part.rows.filter(state.ask);
};

/** The first part in the window, below what lies over its upper edge. */
export const partInView = () =>
  state.parts.find(({ section }) => !section.hidden && section.offsetTop + section.offsetHeight > scrollY + 120);

export const titleOf = (year) => (year === "unknown" ? "No date" : year);

export const inVolume = (part) => part.number >= state.volume.from && part.number < state.volume.to;
