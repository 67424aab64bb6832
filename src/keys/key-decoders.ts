/**
 * Dates and checksums that services hide in keys, and the names they hide in metadata. Each decoder carries
 * its own examples. What a key tells is mostly when a photo was uploaded, which only bounds when it was taken.
 */

import { createHash } from "node:crypto";
import type { Precision } from "../model.ts";

export interface ServiceDate {
  /** `captured`: when it was taken. `uploaded`: no photo was taken later. `edited`: when a copy was made. */
  readonly means: "captured" | "uploaded" | "edited";
  /** The instant, ISO 8601, or null where only a wall clock is written. */
  readonly utc: string | null;
  /** The wall clock, ISO 8601 as far as the precision goes; null where the instant is known. */
  readonly local: string | null;
  readonly precision: Precision;
  /** "Mastodon id". */
  readonly tag: string;
}

export interface KeyDecoder {
  readonly tag: string;
  readonly means: ServiceDate["means"];
  readonly precision: Precision;
  readonly regex: RegExp;
  /** An instant (a Date) or a wall clock (text); null where the digits are no date after all. */
  readonly read: (groups: Readonly<Record<string, string | undefined>>) => Date | string | null;
  /** Keys and what they hold. */
  readonly examples: readonly (readonly [key: string, date: string])[];
}

/** Before this, ids were counted up and are no times. */
const FIRST_SNOWFLAKE = Date.UTC(2016, 0);
/** Photo services did not exist before, and nothing is uploaded later than this. */
const FIRST_UPLOAD = Date.UTC(2000, 0);
const LAST_UPLOAD = Date.UTC(2100, 0);

export const KEY_DECODERS: readonly KeyDecoder[] = [
  {
    tag: "Mastodon id",
    means: "uploaded",
    precision: "ms",
    regex: /(?:^|\/)media_attachments\/files\/(?<id>\d{3}(?:\/\d{3}){5,6})\/(?:original|small)\//,
    read: ({ id = "" }) => {
      const at = Number(BigInt(id.replaceAll("/", "")) >> 16n);
      return at > FIRST_SNOWFLAKE ? instant(at) : null;
    },
    examples: [
      ["media_attachments/files/110/711/852/236/806/699/original/1a2b3c4d5e6f7081.jpeg", "2023-07-14T10:00:00.000Z"],
    ],
  },
  {
    tag: "pict-rs UUIDv7",
    means: "uploaded",
    precision: "ms",
    regex: /(?:^|\/)(?<ms>(?:[0-9a-f]{2}\/){6})7[0-9a-f]\/(?:[0-9a-f]{2}\/){3}[0-9a-f]{12}(?:\.|$)/,
    read: ({ ms = "" }) => instant(Number.parseInt(ms.replaceAll("/", ""), 16)),
    examples: [["01/89/53/d7/d1/00/7a/bc/8d/ef/0123456789ab.jpg", "2023-07-14T10:00:00.000Z"]],
  },
  {
    tag: "Trovebox folder",
    means: "captured",
    precision: "month",
    regex: /(?:^|\/)original\/(?<y>\d{4})(?<mo>0[1-9]|1[0-2])\/.+-[0-9a-f]{13}\.\w+$/,
    read: ({ y, mo }) => `${y}-${mo}`,
    examples: [["original/201203/IMG_1234-4f5a1c2b3d4e5.jpg", "2012-03"]],
  },
  {
    tag: "Trovebox uniqid",
    means: "uploaded",
    precision: "s",
    regex: /(?:^|\/)original\/\d{6}\/.+-(?<s>[0-9a-f]{8})[0-9a-f]{5}\.\w+$/,
    read: ({ s = "" }) => instant(Number.parseInt(s, 16) * 1000),
    examples: [["original/201203/IMG_1234-4f5a1c2b3d4e5.jpg", "2012-03-09T15:05:15.000Z"]],
  },
  {
    tag: "Pixelfed month",
    means: "uploaded",
    precision: "month",
    regex: /(?:^|\/)public\/m\/_v2\/\d+\/(?<hash>[0-9a-f]{9}-[0-9a-f]{6})\//,
    read: ({ hash = "" }) => pixelfedMonths().get(hash) ?? null,
    examples: [["public/m/_v2/421903/bf0f52ff2-92677b/Zk3sQw9LmT1x/0fJq.jpg", "2023-07"]],
  },
  {
    tag: "Piwigo upload",
    means: "uploaded",
    precision: "s",
    regex:
      /(?:^|\/)upload\/\d{4}\/\d\d\/\d\d\/(?:pwg_\w+\/)?(?<y>\d{4})(?<mo>\d\d)(?<d>\d\d)(?<h>\d\d)(?<mi>\d\d)(?<s>\d\d)-[0-9a-f]{8}\b/,
    read: clockInGroups,
    examples: [["upload/2017/06/11/20170611084034-73b60542.jpg", "2017-06-11T08:40:34"]],
  },
  {
    tag: "PhotoPrism name",
    means: "captured",
    precision: "s",
    regex: /(?:^|\/)(?<y>\d{4})(?<mo>\d\d)(?<d>\d\d)_(?<h>\d\d)(?<mi>\d\d)(?<s>\d\d)_[0-9A-F]{8}\.(?:\d{5}\.)?\w+$/,
    read: clockInGroups,
    examples: [
      ["originals/2009/11/20091117_203458_12345678.jpg", "2009-11-17T20:34:58"],
      ["originals/2023/07/20230714_101530_9A0B1C2D.00001.heic", "2023-07-14T10:15:30"],
    ],
  },
  {
    tag: "WP Offload Media version",
    means: "uploaded",
    precision: "s",
    regex:
      /(?:^|\/)uploads\/(?:sites\/\d+\/)?(?<y>\d{4})\/(?<mo>\d\d)\/(?<d>\d\d)(?<h>\d\d)(?<mi>\d\d)(?<s>\d\d)\/[^/]+$/,
    read: clockInGroups,
    examples: [["wp-content/uploads/2023/07/14101530/DSC_0042.jpeg", "2023-07-14T10:15:30"]],
  },
  {
    tag: "WordPress edit",
    means: "edited",
    precision: "ms",
    regex: /-e(?<ms>1\d{12})(?:-\d+x\d+)?\.\w+$/,
    read: ({ ms }) => instant(Number(ms)),
    examples: [["wp-content/uploads/2023/07/IMG_1234-e1689325530123.jpg", "2023-07-14T09:05:30.123Z"]],
  },
  {
    tag: "Cloudinary version",
    means: "uploaded",
    precision: "s",
    regex: /(?:^|\/)(?:image|video|raw)\/(?:upload|private|authenticated)\/.+\/(?<s>1\d{9})$/,
    read: ({ s }) => instant(Number(s) * 1000),
    examples: [["mycloud/image/upload/folder/sample/1312461204", "2011-08-04T12:33:24.000Z"]],
  },
];

