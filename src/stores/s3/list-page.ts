/**
 * One page of a listing, read strictly: whatever is not a whole, well-formed page throws, so that a cut
 * answer or an error page of a proxy is never taken for the end of a bucket. A page that is not written as stores
 * write them is made regular first, and read then.
 */

import type { Listed } from "../../model.ts";
import { bareEtag, isoDate } from "../http/header.ts";
import { type FormSigns, type KeyForm, keyFromText, keyFromUrl, noSigns, noteForm } from "./key-encoding.ts";
import { readEither } from "./regular-xml.ts";
import { MalformedXml, PageText, readChildren, readText, type Visit } from "./xml.ts";

export interface ListPage {
  readonly objects: readonly Listed[];
  readonly truncated: boolean;
  /** True where the page has as many keys as the store gives on one. */
  readonly full: boolean;
  /** NextContinuationToken; "" where there is none. */
  readonly token: string;
  /** True for an answer of the first listing API, whatever was asked for. */
  readonly first: boolean;
  /** What the page says of the form of its keys; null where it does not encode them. */
  readonly signs: FormSigns | null;
  readonly flaws: Flaws;
}

/** Entries that do not say what every entry says. */
export interface Flaws {
  /** How many have no usable date: it is "" there. */
  undated: number;
  /** How many have no usable size: it is -1 there. */
  unsized: number;
  /** How many have no key, and are on no page therefore. */
  nameless: number;
}

/** An entry of a listing of versions; a delete marker says that there was no object from then on. */
export interface VersionEntry {
  readonly object: Listed;
  readonly deleted: boolean;
  readonly latest: boolean;
}

export interface VersionPage {
  readonly entries: readonly VersionEntry[];
  readonly signs: FormSigns | null;
  readonly flaws: Flaws;
  readonly truncated: boolean;
  /** Where to go on; both "" on the last page. */
  readonly nextKey: string;
  readonly nextVersion: string;
}

/** Reads an answer of ListObjectsV2 or ListObjects. @throws MalformedXml */
export function readListPage(body: Buffer, form: KeyForm = "form"): ListPage {
  return readPage(body, (text, encoded) => listPage(text, form, encoded));
}

/** @param read is told whether the page encodes its keys, where that is known before */
function readPage<T>(body: Buffer, read: (body: Buffer, encoded?: boolean) => T): T {
  return readEither(body, (page, made) =>
    made ? read(page, /<EncodingType>\s*url\s*<\/EncodingType>/i.test(page.toString("latin1"))) : read(page),
  );
}

function listPage(body: Buffer, form: KeyForm, encoded: boolean | undefined): ListPage {
  const objects: Listed[] = [];
  const flaws = { undated: 0, unsized: 0, nameless: 0 };
  const page = new PageText(body, "Contents");
  const { toKey, signs } = keyReader(page, form, encoded);
  const fields = rootFields(page, "ListBucketResult", signs !== null, (name, text, start, end) => {
    if (name !== "Contents") return;
    const entry = readEntry(text, start, end, { toKey, flaws });
    if (entry !== null) objects.push(entry.object);
  });
  const truncated = isTruncated(fields);
  const token = fields.get("NextContinuationToken") ?? "";
  const first = fields.has("Marker") && !fields.has("KeyCount") && token === "";
  if (truncated && token === "" && !first) {
    throw new MalformedXml("the page says that more follow, and not where");
  }
  const full = objects.length > 0 && objects.length >= Number(fields.get("MaxKeys"));
  return { objects, truncated, full, token, first, signs, flaws };
}

/** Reads an answer of ListObjectVersions. @throws MalformedXml */
export function readVersionPage(body: Buffer, form: KeyForm = "form"): VersionPage {
  return readPage(body, (text, encoded) => versionPage(text, form, encoded));
}

function versionPage(body: Buffer, form: KeyForm, encoded: boolean | undefined): VersionPage {
  const entries: VersionEntry[] = [];
  const flaws = { undated: 0, unsized: 0, nameless: 0 };
  const page = new PageText(body, "Version");
  const { toKey, signs } = keyReader(page, form, encoded);
  const fields = rootFields(page, "ListVersionsResult", signs !== null, (name, text, start, end) => {
    if (name !== "Version" && name !== "DeleteMarker") return;
    const entry = readEntry(text, start, end, { toKey, flaws }, name === "DeleteMarker");
    if (entry !== null) entries.push(entry);
  });
  const truncated = isTruncated(fields);
  const nextKey = toKey(fields.get("NextKeyMarker") ?? "");
  if (truncated && nextKey === "") {
    throw new MalformedXml("the page says that more follow, and not where");
  }
  const nextVersion = fields.get("NextVersionIdMarker") ?? "";
  return { entries, truncated, nextKey, nextVersion, signs, flaws };
}

/** An upload in parts that is under way. */
export interface UploadEntry {
  readonly key: string;
  readonly id: string;
  /** As the store gives it. */
  readonly begun: string;
}

/** Reads an answer of ListMultipartUploads: what is on this page. @throws MalformedXml */
export function readUploadPage(body: Buffer): UploadEntry[] {
  return readPage(body, uploadPage);
}

function uploadPage(body: Buffer, encoded: boolean | undefined): UploadEntry[] {
  const uploads: UploadEntry[] = [];
  const page = new PageText(body, "Upload");
  const { toKey, signs } = keyReader(page, "form", encoded);
  rootFields(page, "ListMultipartUploadsResult", signs !== null, (name, text, start, end) => {
    if (name !== "Upload") return;
    const fields = new Map<string, string>();
    readChildren(text, start, end, (field, from, to) => {
      if (field.includes(":")) throw new MalformedXml(PREFIXED);
      if (UPLOAD_FIELDS.has(field)) fields.set(field, readText(text, from, to));
    });
    const [key, id, begun] = [...UPLOAD_FIELDS].map((field) => fields.get(field) ?? "");
    if (key && id && begun) uploads.push({ key: toKey(key), id, begun });
  });
  return uploads;
}

