/**
 * The naming template of `--name`: text with fields in braces, `/` between folders. What it expands to is
 * a key of its own making, so it goes through `safePath` as keys do.
 *
 *   template                       photo                       expands to
 *   {key}                          a/b.jpg                     a/b.jpg                the default
 *   {yyyy}/{mm}/{name}.{ext}       a/b.jpg, 2012-06-28         2012/06/b.jpg
 *   {yyyy}/{mm}/{name}.{ext}       a/b, 2012-06-28             2012/06/b              no extension, no dot
 *   {dir}/{etag8}-{name}.{ext}     b.jpg                       1a2b3c4d-b.jpg         no folder, no slash
 *   {yyyy}/{mm}/{name}.{ext}       a/b.jpg, no date            no-date/b.jpg          dated folders become one
 *   {camera}/{yyyy}/{name}.{ext}   a/b.jpg, no date            Canon EOS/no-date/b.jpg
 *   {yyyy}{mm}{dd}-{hh}{mi}.{ext}  a/b.jpg, no date            no-date/b.jpg          a dated name falls back
 *   {camera}/{name}.{ext}          a/b.jpg, no camera          no-camera/b.jpg
 *   {yyyy}/{mm}/{name}.{ext}       a/b.jpg, known to the year  2012/00/b.jpg
 *   {dir}/{name}.{ext}             a/4c1f…9e, IMG_1.jpg        a/IMG_1.jpg            an id gives way to the noted name
 */

import { HaulError } from "../errors.ts";
import { folderOf } from "../key.ts";
import type { Captured, Precision } from "../model.ts";

const DATE_FIELDS = ["yyyy", "mm", "dd", "hh", "mi", "ss"] as const;
const TEMPLATE_FIELDS = ["key", "dir", "name", "ext", ...DATE_FIELDS, "camera", "etag8"] as const;
type Field = (typeof TEMPLATE_FIELDS)[number];

/** A template that was found good: folders and the name, each a row of text and fields. */
export interface Template {
  readonly text: string;
  readonly segments: readonly (readonly TemplatePart[])[];
}
type TemplatePart = { readonly text: string } | { readonly field: Field };

export interface NameFields {
  readonly key: string;
  /** As name.ts shortens it. */
  readonly etag8: string;
  /** Null where nothing dates the photo; a date that is only the object's LastModified counts as none. */
  readonly captured: Captured | null;
  /** "Canon EOS 5D"; null where the photo names none. */
  readonly camera: string | null;
  /** The file's name before the service gave it an id, "IMG_0001.JPG"; absent or null where nobody noted it. */
  readonly fileName?: string | null;
}

/** @throws HaulError `usage` naming what is wrong and the fields there are */
export function parseTemplate(text: string): Template {
  const segments = text.split("/").map((segment) => parseSegment(segment, text));
  for (const segment of text.split("/")) {
    if (segment === "" || segment === "." || segment === "..") {
      throw bad(text, "it may not begin or end with a slash, nor hold an empty, `.` or `..` folder");
    }
  }
  if (!segments.flat().some((part) => "field" in part)) {
    throw bad(text, "it holds no field, so every photo would get the same name");
  }
  const last = segments.at(-1) ?? [];
  if (!holdsField(last, "ext") && !holdsField(last, "key")) {
    throw bad(
      text,
      "its last part has neither {ext} nor {key}, so the photos would lose their extension and no program would know them; {name}.{ext} keeps it",
    );
  }
  if (!ENDS_WELL.test(text)) {
    throw bad(
      text,
      "it must end in .{ext} or {key}, else the photos would lose their extension and no program would know them; {name}.{ext} keeps it",
    );
  }
  return { text, segments };
}

/** What stands before the extension is a name, and nothing stands behind it. */
const ENDS_WELL = /(?:\{key\}|[^/]\.\{ext\})$/;

/** True when a name can be told only after the photo was read: it holds a part of the date, or the camera. */
export function needsDate(template: Template): boolean {
  return template.segments.some((segment) => isDated(segment) || holdsField(segment, "camera"));
}

/** True when a name can be told only after the object was opened: its key holds an id where the template wants its name. */
export function needsName(template: Template, key: string): boolean {
  const named = template.segments.some((segment) => holdsField(segment, "name"));
  return named && isId(stemIn(lastOf(key)));
}

const UUID_NAME = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Twelve hexadecimal digits and more, some of them letters; twenty letters and digits and more, mixed. */
const ID = /^(?=.*\d)(?=.*[a-z])(?:[0-9a-f]{12,}|[0-9a-z]{20,})$/i;

