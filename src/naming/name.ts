/**
 * Where a key lies on a target. A key is any string of bytes; a path is relative, has real names between
 * its slashes, and can be held by the target it is meant for. The encoding is %XX as in URLs, used as
 * little as possible, and reversible:
 *
 *   2012/IMG_1.JPG   2012/IMG_1.JPG      what a drive can hold stays as it is
 *   a//b             a/%2F/b             an empty segment (also from a leading or trailing slash) is %2F
 *   ../x             %2E%2E/x
 *   50%41            50%2541             % only where two hex digits follow; `50%` stays
 *   a\n              a%0A                control characters, and bytes that are not UTF-8
 *   a:b              a%3Ab               only where the target forbids it; likewise a dot or space at the end
 *   CON.jpg          %43ON.jpg           only where the target follows the rules of Windows
 *   .photohaul/x     %2Ephotohaul/x      reserved at the top
 *
 * A segment too long for the target is cut and gets `~` and a hash before its extension; the manifest
 * has its key.
 */

import { createHash } from "node:crypto";
import { decodeKey, encodeKey } from "../key.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";

const WINDOWS_NAMES = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)/i;
/** An extension worth keeping when a name is cut: short, and not the whole name. */
const NAME_EXTENSION = /(?<=[^.])\.[^.%/\s]{1,16}$/u;
/** U+EF80…U+EFFF carry bytes that are not UTF-8 (key.ts); surrogates stand alone in no key. */
const ALWAYS = /[\p{Cc}\p{Cs}\uef80-\uefff]/u;

/** The path for a key on a target with these traits: the same key gives the same path, always. */
export function safePath(key: string, traits: Traits): string {
  const segments: string[] = [];
  let upto = 0;
  for (const segment of key.split("/")) {
    upto += segment.length;
    const encoded = encodeSegment(segment, traits, segments.length === 0);
    // The hash is of the key up to here, so that what lies in one long folder stays in one folder.
    segments.push(fittedName(encoded, traits.longestName, () => hash8(key.slice(0, upto))));
    upto += 1;
  }
  return shortenedPath(segments, traits);
}

/** The key that `safePath` made a path from, unless a segment was cut. */
export function keyOfPath(path: string): string {
  return path
    .split("/")
    .map((segment) => (segment === "%2F" ? "" : decodeSegment(segment)))
    .join("/");
}

/**
 * The path as the target compares names: two paths with the same answer count as one file. May unite what
 * the target tells apart (ß and SS on some drives), never the other way round.
 */
export function folded(path: string, traits: Pick<Traits, "foldsCase" | "foldsUnicode">): string {
  const form = traits.foldsUnicode ? path.normalize("NFC") : path;
  if (!traits.foldsCase) return form;
  const cased = form.toLowerCase().toUpperCase().toLowerCase();
  return traits.foldsUnicode ? cased.normalize("NFC") : cased;
}

/** `2012/IMG_1.JPG` and `1a2b3c4d` → `2012/IMG_1~1a2b3c4d.JPG`; cut where that were too long. */
export function besidePath(path: string, tag: string, traits: Traits): string {
  const segments = path.split("/");
  const [stem, extension] = splitName(segments.pop() ?? "");
  segments.push(cut(stem, `~${tag}${extension}`, traits.longestName));
  return shortenedPath(segments, traits);
}

/** The first 8 hex digits of the SHA-256 of a key's bytes. */
export function hash8(key: string): string {
  return createHash("sha256").update(encodeKey(key)).digest("hex").slice(0, 8);
}

/** The first 8 hex digits of an ETag; of its hash where it is not hex. */
export function etag8(etag: string): string {
  return /^[0-9a-f]{8}/i.exec(etag)?.[0].toLowerCase() ?? hash8(etag);
}

function encodeSegment(segment: string, traits: Traits, top: boolean): string {
  if (segment === "") return "%2F";
  if (segment === "." || segment === "..") return percentEncoded(segment);
  let out = "";
  for (const char of segment.replace(/%(?=[0-9a-f]{2})/gi, "%25")) {
    out += isHeld(char, traits) ? char : percentEncoded(char);
  }
  if (traits.trimsEnds) out = out.replace(/[. ]$/, percentEncoded);
  const reserved = top && out.normalize("NFC").toLowerCase() === OWN_FOLDER;
  const device = (traits.trimsEnds || traits.forbidden.includes(":")) && WINDOWS_NAMES.test(out);
  return reserved || device ? percentEncoded(out.slice(0, 1)) + out.slice(1) : out;
}

