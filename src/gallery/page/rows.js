/**
 * What the page knows of a photo: a row of a data file. Pure: no document, no clock.
 *
 * A row: [path, local time, width, height, bytes, id, marks, source of the date, what is doubtful]
 */

export const MARKS = { thumbnail: 1, doubtful: 2, undated: 4, changed: 8, standsIn: 16, unseen: 32 };
const MARK_WORDS = [
  [MARKS.doubtful, "doubtful date"],
  [MARKS.undated, "no date"],
  [MARKS.changed, "changed at the service, several versions kept"],
  [MARKS.standsIn, "a smaller copy stands in for the original"],
  [MARKS.unseen, "could not be read when the gallery was made"],
];
const SOURCE_WORDS = {
  user: "you said so",
  sidecar: "a sidecar file",
  exif: "the camera (Exif)",
  xmp: "the photo's XMP",
  iptc: "the photo's IPTC",
  video: "the video",
  vendor: "the camera's own notes",
  service: "the photo service",
  name: "the file's name",
  metadata: "what was uploaded with it",
  key: "the folder's name",
};
const MONTHS = "January February March April May June July August September October November December".split(" ");
const PICTURES = /\.(?:jpe?g|png|gif|webp|avif|bmp|jfif)$/i;
const FILMS = /\.(?:mp4|m4v|mov|webm)$/i;
/** Wider or higher than this a tile is no tile. */
const NARROWEST = 0.45;
const WIDEST = 3.2;

/** As report/escape.ts has it: controls, line separators, and marks that turn the direction of writing or cannot be seen. */
const UNSEEN =
  "\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb";
const unseen = new RegExp(`[${UNSEEN}]`, "g");
/** Text of a stranger's, in which nothing hides and nothing turns around what stands beside it. */
export const seen = (text) => text.replace(unseen, (char) => `\\u{${char.codePointAt(0).toString(16)}}`);
export const nameOf = (row) => seen(row[0].slice(row[0].lastIndexOf("/") + 1));
export const has = (row, mark) => (row[6] & mark) !== 0;
/** What a browser shows of the file itself; "other" may still be opened with another program. */
export const kindOf = (row) => (PICTURES.test(row[0]) ? "picture" : FILMS.test(row[0]) ? "film" : "other");
/** A path as a relative address: `#`, `?`, `%` and spaces mean themselves. */
export const addressOf = (path) => path.split("/").map(encodeURIComponent).join("/");
export const thumbnailOf = (below, row) =>
  has(row, MARKS.thumbnail) ? `${below}t/${row[5].slice(0, 2)}/${row[5]}.jpg` : "";
export const ratioOf = (row) => {
  const ratio = row[2] > 0 && row[3] > 0 ? row[2] / row[3] : kindOf(row) === "film" ? 16 / 9 : 4 / 3;
  return Math.min(WIDEST, Math.max(NARROWEST, ratio));
};

export const count = (number) => String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");
export const size = (bytes) => {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (bytes >= 999.5 && unit < units.length - 1) {
    bytes /= 1000;
    unit += 1;
  }
  return `${unit > 0 && bytes < 9.95 ? bytes.toFixed(1) : Math.round(bytes)} ${units[unit]}`;
};
/** "2012-06" → "June 2012"; "" where only the year is known. */
export const monthWords = (month) =>
  month === "" ? "" : `${MONTHS[Number(month.slice(5, 7)) - 1] ?? ""} ${month.slice(0, 4)}`;
/** As much as is known: "2012", "June 2012", "28 June 2012, 14:03". */
export const dateWords = (local) => {
  if (local.length < 7) return local;
  if (local.length < 10) return monthWords(local);
  const day = `${Number(local.slice(8, 10))} ${monthWords(local)}`;
  return local.length < 16 ? day : `${day}, ${local.slice(11, 16)}`;
};
export const marksWords = (row) => MARK_WORDS.filter(([mark]) => has(row, mark)).map(([, words]) => words);
/** What a screen reader says of a tile. */
export const labelOf = (row) =>
  [kindOf(row) === "film" ? `video ${nameOf(row)}` : nameOf(row), dateWords(row[1]), ...marksWords(row)]
    .filter(Boolean)
    .join(", ");
export const sourceWords = (row) => SOURCE_WORDS[row[7]] ?? "";

/** As people search: without accents, in any case. */
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
/** What rows are asked for; null where all of them are. @param marks 0 for any */
export const wanted = (text, marks) => {
  const words = plain(text).split(/\s+/).filter(Boolean);
  if (words.length === 0 && marks === 0) return null;
  return (row) => {
    if (marks !== 0 && (row[6] & marks) === 0) return false;
    const path = words.length === 0 ? "" : plain(row[0]);
    return words.every((word) => path.includes(word));
  };
};
