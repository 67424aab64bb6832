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

/**
 * False where two answers differ in ETag, version or whole size, or only one of them has an ETag: then nothing says that it
 * is the same. Where neither has one, the version tells, which both must name then or neither, and the time of the last
 * write.
 */
export function isSameObject(known: ObjectIdentity, now: ObjectIdentity): boolean {
  if (known.size >= 0 && now.size >= 0 && known.size !== now.size) return false;
  const [version = "", versionNow = ""] = [known.version, now.version];
  if (version !== "" && versionNow !== "" && version !== versionNow) return false;
  if (known.etag !== "" || now.etag !== "") return known.etag === now.etag;
  if (version !== versionNow) return false;
  const [before = "", after = ""] = [known.modified, now.modified];
  return before === "" || after === "" || before === after;
}
