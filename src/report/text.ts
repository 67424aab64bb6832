/** What a person reads while a run goes on: one clear line for each thing that happens, and a page at its end. */

import { styleText } from "node:util";
import type { AdoptedEvent, LayoutEvent, ListedEvent, PhotoEvent, PlanEvent, RunEvent } from "../events.ts";
import { forTerminal } from "./escape.ts";
import type { Troubles } from "./findings.ts";
import { summaryPage } from "./summary-page.ts";
import { tooLargeInWords } from "./summary-words.ts";
import { type Paint, plainly, type Say, type Tone, type Verbosity } from "./tone.ts";
import { NO_TROUBLES, notice } from "./troubles.ts";
import { bytes, count, counted, duration, moment, share } from "./units.ts";

const TONES = {
  strong: "bold",
  faint: "dim",
  good: "green",
  warn: "yellow",
  bad: "red",
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

/** Colours on a terminal; none elsewhere, nor where NO_COLOR asks for none (no-color.org). */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const shown = stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  if (!shown) return plainly;
  return (tone, text) => styleText(TONES[tone], text, { validateStream: false });
}

const BUG = 1;
const SOME_FAILED = 3;

/** Of `mirror` and `inventory`. Lists of families and photos are in the reports, not here. */
export function sayMirror(): Say {
  let troubles: Troubles = NO_TROUBLES;
  let paged = false;
  return (event, verbosity, paint, paintTrouble) => {
    troubles = notice(troubles, event);
    // An inventory ends with a page that says the same, and more.
    if (event.type === "run") paged = event.dryRun;
    if (paged && (event.type === "layout" || event.type === "plan")) return {};
    if (verbosity === "quiet") return { trouble: quietLines(event, troubles, paintTrouble) };
    return { plain: eventLines(event, troubles, verbosity, paint), trouble: troubleLines(event, paintTrouble) };
  };
}

/**
 * Silence where all is well, for cron mails what is written; one page where photos failed, however many did.
 * What ended a run was told when it happened; that the sums do not agree is found out only at the end.
 */
function quietLines(event: RunEvent, troubles: Troubles, paint: Paint): string[] {
  if (event.type !== "summary" || !("kinds" in event)) return [];
  if (event.exit === SOME_FAILED) return summaryPage(event, troubles, paint).slice(1);
  if (event.exit !== BUG || event.error === undefined) return [];
  return [paint("bad", forTerminal(event.error))];
}

function troubleLines(event: RunEvent, paint: Paint): string[] {
  if (event.type !== "photo" || event.outcome !== "failed") return [];
  const reason = forTerminal(event.reason ?? "no reason given");
  return [`${paint("bad", "failed")}  ${forTerminal(event.key)}: ${reason}`];
}

function eventLines(event: RunEvent, troubles: Troubles, verbosity: Verbosity, paint: Paint): string[] {
  switch (event.type) {
    case "run": {
      const to = event.targets.length > 0 ? ` → ${event.targets.join(", ")}` : "";
      const title = `${event.command} ${event.source}${to}`;
      const dry = event.dryRun ? paint("faint", "  dry run: nothing will be written") : "";
      const catalogue = verbosity === "verbose" ? [`Catalogue: ${event.catalogue}`] : [];
      return [`${paint("strong", forTerminal(title))}${dry}`, ...catalogue.map(forTerminal)];
    }
    case "listed":
      return [listedLine(event)];
    case "layout":
      return layoutLines(event, paint);
    case "adopted":
      return [adoptedLine(event)];
    case "plan":
      return [planLine(event), ...tooLargeLines(event, paint)];
    case "warning": {
      // A request that is made again is no news, unless one asks for all of it.
      if (event.code === "retry" && verbosity !== "verbose") return [];
      const named = event.key !== undefined && !event.message.includes(event.key);
      const key = named ? ` (${event.key})` : "";
      return [`${paint("warn", "note")}    ${forTerminal(`${event.message}${key}`)}`];
    }
    case "pace":
      if (verbosity !== "verbose") return [];
      return [paint("faint", `${event.work} ${event.limit} at once: ${forTerminal(event.reason)}`)];
    case "zone": {
      if (verbosity !== "verbose") return [];
      const from = `${moment(event.captured)}: ${LENT[event.captured.zoneFrom ?? ""] ?? ""}`;
      return [`zone    ${forTerminal(event.path)}  ${paint("faint", from)}`];
    }
    case "redated": {
      if (verbosity !== "verbose") return [];
      const now = `${moment(event.captured)}, ${event.captured.source === "user" ? "as you told" : "now that ExifTool can run"}`;
      return [`dated   ${forTerminal(event.path)}  ${paint("faint", now)}`];
    }
    case "photo":
      return verbosity === "verbose" ? photoLines(event, paint) : [];
    case "summary":
      return "kinds" in event ? summaryPage(event, troubles, paint) : [];
    default:
      return [];
  }
}