/** What the key itself says, in the order of KEY_DECODERS. */
export function serviceDatesInKey(key: string): ServiceDate[] {
  return KEY_DECODERS.flatMap(({ tag, means, precision, regex, read }) => {
    const match = regex.exec(key);
    const date = match === null ? null : read(match.groups ?? {});
    if (date === null) return [];
    const written = typeof date === "string" ? { utc: null, local: date } : { utc: date.toISOString(), local: null };
    return [{ means, precision, tag, ...written }];
  });
}

/** A digest of the file's bytes that its key promises. */
export interface KeyDigest {
  readonly algorithm: "md5" | "sha1" | "sha256";
  /** Lower-case hex. */
  readonly digest: string;
  readonly tag: string;
}

const DIGESTS_IN_KEYS: readonly (readonly [tag: string, algorithm: KeyDigest["algorithm"], regex: RegExp])[] = [
  ["Discourse", "sha1", /(?:^|\/)original\/\dX\/(?:[0-9a-f]\/)*([0-9a-f]{40})\.\w+$/],
  ["a name of 64 hexadecimal digits", "sha256", /(?:^|\/)([0-9a-fA-F]{64})(?:\.\w+)?$/],
];

/** The digest in a key, where a service names objects by their bytes; a hint until it was compared. */
export function digestInKey(key: string): KeyDigest | null {
  for (const [tag, algorithm, regex] of DIGESTS_IN_KEYS) {
    const digest = regex.exec(key)?.[1]?.toLowerCase();
    if (digest !== undefined) return { algorithm, digest, tag };
  }
  return null;
}

/**
 * The file's name before the service renamed it: Content-Disposition (RFC 6266, the starred form first) or
 * the metadata in which Nextcloud notes the path. The last segment only; null where neither tells.
 */
export function nameInNotes(notes: {
  readonly contentDisposition: string;
  readonly metadata: Readonly<Record<string, string>>;
}): string | null {
  const path = decodedPath(notes.metadata["original-path"] ?? "");
  const name = rereadAsUtf8(nameInDisposition(notes.contentDisposition) ?? "") || path;
  const last = name.split(/[/\\]/).at(-1) ?? "";
  return last === "" || last === "." || last === ".." ? null : last;
}

/** The file name in a Content-Disposition (RFC 6266), the starred form first; null where there is none. */
export function nameInDisposition(header: string): string | null {
  const starred = /(?:^|;)\s*filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^;\s]+)/i.exec(header)?.[1];
  if (starred !== undefined) {
    try {
      return decodeURIComponent(starred);
    } catch {
      // not what it says it is: the plain form may still be right
    }
  }
  const [, quoted, token] = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  return (quoted?.replaceAll(/\\(.)/g, "$1") ?? token) || null;
}

/** Headers come byte by byte as Latin-1; names that many services wrote there are UTF-8. */
function rereadAsUtf8(text: string): string {
  if (!/^[\0-\u00ff]*$/.test(text)) return text;
  const reread = Buffer.from(text, "latin1").toString("utf8");
  return reread.includes("\ufffd") ? text : reread;
}

/** Nextcloud writes what is not ASCII as `base64:` and the base64 of the UTF-8. */
function decodedPath(value: string): string {
  return value.startsWith("base64:") ? Buffer.from(value.slice(7), "base64").toString("utf8") : value;
}

function instant(ms: number): Date | null {
  return ms >= FIRST_UPLOAD && ms < LAST_UPLOAD ? new Date(ms) : null;
}

function clockInGroups(groups: Readonly<Record<string, string | undefined>>): string | null {
  const { y, mo, d, h, mi, s } = groups;
  const text = `${y}-${mo}-${d}T${h}:${mi}:${s}`;
  const date = new Date(`${text}Z`);
  return Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text) ? null : text;
}

let months: ReadonlyMap<string, string> | null = null;

/** Pixelfed names the folder of a month by parts of the SHA-256 of `2023-.-07`; it began in 2018. */
function pixelfedMonths(): ReadonlyMap<string, string> {
  if (months !== null) return months;
  const made = new Map<string, string>();
  for (let year = 2018; year < 2050; year += 1) {
    for (let month = 1; month <= 12; month += 1) {
      const mm = String(month).padStart(2, "0");
      const hash = createHash("sha256").update(`${year}-.-${mm}`).digest("hex");
      made.set(`${hash.slice(0, 9)}-${hash.slice(9, 15)}`, `${year}-${mm}`);
    }
  }
  months = made;
  return made;
}
