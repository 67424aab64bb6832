/** Whether an answer that goes on where another broke is of the same object: a store may not heed If-Match, or forget it. */

/** What an answer says of its object; "" and -1 where it says nothing. */
export interface ObjectIdentity {
  readonly etag: string;
  /** Of the whole object, in bytes. */
  readonly size: number;
  /** ISO 8601. */
  readonly modified?: string;
  /** Of the object, in a bucket that keeps several. */
  readonly version?: string | undefined;
}

/** `unknown`: nothing tells them apart, and nothing says that they are one. */
export type Sameness = "same" | "other" | "unknown";

/**
 * Two answers that differ in ETag, version or whole size are of two objects, and so they count where only one of them has an
 * ETag. An equal ETag or version says that they are of one; an equal time of the last write does not: two writes may share
 * a second.
 */
export function sameness(known: ObjectIdentity, now: ObjectIdentity): Sameness {
  if (known.size >= 0 && now.size >= 0 && known.size !== now.size) return "other";
  const [version = "", versionNow = ""] = [known.version, now.version];
  if (version !== "" && versionNow !== "" && version !== versionNow) return "other";
  if (known.etag !== "" || now.etag !== "") return known.etag === now.etag ? "same" : "other";
  if (version !== versionNow) return "other";
  const [before = "", after = ""] = [known.modified, now.modified];
  if (before !== "" && after !== "" && before !== after) return "other";
  return version === "" ? "unknown" : "same";
}
