/**
 * One page of a listing, read strictly: whatever is not a whole, well-formed page throws, so that a cut
 * answer or an error page of a proxy is never taken for the end of a bucket. A page that is not written as stores
 * write them is made regular first, and read then.
 */

import type { Listed } from "../../model.ts";
import { type FormSigns, type KeyForm, keyFromText, keyFromUrl, noSigns, noteForm } from "./key-encoding.ts";
import { type Flaws, mustNest, PREFIXED, readEntry, readUsual, type VersionEntry } from "./list-entry.ts";
import { readEither } from "./regular-xml.ts";
import { MalformedXml, PageText, readChildren, readText, type Visit } from "./xml.ts";

export interface ListPage {
  readonly objects: readonly Listed[];
  readonly truncated: boolean;
  /** NextContinuationToken; "" where there is none, and what follows the last key is to be asked for. */
  readonly token: string;
  /** True for an answer of the first listing API, whatever was asked for. */
  readonly first: boolean;
  /** What the page says of the form of its keys; null where it does not encode them. */
  readonly signs: FormSigns | null;
  readonly flaws: Flaws;
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

function noFlaws(): Flaws {
  return { undated: 0, unsized: 0, nameless: 0, missing: 0 };
}

/** @param read is told whether the page encodes its keys, where that is known before */
function readPage<T>(body: Buffer, read: (body: Buffer, encoded?: boolean) => T): T {
  return readEither(body, (page, made) =>
    made ? read(page, /<EncodingType>\s*url\s*<\/EncodingType>/i.test(page.toString("latin1"))) : read(page),
  );
}

function listPage(body: Buffer, form: KeyForm, encoded: boolean | undefined): ListPage {
  const objects: Listed[] = [];
  const flaws = noFlaws();
  const page = new PageText(body, "Contents");
  const { toKey, signs } = keyReader(page, form, encoded);
  const visit: Visit = (name, text, start, end) => {
    if (name !== "Contents") return;
    const entry = readEntry(text, start, end, { toKey, flaws });
    if (entry !== null) objects.push(entry.object);
  };
  const quick = (entries: string) => readUsual(entries, toKey, objects);
  const fields = rootFields(page, "ListBucketResult", { encoded: signs !== null, visit, quick });
  const count = Number(fields.get("KeyCount") ?? 0);
  flaws.missing = Math.max(0, (Number.isSafeInteger(count) ? count : 0) - objects.length - flaws.nameless);
  // Ceph's is the last key itself: any characters, and never encoded.
  const token = keyFromText(fields.get("NextContinuationToken") ?? "");
  const truncated = isTruncated(fields, token !== "");
  const first = !fields.has("KeyCount") && token === "" && (truncated || fields.has("Marker"));
  if (truncated && token === "" && objects.length === 0) {
    throw new MalformedXml("the page says that more follow, and not where");
  }
  return { objects, truncated, token, first, signs, flaws };
}

/** Reads an answer of ListObjectVersions. @throws MalformedXml */
export function readVersionPage(body: Buffer, form: KeyForm = "form"): VersionPage {
  return readPage(body, (text, encoded) => versionPage(text, form, encoded));
}

function versionPage(body: Buffer, form: KeyForm, encoded: boolean | undefined): VersionPage {
  const entries: VersionEntry[] = [];
  const flaws = noFlaws();
  const page = new PageText(body, "Version");
  const { toKey, signs } = keyReader(page, form, encoded);
  const visit: Visit = (name, text, start, end) => {
    if (name !== "Version" && name !== "DeleteMarker") return;
    const entry = readEntry(text, start, end, { toKey, flaws }, name === "DeleteMarker");
    if (entry !== null) entries.push(entry);
  };
  const fields = rootFields(page, "ListVersionsResult", { encoded: signs !== null, visit });
  const truncated = isTruncated(fields, fields.has("NextKeyMarker"));
  const nextKey = toKey(fields.get("NextKeyMarker") ?? "");
  if (truncated && nextKey === "") {
    throw new MalformedXml("the page says that more follow, and not where");
  }
  const nextVersion = keyFromText(fields.get("NextVersionIdMarker") ?? "");
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
  const visit: Visit = (name, text, start, end) => {
    if (name !== "Upload") return;
    const fields = new Map<string, string>();
    readChildren(text, start, end, (field, from, to) => {
      if (field.includes(":")) throw new MalformedXml(PREFIXED);
      if (UPLOAD_FIELDS.has(field)) fields.set(field, readText(text, from, to));
    });
    const [key, id, begun] = [...UPLOAD_FIELDS].map((field) => fields.get(field) ?? "");
    if (key && id && begun) uploads.push({ key: toKey(key), id, begun });
  };
  rootFields(page, "ListMultipartUploadsResult", { encoded: signs !== null, visit });
  return uploads;
}

const UPLOAD_FIELDS = new Set(["Key", "UploadId", "Initiated"]);

interface RootReader {
  readonly encoded: boolean;
  readonly visit: Visit;
  readonly quick?: Parameters<PageText["read"]>[2];
}

/** The plain fields of the page; entries go to `visit`. */
function rootFields(page: PageText, root: string, { encoded, visit, quick }: RootReader): Map<string, string> {
  const fields = new Map<string, string>();
  const read: Visit = (name, text, start, end) => {
    if (name.includes(":")) throw new MalformedXml(PREFIXED);
    // Nobody asked for a delimiter: what lies below it would be missing without a word.
    if (name === "CommonPrefixes" && text.slice(start, end).trim() !== "")
      throw new MalformedXml("it names folders in the place of what lies in them");
    if (ENTRIES.has(name)) visit(name, text, start, end);
    else if (FIELDS.has(name)) fields.set(name, readText(text, start, end));
    else mustNest(text, start, end);
  };
  page.read(root, read, quick);
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

/** @param otherwise where the page does not say it, as few stores do; what has nothing that a page has is none */
function isTruncated(fields: ReadonlyMap<string, string>, otherwise: boolean): boolean {
  const said = fields.get("IsTruncated")?.trim().toLowerCase() ?? "";
  const known = said === "" ? fields.size > 0 : /^(true|false|[01])$/.test(said);
  if (!known) throw new MalformedXml("the page does not say whether it is the last");
  return said === "" ? otherwise : said === "true" || said === "1";
}