function isId(name: string): boolean {
  return UUID_NAME.test(name) || ID.test(name);
}

/** The name of one photo, in the form of a key; the same fields give the same name, always. */
export function expand(template: Template, fields: NameFields): string {
  const dateless = fields.captured === null || fields.captured.source === "modified";
  const out: string[] = [];
  const last = template.segments.length - 1;
  for (const [at, segment] of template.segments.entries()) {
    const undated = dateless && isDated(segment);
    if (undated && out.at(-1) !== NO_DATE_FOLDER) out.push(NO_DATE_FOLDER);
    if (undated && at === last) out.push(fileNameOf(fields));
    if (undated) continue;
    const value = expandSegment(segment, fields);
    if (value !== "" || at === last) out.push(value);
  }
  return out.join("/");
}

/** The folder that stands where the date of a photo without one would. */
export const NO_DATE_FOLDER = "no-date";
const NO_CAMERA = "no-camera";

function parseSegment(segment: string, template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  for (const piece of segment.split(/(\{[^{}]*\})/)) {
    if (piece.startsWith("{") && piece.endsWith("}")) {
      parts.push({ field: fieldNamed(piece.slice(1, -1), template) });
    } else if (/[{}]/.test(piece)) {
      throw bad(template, "a brace has no partner");
    } else if (piece !== "") {
      parts.push({ text: piece });
    }
  }
  return parts;
}

function fieldNamed(name: string, template: string): Field {
  const field = TEMPLATE_FIELDS.find((known) => known === name);
  if (field === undefined) throw bad(template, `there is no field {${name}}`);
  return field;
}

function bad(template: string, why: string): HaulError {
  const fields = TEMPLATE_FIELDS.map((field) => `{${field}}`).join(" ");
  return new HaulError("usage", `--name ${template}: ${why}. The fields are ${fields}`);
}

function isDated(segment: readonly TemplatePart[]): boolean {
  return DATE_FIELDS.some((field) => holdsField(segment, field));
}

function holdsField(segment: readonly TemplatePart[], field: Field): boolean {
  return segment.some((part) => "field" in part && part.field === field);
}

function expandSegment(segment: readonly TemplatePart[], fields: NameFields): string {
  let out = "";
  for (const part of segment) {
    if ("text" in part) {
      out += part.text;
      continue;
    }
    const value = fieldValue(part.field, fields);
    if (part.field === "ext" && value === "") out = out.replace(/\.$/, "");
    out += value;
  }
  return out;
}

function fieldValue(field: Field, fields: NameFields): string {
  const name = fileNameOf(fields);
  switch (field) {
    case "key":
      return fields.key;
    case "dir":
      return folderOf(fields.key);
    case "name":
      return stemIn(name);
    case "ext":
      return name.slice(stemIn(name).length + 1);
    case "camera":
      return fields.camera?.replaceAll("/", "-").trim() || NO_CAMERA;
    case "etag8":
      return fields.etag8;
    default:
      return datePart(field, fields.captured);
  }
}

/** The last part of the key; where that is an id, the name that was noted, with the key's extension if it has one. */
function fileNameOf({ key, fileName }: NameFields): string {
  const own = lastOf(key);
  const stem = stemIn(own);
  if (!fileName || !isId(stem)) return own;
  return own === stem ? fileName : `${stemIn(fileName)}${own.slice(stem.length)}`;
}

function stemIn(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

function lastOf(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}

/** Where each part stands in `2012-06-28T14:03:22`, and the precision from which on it is known. */
const DATE_PARTS: Record<(typeof DATE_FIELDS)[number], [from: number, to: number, known: Precision]> = {
  yyyy: [0, 4, "year"],
  mm: [5, 7, "month"],
  dd: [8, 10, "day"],
  hh: [11, 13, "minute"],
  mi: [14, 16, "minute"],
  ss: [17, 19, "s"],
};
const COARSE_TO_FINE: readonly Precision[] = ["year", "month", "day", "minute", "s", "ms"];

/** What is not known is zeros, never the made-up first of January. */
function datePart(field: (typeof DATE_FIELDS)[number], captured: Captured | null): string {
  const [from, to, known] = DATE_PARTS[field];
  const precision = COARSE_TO_FINE.indexOf(captured?.precision ?? "year");
  if (precision < COARSE_TO_FINE.indexOf(known)) return "0".repeat(to - from);
  return captured?.local.slice(from, to).padStart(to - from, "0") ?? "";
}
