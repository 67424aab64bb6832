/** What a report is made of, besides the summary: what went wrong, and what a bucket holds. Data only. */

import type { Captured, Doubt, Family } from "../model.ts";
import type { TooLarge } from "../summaries.ts";

/** Failures that are kept by name; the rest are counted. */
export const FAILURES_NAMED = 200;
/** The name of all reasons for which there is no room. */
export const OTHER_REASONS = "other reasons";

export interface Failure {
  readonly key: string;
  readonly reason: string;
}

export interface Warned {
  readonly code: string;
  readonly times: number;
  /** The first of them. */
  readonly message: string;
}

/** Photos that are kept by name for each kind of doubt; the rest are counted. */
export const DOUBTS_NAMED = 20;

/** `unknown`: nothing says when the photo was taken, and the time of its upload stands in. */
export type DateDoubt = Doubt | "unknown";

/** A photo whose date deserves a look. */
export interface DoubtfulDate {
  readonly key: string;
  readonly doubt: DateDoubt;
  /** Null where it is unknown. */
  readonly captured: Pick<Captured, "local" | "offset"> | null;
  readonly reason: string;
}

export interface Troubles {
  /** In the order they happened, at most `FAILURES_NAMED`. */
  readonly failures: readonly Failure[];
  readonly failed: number;
  /** How many photos were skipped for which reason, as far as the run names each. */
  readonly skippedFor: ReadonlyMap<string, number>;
  /** By code, in the order each first came. */
  readonly warnings: readonly Warned[];
  /** Stored photos with each kind of doubt about their date. */
  readonly doubts: Readonly<Record<DateDoubt, number>>;
  /** In the order they came, at most `DOUBTS_NAMED` of a kind. */
  readonly doubtful: readonly DoubtfulDate[];
}

/** Objects and the bytes they hold. */
export interface Amount {
  readonly keys: number;
  readonly bytes: number;
}

export interface Named extends Amount {
  readonly name: string;
}

/** A family with what was counted of it and why it is believed. */
export interface FamilyStock extends Family {
  /** How many objects there are from 2^(i/2) up to 2^((i+1)/2) bytes, at index i; trailing zeros left out. */
  readonly sizes: readonly number[];
  /** What speaks for the rule, for people: "29 of 30 sampled pairs show the same picture". */
  readonly evidence?: string;
}

/** Keys that look like a family of renditions, but were not believed to be one and count as originals. */
export interface Suspect extends Amount {
  readonly family: string;
  readonly reason: string;
  /** What to type to skip them: "--exclude 'thumbs/**'". */
  readonly option: string;
}

export interface Example {
  readonly key: string;
  readonly size: number;
}

/** The plan in numbers, as the event of that name states them. */
export interface PlanFigures {
  /** To be fetched. */
  readonly photos: number;
  readonly bytes: number;
  /** On the target; null where it cannot be told or there is none. */
  readonly freeBytes: number | null;
  readonly already: number;
  readonly skipped: number;
  /** Of each target; absent where there is none. */
  readonly perTarget?: readonly PlanOfTarget[];
}

export interface PlanOfTarget {
  readonly target: string;
  /** What no file on this target can hold; not counted as to be fetched. */
  readonly tooLarge?: TooLarge;
}

/** What is asked of the catalogue or decided elsewhere. */
export interface Given {
  readonly layout: { readonly name: string; readonly reason: string };
  readonly families: readonly (Family & { readonly evidence?: string })[];
  /** Originals that share ETag and size; `bytes` is what one of each would spare. */
  readonly duplicates: Amount & { readonly groups: number };
  readonly plan: PlanFigures | null;
  /** Photos of which there are renditions only. */
  readonly missing?: { readonly photos: number; readonly examples: readonly string[] };
  readonly suspects?: readonly Suspect[];
  /** Sentences about this layout: "This service never stored the original." */
  readonly notes?: readonly string[];
}

export interface Inventory extends Required<Given> {
  readonly total: Amount;
  readonly originals: Amount;
  readonly photos: Amount;
  readonly videos: Amount;
  /** Originals that are neither by their name. */
  readonly untyped: Amount;
  /** Originals of which a truer one is kept too (a JPEG beside its RAW). */
  readonly alternatives: Amount;
  readonly families: readonly FamilyStock[];
  /** Originals by type, the most first. */
  readonly types: readonly Named[];
  /** Originals by storage class, the most first. */
  readonly storageClasses: readonly Named[];
  /** Originals that must be restored from an archive before they can be read. */
  readonly archived: Amount;
  readonly empty: Amount & { readonly examples: readonly string[] };
  /** Originals by the month they were written to the bucket ("2012-06"), in order. */
  readonly uploaded: readonly Named[];
  /** Originals by the month they were taken, where the key says it, in order. */
  readonly taken: readonly Named[];
  /** Which of the two tells of most originals when they were taken; `uploaded` where the keys say little. */
  readonly timeBy: "taken" | "uploaded";
  readonly biggest: readonly Example[];
  /** Keys that are no photos, by reason, the most first. */
  readonly others: readonly Named[];
}

export interface Estimate {
  /** For lines of some speeds, or for the speed that was measured where there is one. */
  readonly times: readonly { readonly line: string; readonly seconds: number }[];
  /** Null where nobody knows what the store asks for. */
  readonly costs: Costs | null;
  /** Null where the free space cannot be told or there is no target. */
  readonly fits: boolean | null;
}

/** In the currency of the price table that is named. */
export interface Costs {
  readonly table: string;
  readonly asOf: string;
  readonly currency: string;
  readonly requests: number;
  readonly retrieval: number;
  readonly transfer: number;
  readonly total: number;
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