const LENT: Readonly<Record<string, string>> = {
  partner: "the zone of its other half",
  neighbour: "the zone of a photo by the same camera within 12 hours",
};

function listedLine(event: ListedEvent): string {
  const cut = event.complete ? "" : " The listing is not complete: nothing will be called gone.";
  return `Listed ${counted(event.keys, "key")}, ${bytes(event.bytes)}, in ${duration(event.seconds)}.${cut}`;
}

const FAMILIES_SHOWN = 12;

function layoutLines(event: LayoutEvent, paint: Paint): string[] {
  const keys = event.families.reduce((sum, family) => sum + family.keys, 0);
  const shown = event.families.slice(0, FAMILIES_SHOWN);
  const hidden = event.families.length - shown.length;
  return [
    `Layout ${forTerminal(event.name)}: ${forTerminal(event.reason)}`,
    ...shown.map((family) => {
      const part = share(family.keys, keys).padStart(6);
      const amount = `${count(family.keys).padStart(11)}  ${bytes(family.bytes).padStart(9)}  ${part}`;
      const rule = paint("faint", `${family.kind}: ${forTerminal(family.rule)}`);
      return `  ${forTerminal(family.name).padEnd(14)}${amount}  ${rule}`;
    }),
    ...(hidden > 0 ? [`  … and ${count(hidden)} smaller families`] : []),
  ];
}

function adoptedLine(event: AdoptedEvent): string {
  const target = forTerminal(event.target);
  const held = `${counted(event.photos, "photo")}, ${bytes(event.bytes)}`;
  const others = event.foreign > 0 ? ` ${count(event.foreign)} others are of another source.` : "";
  if (event.photos === 0) return `Nothing could be taken over from ${target}.${others}`;
  return `Taken over from ${target}: ${held}; nothing of that is fetched again.${others}`;
}

function planLine(event: PlanEvent): string {
  const parts = [`To fetch: ${counted(event.photos, "photo")}, ${bytes(event.bytes)}`];
  if (event.already > 0) parts.push(`${count(event.already)} kept already`);
  if (event.skipped > 0) parts.push(`${count(event.skipped)} skipped`);
  if (event.freeBytes !== null) parts.push(`${bytes(event.freeBytes)} free on the target`);
  return `${parts.join("; ")}.`;
}

function tooLargeLines(event: PlanEvent, paint: Paint): string[] {
  return tooLargeInWords(event).map((words) => `${paint("warn", "note")}    ${forTerminal(words)}`);
}

function photoLines(event: PhotoEvent, paint: Paint): string[] {
  if (event.outcome === "failed") return [];
  const path = forTerminal(event.path ?? event.key);
  const date = event.captured
    ? `${moment(event.captured)} (${event.captured.tag ?? event.captured.source})`
    : "no date";
  const told = event.outcome === "stored" ? date : (event.reason ?? "");
  const tone: Tone = event.outcome === "skipped" ? "warn" : "good";
  return [`${paint(tone, event.outcome.padEnd(7))} ${path}  ${paint("faint", forTerminal(told))}`];
}
