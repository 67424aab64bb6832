/** Whether the pictures of a family's pairs look like one picture in two sizes. Pure: the looking is done elsewhere. */

/** What the head of one object tells. */
export interface Seen {
  /** Pixels as stored. */
  readonly width: number;
  readonly height: number;
  /** EXIF DateTimeOriginal as written; null where there is none. */
  readonly taken: string | null;
  /** EXIF Software; null where there is none. */
  readonly software: string | null;
}

/** One sampled pair; null for a side whose head says nothing. */
export interface PairLook {
  readonly child: string;
  readonly parent: string;
  readonly seen: { readonly child: Seen | null; readonly parent: Seen | null };
}

export interface PairsVerdict {
  /** `same`: renditions. `other`: other pictures. `by-hand`: copies that somebody exported. `unknown`: cannot be told. */
  readonly verdict: "same" | "other" | "by-hand" | "unknown";
  readonly agreeing: number;
  readonly compared: number;
  /** For people: "29 of 30 sampled pairs show the same picture". */
  readonly evidence: string;
  /** What was seen, where somebody may want to see it too. */
  readonly looks?: readonly PairLook[];
}

/** Pairs to look at. */
export const PAIRS = 30;
/** At least this share must agree (28 of 30). */
const AGREE = 28 / 30;
/** Fewer readable pairs prove nothing. */
const LEAST = 3;
/** Sides may be rounded by this share, or by two pixels. */
const ROUNDING = 0.01;
/** Names of programs with which people edit photos, as they stand in the files; long enough not to be chance. */
export const EDITORS =
  /adobe photoshop|lightroom|darktable|rawtherapee|capture one|picasa|irfanview|acdsee|luminar|affinity photo|snapseed|dxo photolab|xnview|gimp \d/i;

export function judgePairs(looks: readonly PairLook[]): PairsVerdict {
  let compared = 0;
  let agreeing = 0;
  let edited = 0;
  for (const { seen } of looks) {
    if (seen.child === null || seen.parent === null) continue;
    compared += 1;
    if (showsSame(seen.child, seen.parent)) agreeing += 1;
    if (isEdited(seen.child, seen.parent)) edited += 1;
  }
  const evidence = `${agreeing} of ${compared} sampled pairs show the same picture`;
  if (compared < LEAST) {
    const none = `of ${looks.length} sampled pairs, ${compared} could be compared`;
    return { verdict: "unknown", agreeing, compared, evidence: none };
  }
  if (agreeing / compared < AGREE) return { verdict: "other", agreeing, compared, evidence };
  if (edited > compared / 2) {
    const hand = `${evidence}, but a photo editor wrote them: somebody's own exports`;
    return { verdict: "by-hand", agreeing, compared, evidence: hand };
  }
  return { verdict: "same", agreeing, compared, evidence };
}

/**
 * No larger than the other on either side (turned where it was turned upright), of the same shape or cropped
 * to a square, and taken at the same time where both say when.
 */
export function showsSame(child: Seen, parent: Seen): boolean {
  if (child.taken !== null && parent.taken !== null && child.taken !== parent.taken) return false;
  const turned = { ...parent, width: parent.height, height: parent.width };
  return fits(child, parent) || fits(child, turned);
}

/** What a pair shows, for people: "4,000 × 3,000 → 1,024 × 768 pixels, same shape, taken at the same second". */
export function wordsOfPair(child: Seen, parent: Seen): string {
  const pixels = ({ width, height }: Seen) =>
    `${width.toLocaleString("en")} × ${height.toLocaleString("en")}`;
  const turned = { ...parent, width: parent.height, height: parent.width };
  const same = fits(child, parent) || fits(child, turned);
  const shape = !same
    ? "another shape or no smaller"
    : child.width === child.height && parent.width !== parent.height
      ? "cropped to a square"
      : "same shape";
  const times =
    child.taken === null || parent.taken === null
      ? []
      : [child.taken === parent.taken ? "taken at the same second" : "taken at another time"];
  return [`${pixels(parent)} → ${pixels(child)} pixels`, shape, ...times].join(", ");
}

function fits(child: Seen, parent: Seen): boolean {
  if (child.width > parent.width || child.height > parent.height) return false;
  if (child.width === child.height) return true;
  const expected = (child.width * parent.height) / parent.width;
  return Math.abs(child.height - expected) <= Math.max(2, expected * ROUNDING);
}

function isEdited(child: Seen, parent: Seen): boolean {
  return (
    child.software !== null && child.software !== parent.software && EDITORS.test(child.software)
  );
}
