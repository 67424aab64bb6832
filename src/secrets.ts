/**
 * The secrets in use, and texts without them. What others say (a store, a proxy, a parser) may quote what it was sent, in
 * whatever form: `HaulError` passes every message through here, so that none stands on a terminal, in a log, a report,
 * the catalogue, or what a ping sends to somebody else.
 */

/** A secret that is as long is known by any piece of it of this length; a shorter one only as a whole. */
const SECRET_PIECE = 10;
/** What is shorter is a word like any other, and no secret to anybody. */
const SHORTEST_SECRET = 6;
/** Of secrets that are good for one request each, so many of the last. */
const PASSING = 512;
/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

const knownSecrets = new Set<string>();
const pieces = new Set<string>();
const shortSecrets = new Set<string>();
/** Encodings of short ones; no word of anybody looks like these. */
const shortEncodings = new Set<string>();
/** Of each that was good for one request, once somebody's text was held against it. */
const passingEncodings = new Map<string, readonly string[]>();
const passing: string[] = [];
let next = 0;

/** Takes down what may stand in no text from now on: a key, a token, a password. */
export function keepSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < SHORTEST_SECRET || knownSecrets.has(secret)) return;
  knownSecrets.add(secret);
  for (const { text } of readings(secret)) {
    if (text.length < SHORTEST_SECRET) continue;
    if (text.length < SECRET_PIECE) shortSecrets.add(text);
    keepPieces(text);
  }
  for (const text of encodingsOf(secret)) {
    if (text.length < SECRET_PIECE) shortEncodings.add(text);
    keepPieces(text);
  }
}

function keepPieces(text: string): void {
  for (let at = 0; at + SECRET_PIECE <= text.length; at += 1) pieces.add(text.slice(at, at + SECRET_PIECE));
}

/**
 * As it stands in hex (StringToSignBytes and CanonicalRequestBytes of S3) and in base64, alone or amid other text: its first
 * byte is then the first, second or third of a group of three, and what its neighbours share in is left out. As `readings` gives them.
 */
function encodingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const shared = (shift + bytes.length) % 3 === 0 ? 0 : 1;
    return text.slice(shift === 0 ? 0 : shift + 1, text.length - shared);
  });
  const forURLs = shifted.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const all = [bytes.toString("hex"), ...shifted, ...forURLs].map((text) => text.toLowerCase().replaceAll("+", ""));
  return [...new Set(all)].filter((text) => text.length >= SHORTEST_SECRET);
}

/** The same for one of very many, each good for one request: a signature. */
export function keepPassingSecret(secret: string): void {
  passing[next] = secret;
  next = (next + 1) % PASSING;
}

/** User and password of an address, as they stand there and as they are sent. */
export function keepSecretsOf(address: URL): void {
  const { username, password } = address;
  const [user, word] = [percentDecoded(username), percentDecoded(password)];
  for (const secret of [password, word]) keepSecret(secret);
  if (user !== "" || word !== "") keepSecret(Buffer.from(`${user}:${word}`).toString("base64"));
}

const IN_ENVIRONMENT = [
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "ST_KEY",
  "OS_PASSWORD",
  "OS_APPLICATION_CREDENTIAL_SECRET",
  "OS_AUTH_TOKEN",
  "PHOTOHAUL_SSH_PASSWORD",
  "RCLONE_CONFIG_PASS",
];

/** The keys that lie in the environment, used or not: they may be typed in a wrong place, or a program may say them. */
export function keepSecretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of IN_ENVIRONMENT) keepSecret(bareKey(env[name] ?? ""));
}

/**
 * A key without what came along from a file: the blanks and line break at its ends, and the quotes around it, which a
 * shell takes away and `docker --env-file` does not.
 */
