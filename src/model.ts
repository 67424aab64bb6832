/**
 * The words that every room shares. Floor 0: imports nothing, does nothing.
 * Times are ISO 8601 strings, sizes are bytes, digests are lower-case hex.
 */

/** One object as a listing states it. Keys are strings in the form that `key.ts` explains. */
export interface Listed {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes; "" where the store gives none. */
  readonly etag: string;
  /** When the object was last written, UTC, as precise as the store gives it. */
  readonly modified: string;
  /** "STANDARD" where the store names none. */
  readonly storageClass: string;
  /** Present when a version of the object is meant (`--as-of`), not the current one. */
  readonly version?: string;
  /** Present where the store was asked for it, and says it. */
  readonly returning?: Returning;
}

/** How far an archive has got with an object that it was asked for. */
export interface Returning {
  /** True while it is on its way; false where it can be read. */
  readonly ongoing: boolean;
  /** When its copy goes again, UTC; "" where it stays, or nobody says. */
  readonly until: string;
}

/** How fast an archive gives back, the cheapest first; not every class has each. */
export const TIERS = ["bulk", "standard", "expedited"] as const;
export type Tier = (typeof TIERS)[number];

/** What a key is. `other` always comes with a reason (folder marker, litter, …). */
export type Kind = "original" | "rendition" | "sidecar" | "other";
export const KINDS: readonly Kind[] = ["original", "rendition", "sidecar", "other"];

/** How one original ended in one run. `skipped` and `failed` always come with a reason. */
export type Outcome = "stored" | "already" | "skipped" | "failed";
export const OUTCOMES: readonly Outcome[] = ["stored", "already", "skipped", "failed"];

/** What a layout says of one key. */
export interface Classified {
  readonly kind: Kind;
  /** The family the key belongs to: "original", "large", "tile", "sidecar", … */
  readonly family: string;
  /** What the objects of one photo have in common; null where this key cannot be joined to others. */
  readonly stem: string | null;
  /** Among the originals of one stem, 0 is the truest (a RAW before its conversion). */
  readonly rank: number;
  /** One clause for people: "in the folder large/". */
  readonly reason: string;
}

/** A listed object together with what was decided about it. */
export type CataloguedObject = Listed & Classified;

/** A family of keys as the inventory reports it. */
export interface Family {
  readonly name: string;
  readonly kind: Kind;
  /** How it was recognised, for people: "large/…". */
  readonly rule: string;
  readonly keys: number;
  readonly bytes: number;
  /** What speaks for renditions, for people: "30 of 30 compared pairs show the same picture". */
  readonly evidence?: string;
  /** The same in numbers. `named`: the user named the layout, and nothing was compared. */
  readonly proof?: {
    readonly state: "proven" | "each" | "accepted" | "none" | "named";
    readonly compared: number;
    readonly same: number;
    readonly undecided: number;
  };
}

/** The bytes, and the bytes for each of its original, that a rendition of a family must have to be one. */
export interface FamilyRange {
  readonly family: string;
  readonly bytes: readonly [least: number, most: number];
  readonly ratio: readonly [least: number, most: number];
}

/** Where a capture date came from; the order of trust is decided in dates/capture-date.ts. */
export type DateSource =
  | "user"
  | "sidecar"
  | "exif"
  | "xmp"
  | "iptc"
  | "video"
  | "vendor"
  | "service"
  | "name"
  | "metadata"
  | "key"
  | "modified";

/**
 * How an offset is known: it stands in the value or its own tag; the camera notes it; it is the difference to a UTC
 * time of the same photo; the position tells; another photo lent it (dates/infer-zone.ts).
 */
export type ZoneFrom = "value" | "camera" | "difference" | "position" | "partner" | "neighbour";

export type Precision = "ms" | "s" | "minute" | "day" | "month" | "year";

/** When a photo was taken, as well as it is known. */
export interface Captured {
  /** Wall clock where it was taken, `2012-06-28T14:03:22` with a fraction only if one was recorded. */
  readonly local: string;
  /** `+02:00`, or null where nobody recorded it. */
  readonly offset: string | null;
  /** The instant; where no offset is known, the wall clock read in the zone of `--timezone`. */
  readonly utc: string;
  readonly source: DateSource;
  readonly precision: Precision;
  /** The field it was read from: "DateTimeOriginal", "x-amz-meta-mtime", "LastModified". */
  readonly tag?: string;
  /** IANA zone, where one was found. */
  readonly zone?: string;
  /** How the offset is known, where there is one. */
  readonly zoneFrom?: ZoneFrom;
  /** The half that was read in a zone which this computer could only guess: to be read anew when that is known. */
  readonly guessed?: "local" | "utc";
  /** Make and model, where the photo names them: its photos go by one clock. */
  readonly camera?: string;
  readonly warnings?: readonly string[];
  /** What each warning is about, in their order. */
  readonly doubts?: readonly Doubt[];
  /** The edition of the rules by which it was decided (dates/kept-date.ts); absent from the first. */
  readonly rules?: number;
}

