/** What a bucket holds, as far as a page tells it. Data only. */

import type { PlanEvent, TargetPlan } from "../events.ts";
import type { Family } from "../model.ts";

/** Objects and the bytes they hold. */
export interface Amount {
  readonly keys: number;
  readonly bytes: number;
}

export interface NamedAmount extends Amount {
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

/** The plan, as far as an inventory tells it; `perTarget` is absent where there is no target. */
export type Planned = Pick<PlanEvent, "photos" | "bytes" | "freeBytes" | "already" | "skipped"> & {
  readonly perTarget?: readonly Pick<TargetPlan, "target" | "tooLarge" | "leftOver">[];
};

/** What is asked of the catalogue or decided elsewhere. */
export interface Given {
  readonly layout: { readonly name: string; readonly reason: string };
  readonly families: readonly (Family & { readonly evidence?: string })[];
  /** Originals that share ETag and size; `bytes` is what one of each would spare. */
  readonly duplicates: Amount & { readonly groups: number };
  readonly plan: Planned | null;
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
  readonly types: readonly NamedAmount[];
  /** Originals by storage class, the most first. */
  readonly storageClasses: readonly NamedAmount[];
  /** Originals that must be restored from an archive before they can be read. */
  readonly archived: Amount;
  readonly empty: Amount & { readonly examples: readonly string[] };
  /** Originals by the month they were written to the bucket ("2012-06"), in order. */
  readonly uploaded: readonly NamedAmount[];
  /** Originals by the month they were taken, where the key says it, in order. */
  readonly taken: readonly NamedAmount[];
  /** Present where `taken` is of the photos that are kept, by what dated them, and not by what keys say. */
  readonly takenByPhotos?: true;
  /** Which of the two tells of most originals when they were taken; `uploaded` where the keys say little. */
  readonly timeBy: "taken" | "uploaded";
  readonly biggest: readonly Example[];
  /** Keys that are no photos, by reason, the most first. */
  readonly others: readonly NamedAmount[];
}
