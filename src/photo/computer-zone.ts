/**
 * The zone of this computer, as its own programs know it: by TZ in all forms that the C library reads (a name, with a
 * colon, a path, rules), else by what /etc/localtime holds, which is not always the zone that its link names: in a
 * container another file may be bound over it. Node itself knows names and links only.
 */

import { readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Zone } from "../catalogue/target-memory.ts";
import { formatOffset, isZone, offsetAt } from "../dates/zone.ts";
import type { Emit } from "../events.ts";
import { type OffsetAt, offsetByRules, readZoneFile, readZoneRules, type ZoneRules } from "../local/zone-rules.ts";

export interface ComputerZone {
  /** IANA name, or an offset such as +02:00. */
  readonly name: string;
  /** One sentence where it is not sure; null where it is. */
  readonly doubt: string | null;
}

export interface Computer {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

const LOCALTIME = "/etc/localtime";
const ZONES = "/usr/share/zoneinfo";
const UTC = "UTC";
/** Bytes of a file of a zone at most; they have some thousands. */
const LARGEST = 1_000_000;

export function zoneOfComputer({ env, platform }: Computer): ComputerZone {
  const { TZ } = env;
  if (TZ === undefined) return (platform === "win32" ? null : zoneOfFile(LOCALTIME)) ?? zoneOfNode();
  const told = TZ.replace(/^:/, "");
  if (told === "") return sure(UTC);
  const file = zoneOfFile(told.startsWith("/") ? told : join(ZONES, told), told);
  return file ?? zoneNamed(told, TZ);
}

/** Where no such file is there: a name that is known all the same, or rules. */
function zoneNamed(told: string, typed: string): ComputerZone {
  if (/^[A-Za-z]/.test(told) && isZone(plain(told))) return spelled(plain(told), typed);
  const rules = readZoneRules(told);
  if (rules === null) {
    return doubted(UTC, `TZ=${typed} names no time zone that is known here`);
  }
  if (rules.summer === null) return sure(fixed(rules.standard));
  const like = zoneLikeRules(rules);
  const says = `TZ=${typed} names rules and no place`;
  return like === null ? doubted(UTC, says) : doubted(like, says);
}

/** A name in other letters is meant, and the C library does not know it. */
function spelled(name: string, typed: string): ComputerZone {
  const all = Intl.supportedValuesOf("timeZone");
  const right = all.find((known) => known.toLowerCase() === name.toLowerCase());
  if (right === undefined || right === name) return sure(name);
  return doubted(right, `TZ=${typed} is spelled in other letters than the zone`);
}

function sure(name: string): ComputerZone {
  return { name, doubt: null };
}

function doubted(name: string, why: string): ComputerZone {
  const says = `${why}: photos without a zone are read in ${name}, which is a guess, and again once the zone is known`;
  return { name, doubt: `${says}. Say it with --timezone NAME, which is remembered, or set TZ` };
}

function zoneOfNode(): ComputerZone {
  const name: unknown = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = typeof name === "string" && name !== "Etc/Unknown" && isZone(name);
  return known ? sure(name) : doubted(UTC, "this computer does not say in which zone it is");
}

/** @param typed the name of it that was asked for. Null where there is no such file */
function zoneOfFile(path: string, typed = ""): ComputerZone | null {
  let real: string;
  let offset: OffsetAt | null;
  try {
    real = realpathSync(path);
    const { size } = statSync(real);
    // What is no file, as a pipe, has no size and might never end.
    offset = size > 0 && size < LARGEST ? readZoneFile(readFileSync(real)) : null;
  } catch {
    return null;
  }
  if (offset === null) return null;
  const names = [typed, nameIn(real), nameIn(path)].map(plain).filter((name) => /^[A-Za-z]/.test(name) && isZone(name));
  const exact =
    names.find((name) => agreement(name, offset, TWICE_A_YEAR) === 1) ??
    zoneLike(offset, MONTHLY) ??
    names.find((name) => agreement(name, offset, MONTHLY) >= NEARLY);
  if (exact !== undefined && exact !== null) return sure(exact);
  const always = MONTHLY.every((instant) => offset(instant) === offset(0));
  return always ? sure(fixed(offset(0))) : doubted(UTC, `${path} holds a zone that nobody knows`);
}

/** What comes after the folder of all zones. */
function nameIn(path: string): string {
  return /zoneinfo[^/]*\/(.+)$/.exec(path)?.[1] ?? "";
}

/** `posix/` and `right/` are the same zones once more (without and with leap seconds). */
function plain(name: string): string {
  return name.replace(/^(posix|right)\//, "");
}

function fixed(minutes: number): string {
  return minutes === 0 ? UTC : formatOffset(minutes);
}

const MONTHLY = Array.from({ length: (2031 - 1990) * 12 }, (_, n) => Date.UTC(1990, n, 15));
const TWICE_A_YEAR = MONTHLY.filter((_, n) => n % 6 === 0);
/** The system may know newer rules of a zone than Node does, or older ones. */
const NEARLY = 0.9;

/** The share of instants at which a zone has these offsets. */
function agreement(name: string, offset: OffsetAt, instants: readonly number[]): number {
  const same = instants.filter((instant) => offsetAt(name, instant) === offset(instant));
  return same.length / instants.length;
}

/** Of several zones with one history those come first that most people live in. */
const FIRST =
  "UTC Europe/Berlin Europe/London Europe/Athens Europe/Moscow Europe/Istanbul Europe/Lisbon America/New_York America/Chicago America/Denver America/Los_Angeles America/Phoenix America/Halifax America/Sao_Paulo Asia/Shanghai Asia/Tokyo Asia/Kolkata Asia/Singapore Asia/Dubai Asia/Jerusalem Australia/Sydney Australia/Adelaide Pacific/Auckland".split(
    " ",
  );

const ALL = () => [...FIRST, ...Intl.supportedValuesOf("timeZone")];

function zoneLike(offset: OffsetAt, instants: readonly number[]): string | null {
  const agrees = (name: string) => instants.every((instant) => offsetAt(name, instant) === offset(instant));
  return ALL().find(agrees) ?? null;
}

/** Where the rules say when, the zone that keeps them now; of others the one that has their two offsets. */
function zoneLikeRules(rules: ZoneRules): string | null {
  const { standard, summer } = rules;
  const year = new Date().getUTCFullYear();
  if (summer === null || summer.span !== null) {
    const days = Array.from({ length: 730 }, (_, n) => Date.UTC(year, 0, 1 + n, 12));
    return zoneLike((instant) => offsetByRules(rules, instant), days);
  }
  const wanted = [standard, summer.offset].sort((a, b) => a - b).join();
  const halves = [Date.UTC(year, 0, 15), Date.UTC(year, 6, 15)];
  const pair = (name: string) => halves.map((instant) => offsetAt(name, instant));
  const same = (name: string) =>
    wanted ===
    pair(name)
      .sort((a, b) => a - b)
      .join();
  return ALL().find(same) ?? null;
}

/**
 * What was typed, else what was remembered, else this computer's zone, which nobody chose. What is typed is
 * remembered; a run that dates photos remembers the others too, so that a later one under cron and UTC files and
 * dates a photo where this one does. What is only guessed is not remembered (`tellGuess`).
 */
export async function zoneOf(catalogue: Catalogue, typed: string | null, computer: Computer): Promise<Zone> {
  if (typed !== null) {
    const before = await catalogue.settings.get(ZONE_SETTING);
    const first = (await catalogue.settings.get(ZONE_BEFORE)) === null;
    if (first && before !== null && before !== typed) await catalogue.settings.set(ZONE_BEFORE, before);
    await rememberZone(catalogue, { name: typed });
  }
  const chosen = typed ?? (await catalogue.settings.get(ZONE_SETTING));
  if (chosen !== null) return { name: chosen, chosen: true };
  const { name, doubt } = zoneOfComputer(computer);
  return { name, chosen: false, ...(doubt === null ? {} : { doubt }) };
}

export function tellGuess({ doubt }: Pick<Zone, "doubt">, emit: Emit): void {
  if (doubt !== undefined) emit({ type: "warning", code: "zone", message: doubt });
}

/** Not one that is only guessed. */
export async function rememberZone(catalogue: Catalogue, { name, doubt }: Omit<Zone, "chosen">): Promise<void> {
  if (doubt === undefined) await catalogue.settings.set(ZONE_SETTING, name);
}

const ZONE_SETTING = "zone";
/** The setting with the zone that was remembered before another one was typed for the first time. */
export const ZONE_BEFORE = "zone-before";