/** `guess`: part of the date is inferred. `conflict`: another source says something else. `odd`: hard to believe. */
export type Doubt = "guess" | "conflict" | "odd";
export const DOUBTS: readonly Doubt[] = ["guess", "conflict", "odd"];

/**
 * What a photo on a target was found to be. `rotten`: other bytes than those that were kept, on both readings.
 * `unreadable`: the drive gave an error, on both readings. `missing`: nothing lies under its name.
 * `archived`: it lies in a class that nothing can read before the service restores it; nothing is known against it.
 */
export type Condition = "whole" | "rotten" | "unreadable" | "missing" | "archived";
export const CONDITIONS: readonly Condition[] = ["whole", "rotten", "unreadable", "missing", "archived"];

/** What an answer to a GET says of the object besides its bytes. */
export interface ObjectHead {
  /** Length of the whole object, in bytes. */
  readonly size: number;
  readonly etag: string;
  readonly modified: string;
  readonly contentType: string;
  readonly contentDisposition: string;
  /** How the bytes are packed that come (`gzip`); absent where nothing is said. */
  readonly contentEncoding?: string;
  /** User metadata, names in lower case without the `x-amz-meta-` before them. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Checksums that the store vouches for (`x-amz-checksum-*`), by algorithm, base64; whole-object ones only. */
  readonly checksums: Readonly<Record<string, string>>;
  /** Those of the checksums of its parts, a hyphen and their number behind the base64; absent where there are none. */
  readonly partSums?: Readonly<Record<string, string>>;
  /** Which version of the object this is, where the store says so. */
  readonly version?: string;
  /** Which side of a replication that the store itself keeps up this object is on, in its words; absent where none. */
  readonly replication?: string;
  /** True when the store says that its ETag is no digest of the bytes (SSE-KMS, SSE-C, a folder's own). */
  readonly opaqueEtag?: boolean;
}

/** What tells some bytes from all others. */
export interface Digests {
  readonly size: number;
  readonly sha256: string;
  readonly md5: string;
}

/** Those and what a store may vouch for besides. */
export interface FullDigests extends Digests {
  /** Base64, of the algorithm that was asked for; "" where none was. */
  readonly sum: string;
  /** The multipart ETags, or composite checksums, that the bytes would have, one for each part size tried. */
  readonly multipart: readonly string[];
}

/** One line of `manifest.ndjson`: a photo that lies on a target. */
export interface ManifestEntry extends Digests {
  /** Relative to the target, `/` between the segments, as it lies there. */
  readonly path: string;
  readonly key: string;
  readonly etag: string;
  readonly captured: Captured | null;
  /** LastModified of the object. */
  readonly modified: string;
  readonly storedAt: string;
  /** What the target's store calls these bytes, where that is no MD5: found to be theirs when they were written. */
  readonly targetEtag?: string;
  /** By which the bytes are read on a grid, whatever becomes of their name there: a secret, in no list of another target. */
  readonly cap?: string;
  /** What the bytes were at the source, where a date was written into the photo before it was kept. */
  readonly original?: Digests;
}

/** Storage classes whose objects cannot be read before they are restored; GLACIER_IR can. A rendition stands in until then. */
export const ARCHIVES: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);
/** Up to so many an archive costs more than it saves: what it charges for each object besides, and S3's own lifecycle rules leave it warm. */
export const WARM_BYTES = 128 * 1024;

/** A photo that lies sealed on a target, and what its sealed file is there. */
export interface SealedLine {
  readonly entry: ManifestEntry;
  readonly sealed: Digests;
}

/** When a photo was taken, as far as its keeping goes by it. */
export interface HeadDate {
  /** Null only where not even LastModified can be read. */
  readonly captured: Captured | null;
  /** What the file's modification time should be: when the photo was taken, else LastModified. */
  readonly mtime: Date;
  /** "Canon EOS 5D", as people call it; null where the photo names none. */
  readonly camera: string | null;
  /** True where ExifTool was wanted and cannot run: the date may be another one. */
  readonly unread?: true;
  /** The name that the file had before it was stored, as its store notes it; null where it does not. */
  readonly fileName: string | null;
}

/** A photo that a hand wrote into a folder of drafts, or could not write; plain data. */
export interface HandDraft {
  readonly file: string;
  readonly size: number;
  /** The modification time that it was given, in seconds since 1970 as Node takes them; null where it has none. */
  readonly seconds: string | null;
  /** True where the drive refused the time. */
  readonly undatable: boolean;
  /** What the system said where it could not be written, and nothing lies there; else null. */
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/** What a hand (photo/hand.ts) made of an object; plain data. */
export interface Taken {
  readonly head: ObjectHead;
  readonly digests: FullDigests;
  /** In the order of the folders that were asked for. */
  readonly drafts: readonly HandDraft[];
  /** Null where its first bytes leave it open. */
  readonly date: HeadDate | null;
}