export function bareKey(key: string): string {
  const trimmed = key.trim();
  return /^(["'])(.+)\1$/.exec(trimmed)?.[2] ?? trimmed;
}

/** A signature or token in a query is one, whoever made it. */
const IN_QUERY =
  /\b(x-amz-signature|x-amz-security-token|x-goog-signature|signature|temp_url_sig|awssignature)(=|%3d)[^&\s"'<>,;]{8,}/gi;

/**
 * A cap of Tahoe-LAFS opens what it names, and there is one for each file: they are known by their form, however a URL has
 * it.
 */
const CAPS = /\bURI(:|%(?:25)*3a)(?:CHK|LIT|SSK|MDMF|DIR2)(?:-[A-Z0-9]+)*(?:\1[a-z0-9]*)+/gi;

/** What opens sealed photos, by its form (Bech32; age takes upper case, readers of QR codes may give either). */
const AGE_KEYS = /\bAGE-SECRET-KEY-(?:[A-Z0-9]+-)*1[A-Z0-9]+/gi;

/** True for a text with a cap in it. */
export function holdsCap(text: string): boolean {
  return text.search(CAPS) >= 0;
}

/** True for a text with a secret key of age in it. */
export function holdsAgeKey(text: string): boolean {
  return text.search(AGE_KEYS) >= 0;
}

/** The text, each secret in it replaced, also where it is encoded (for URLs, XML, JSON), broken, or in another case. */
export function redacted(text: string): string {
  const plainly = text.replace(IN_QUERY, `$1$2${REDACTED}`).replace(CAPS, REDACTED).replace(AGE_KEYS, REDACTED);
  if (knownSecrets.size === 0 && passing.length === 0) return plainly;
  const hidden = new Uint8Array(plainly.length);
  let any = false;
  for (const reading of readings(plainly)) {
    for (const [from, to, short] of foundIn(reading.text)) {
      if (short && isWithinWord(plainly, reading, from, to)) continue;
      any = true;
      hidden.fill(1, reading.starts[from], reading.ends[to - 1]);
    }
  }
  if (!any) return plainly;
  let out = "";
  for (let at = 0; at < plainly.length; at += 1) {
    if (hidden[at] === 0) out += plainly[at];
    else if (hidden[at - 1] !== 1) out += REDACTED;
  }
  return out;
}

/** What others say, fit to stand in a message: without secrets and control characters, and not endless. */
export function fromOutside(text: string, most = 300): string {
  const clean = redacted(text)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return clean.length <= most ? clean : `${clean.slice(0, most)}…`;
}

/** Where secrets stand in a text as it was read. */
function* foundIn(text: string): Generator<[from: number, to: number, short: boolean]> {
  for (let at = 0; at + SECRET_PIECE <= text.length; at += 1) {
    if (pieces.has(text.slice(at, at + SECRET_PIECE))) yield [at, at + SECRET_PIECE, false];
  }
  for (const word of [...shortSecrets, ...shortEncodings, ...passing.flatMap(formsOf)]) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      yield [at, at + word.length, shortSecrets.has(word)];
    }
  }
}

function formsOf(secret: string): readonly string[] {
  let forms = passingEncodings.get(secret);
  if (forms !== undefined) return forms;
  if (passingEncodings.size >= 2 * PASSING) passingEncodings.clear();
  forms = [secret, ...encodingsOf(secret)];
  passingEncodings.set(secret, forms);
  return forms;
}

/** A password of a few letters may be a word that photohaul itself says: it is one only where it stands alone. */
function isWithinWord(text: string, { starts, ends }: ReadText, from: number, to: number): boolean {
  const before = text[(starts[from] ?? 0) - 1] ?? " ";
  const after = text[ends[to - 1] ?? text.length] ?? " ";
  return /\w/.test(before) || /\w/.test(after);
}

/** A text with its escapes read, and where each character of it stands in the original. */
interface ReadText {
  readonly text: string;
  readonly starts: readonly number[];
  /** Not included. */
  readonly ends: readonly number[];
}

/** Escapes within escapes: an error page that quotes a query that was encoded already. */
const DEEPEST_ESCAPES = 3;

/** The text as it stands, and with its escapes read once, twice, …: in lower case, without what may break a secret up. */
function* readings(text: string): Generator<ReadText> {
  const lower = Array.from({ length: text.length }, (_, at) => at);
  let reading: ReadText = {
    text: text.toLowerCase().length === text.length ? text.toLowerCase() : text,
    starts: lower,
    ends: lower.map((at) => at + 1),
  };
  for (let depth = 0; ; depth += 1) {
    yield withoutBreaks(reading);
    if (depth === DEEPEST_ESCAPES) return;
    const before = reading.text;
    reading = withoutEscapes(reading);
    if (reading.text === before) return;
  }
}

/** `+` may have been a blank, and a blank a `+`. */
const BREAKS = /[\s+]/;

function withoutBreaks({ text, starts, ends }: ReadText): ReadText {
  if (!BREAKS.test(text)) return { text, starts, ends };
  const kept = [...text.split("").keys()].filter((at) => !BREAKS.test(text[at] ?? ""));
  return {
    text: kept.map((at) => text[at]).join(""),
    starts: kept.map((at) => starts[at] ?? 0),
    ends: kept.map((at) => ends[at] ?? 0),
  };
}

const ESCAPE =
  /%([0-9a-f]{2})|&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&(amp|lt|gt|quot|apos|sol|equals|plus|nbsp);|\\u\{?([0-9a-f]{4})\}?|\\x([0-9a-f]{2})|\\([^ux])|(<[^<>]{0,200}>)|[\s\S]/g;
const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  sol: "/",
  equals: "=",
  plus: "+",
  nbsp: " ",
};

function withoutEscapes({ text, starts, ends }: ReadText): ReadText {
  const out = { text: "", starts: [] as number[], ends: [] as number[] };
  for (const match of text.matchAll(ESCAPE)) {
    const [whole, percent, hex, decimal, name, unicode, byte, bare, tag] = match;
    const digits = percent ?? hex ?? unicode ?? byte;
    const code = digits === undefined ? Number(decimal) : Number.parseInt(digits, 16);
    const read =
      code <= 0x10ffff
        ? String.fromCodePoint(code).toLowerCase()
        : (NAMED_ESCAPES[name ?? ""] ?? bare ?? (tag === undefined ? whole : ""));
    for (const char of read.split("")) {
      out.text += char;
      out.starts.push(starts[match.index] ?? 0);
      out.ends.push(ends[match.index + whole.length - 1] ?? 0);
    }
  }
  return out;
}

function percentDecoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