function isHeld(char: string, traits: Traits): boolean {
  if (traits.characters === "ascii" && char > "\u007e") return false;
  if (traits.characters === "bmp" && char.length > 1) return false;
  return !ALWAYS.test(char) && !traits.forbidden.includes(char);
}

function decodeSegment(segment: string): string {
  if (!segment.includes("%")) return segment;
  const parts = segment
    .split(/(%[0-9a-f]{2})/i)
    .map((part, at) => (at % 2 === 1 ? Buffer.from(part.slice(1), "hex") : Buffer.from(part)));
  return decodeKey(Buffer.concat(parts));
}

function percentEncoded(text: string): string {
  const digits = encodeKey(text).toString("hex").toUpperCase();
  return digits.replace(/../g, "%$&");
}

type Limit = Traits["longestName"];

function fittedName(name: string, limit: Limit, tag: () => string): string {
  if (measure(name, limit) <= limit.length) return name;
  const [stem, extension] = splitName(name);
  return cut(stem, `~${tag()}${extension}`, limit);
}

/** Shortens the stem, never inside a character or an escape, until both fit. */
function cut(stem: string, rest: string, limit: Limit): string {
  const pieces = stem.match(/%[0-9a-f]{2}|./gisu) ?? [];
  let room = limit.length - measure(rest, limit);
  let kept = "";
  for (const piece of pieces) {
    room -= measure(piece, limit);
    if (room < 0) break;
    kept += piece;
  }
  return kept + rest;
}

/** A path too long as a whole: its folders become one, named by their hash. */
function shortenedPath(segments: readonly string[], traits: Traits): string {
  const path = segments.join("/");
  if (traits.longestPath === 0 || Buffer.byteLength(path) <= traits.longestPath) return path;
  const folder = `~${hash8(segments.slice(0, -1).join("/"))}`;
  const name = segments.at(-1) ?? "";
  const room = traits.longestPath - folder.length - 1;
  return `${folder}/${fittedName(name, { length: room, unit: "bytes" }, () => hash8(path))}`;
}

function splitName(name: string): [stem: string, extension: string] {
  const extension = NAME_EXTENSION.exec(name)?.[0] ?? "";
  return [name.slice(0, name.length - extension.length), extension];
}

function measure(text: string, limit: Limit): number {
  return limit.unit === "bytes" ? Buffer.byteLength(text) : text.length;
}

/** What a target was found able to do, by trying it once (design section 6); kept in target.json. */
export interface Traits {
  /** `IMG.jpg` and `img.jpg` are the same file. */
  readonly foldsCase: boolean;
  /** `é` composed and `é` decomposed are the same file. */
  readonly foldsUnicode: boolean;
  /** Characters that no name may hold, besides `/` and NUL. */
  readonly forbidden: string;
  /** Which characters names can hold at all; "unicode" where nothing is said. */
  readonly characters?: "ascii" | "bmp" | "unicode";
  /** Names may not end in a dot or a space. */
  readonly trimsEnds: boolean;
  /** Longest name of one segment. */
  readonly longestName: { readonly length: number; readonly unit: "bytes" | "utf16" };
  /** Whole path below the target, in bytes; 0 where no limit was met. */
  readonly longestPath: number;
  /** Names can be given by link(2), which cannot overwrite. */
  readonly links: boolean;
  /** Granularity of file times, in nanoseconds. */
  readonly timeGranularity: number;
  /** Earliest time a file can carry, ISO 8601. */
  readonly earliestTime: string;
  /** Largest file in bytes; 0 where no limit was met. */
  readonly largestFile: number;
}

/** What statfs(2) of Linux calls FAT and exFAT (linux/magic.h); behind FUSE they have no name of their own. */
const FAT_TYPE = 0x4d44;
const EXFAT = 0x2011bab0;

/**
 * What to plan with before a target was ever tried: a dry run may not write, so it cannot probe.
 * @param fileSystem its type as statfs(2) tells it; 0 where nobody asked
 */
export function likelyTraits(platform: NodeJS.Platform, fileSystem = 0): Traits {
  const linux = platform === "linux";
  const fat = linux && fileSystem === FAT_TYPE;
  const windows = platform === "win32" || fat || (linux && fileSystem === EXFAT);
  const mac = platform === "darwin";
  return {
    foldsCase: windows || mac,
    foldsUnicode: mac,
    forbidden: windows ? '"*:<>?\\|' : "",
    trimsEnds: windows,
    longestName: { length: 255, unit: windows || mac ? "utf16" : "bytes" },
    longestPath: 0,
    links: true,
    timeGranularity: 1,
    earliestTime: "1901-12-13T20:45:52Z",
    largestFile: fat ? 4 * 1024 ** 3 - 1 : 0,
  };
}