const UPLOAD_FIELDS = new Set(["Key", "UploadId", "Initiated"]);

/** The plain fields of the page; entries go to `visit`. */
function rootFields(page: PageText, root: string, encoded: boolean, visit: Visit): Map<string, string> {
  const fields = new Map<string, string>();
  page.read(root, (name, text, start, end) => {
    if (name.includes(":")) throw new MalformedXml(PREFIXED);
    if (ENTRIES.has(name)) visit(name, text, start, end);
    else if (FIELDS.has(name)) fields.set(name, readText(text, start, end));
    else mustNest(text, start, end);
  });
  const url = fields.get("EncodingType")?.trim().toLowerCase() === "url";
  if (url !== encoded) throw new MalformedXml("the page says in an unusual way how it writes its keys");
  return fields;
}

const ENTRIES = new Set(["Contents", "Version", "DeleteMarker", "Upload"]);
const FIELDS = new Set([
  "EncodingType",
  "IsTruncated",
  "KeyCount",
  "Marker",
  "MaxKeys",
  "NextContinuationToken",
  "NextKeyMarker",
  "NextVersionIdMarker",
]);
const PREFIXED = "a name with a prefix";

/** What is not read must end where it seems to, or it has swallowed what comes after it. @throws MalformedXml */
function mustNest(text: string, start: number, end: number): void {
  const at = text.indexOf("<", start);
  if (at >= 0 && at < end) readChildren(text, start, end, (_, from, to) => mustNest(text, from, to));
}

interface KeyReader {
  readonly toKey: (key: string) => string;
  readonly signs: FormSigns | null;
}

/** A server may ignore `encoding-type`; it says so by leaving the element out. */
function keyReader({ around }: PageText, form: KeyForm, encoded: boolean | undefined): KeyReader {
  if (!(encoded ?? around.includes("<EncodingType>url</EncodingType>"))) {
    return { toKey: keyFromText, signs: null };
  }
  const signs = noSigns();
  const toKey = (text: string) => {
    noteForm(signs, text);
    return keyFromUrl(text, form);
  };
  return { toKey, signs };
}

function isTruncated(fields: ReadonlyMap<string, string>): boolean {
  const said = fields.get("IsTruncated")?.trim().toLowerCase();
  if (said !== "true" && said !== "false") {
    throw new MalformedXml("the page does not say whether it is the last");
  }
  return said === "true";
}

interface EntryReader extends Pick<KeyReader, "toKey"> {
  readonly flaws: Flaws;
}

/** An entry, its flaws counted; null where it has no key. */
function readEntry(
  text: string,
  from: number,
  to: number,
  { toKey, flaws }: EntryReader,
  deleted = false,
): VersionEntry | null {
  let key = "";
  let size = deleted ? 0 : -1;
  let etag = "";
  let modified = "";
  let storageClass = "";
  let version = "";
  let latest = false;
  readChildren(text, from, to, (name, start, end) => {
    if (name === "Key") key = toKey(readText(text, start, end));
    else if (name === "Size") size = sizeWithin(text, start, end);
    else if (name === "ETag") etag = etagWithin(text, start, end);
    else if (name === "LastModified") modified = dateWithin(text, start, end);
    else if (name === "StorageClass") storageClass = readText(text, start, end).trim();
    else if (name === "VersionId") version = readText(text, start, end);
    else if (name === "IsLatest") latest = readText(text, start, end).trim() === "true";
    else if (name.includes(":")) throw new MalformedXml(PREFIXED);
    else mustNest(text, start, end);
  });
  if (size < 0) flaws.unsized += 1;
  if (modified === "") flaws.undated += 1;
  if (key === "") {
    flaws.nameless += 1;
    return null;
  }
  const object = { key, size, etag, modified, storageClass: storageClass || "STANDARD" };
  return { object: version === "" ? object : { ...object, version }, deleted, latest };
}

/** -1 for what is no size, or one beyond what numbers hold exactly (2^53). */
function sizeWithin(text: string, start: number, end: number): number {
  const raw = text.slice(start, end);
  const digits = DIGITS.test(raw) ? raw : readText(text, start, end).trim();
  const number = DIGITS.test(digits) ? Number(digits) : -1;
  return Number.isSafeInteger(number) ? number : -1;
}

const DIGITS = /^\d{1,16}$/;

/** As S3 writes dates: anything that looks so is one, save for the 30th of February, which is the 2nd of March. */
const USUAL_DATE = /^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?Z$/;

/** ISO 8601; "" for what is no date. */
function dateWithin(text: string, start: number, end: number): string {
  const raw = text.slice(start, end);
  if (USUAL_DATE.test(raw)) return raw;
  const date = readText(text, start, end).trim();
  return USUAL_DATE.test(date) ? date : isoDate(date);
}

/** The usual way to write an ETag is read without looking for other entities: it is one of eight elements. */
function etagWithin(text: string, start: number, end: number): string {
  const usual = text.startsWith("&quot;", start) && text.startsWith("&quot;", end - 6);
  const inner = usual ? text.slice(start + 6, end - 6) : "&";
  return inner.includes("&") ? bareEtag(readText(text, start, end).trim()) : inner;
}
