/** What a person reads of each event, whatever the command: a line while a run goes on, and the page at its end. Pure. */

import { EXIT } from "../error-messages.ts";
import type {
  AdoptedEvent,
  CheckEvent,
  FileEvent,
  LayoutEvent,
  ListedEvent,
  MirrorSummary,
  PhotoEvent,
  PlanEvent,
  RepairEvent,
  RunEvent,
  StartEvent,
  SummaryEvent,
  WarningEvent,
} from "../events.ts";
import { archiveInWords } from "./archive-forecast.ts";
import { lastPage } from "./mirror-sections.ts";
import { columns, type Section, type SectionLine, type Tone } from "./section.ts";
import { datesSections, gallerySections, restoreSections, verifyNextStep, verifySections } from "./target-sections.ts";
import { NO_TROUBLES, notice, type Troubles } from "./troubles.ts";
import { bytes, count, counted, duration, moment, share } from "./units.ts";
import { runInWords, tooLargeInWords } from "./words.ts";

/** `quiet`: only what went wrong. `verbose`: each photo with its path and date. */
export type Verbosity = "quiet" | "normal" | "verbose";

/** What one event comes to: `plain` for the output proper, `trouble` for the stream of errors. */
export interface Said {
  readonly plain?: readonly (SectionLine | Section)[];
  readonly trouble?: readonly (SectionLine | Section)[];
}

/** Lists of families and photos are in the reports, not here. To be asked for every event of one run, in their order. */
export function tellEvents(verbosity: Verbosity): (event: RunEvent) => Said {
  let run: StartEvent | null = null;
  let troubles = NO_TROUBLES;
  return (event) => {
    if (event.type === "run") run = event;
    troubles = notice(troubles, event);
    const brings = run === null || run.command === "mirror" || run.command === "inventory";
    const mode: Mode = { verbose: verbosity === "verbose", brings, dryRun: run?.dryRun === true, troubles };
    if (verbosity !== "quiet") return said(event, mode);
    return { trouble: brings ? quietMirror(event, troubles) : quietOther(event, mode) };
  };
}

interface Mode {
  readonly verbose: boolean;
  /** Of a run that brings photos from a source, warnings are part of the story; elsewhere they are trouble. */
  readonly brings: boolean;
  readonly dryRun: boolean;
  readonly troubles: Troubles;
}

/** What makes dates wrong is no chatter: nobody looks at the dates of ten thousand photos. */
const OF_DATES: ReadonlySet<WarningEvent["code"]> = new Set(["zone", "no-exiftool", "exiftool-fault", "dates-file"]);

/**
 * Silence where all is well, for cron mails what is written; one page where photos failed, however many did.
 * What ended a run was told when it happened; that the sums do not agree is found out only at the end.
 */
function quietMirror(event: RunEvent, troubles: Troubles): Said["trouble"] & {} {
  if (event.type === "warning" && OF_DATES.has(event.code)) return [noteLine(event.message)];
  if (event.type !== "summary") return [];
  if (event.exit === EXIT.someFailed) return pageOf(event, troubles);
  return event.exit === EXIT.bug && event.error !== undefined ? [{ text: event.error, tone: "bad" }] : [];
}

/** Where nothing else is said, how to go on must not be missing. */
function quietOther(event: RunEvent, mode: Mode): Said["trouble"] & {} {
  if (event.type !== "summary") return said(event, mode).trouble ?? [];
  return "each" in event && event.exit === EXIT.someFailed ? [{ text: verifyNextStep(event) }] : [];
}

function said(event: RunEvent, mode: Mode): Said {
  switch (event.type) {
    case "warning":
      return warning(event, mode);
    case "photo":
      return event.outcome === "failed" ? failed(event.key, event.reason) : verbosely(mode, photoLine(event, mode));
    case "file":
      return event.outcome === "failed" ? failed(event.file, event.reason) : verbosely(mode, fileLine(event));
    case "check":
      return check(event, mode);
    case "repair":
      return event.outcome === "brought" && !mode.verbose ? {} : { trouble: [repairLine(event)] };
    case "pace":
      return verbosely(mode, { text: `${event.work} ${event.limit} at once: ${event.reason}`, tone: "faint" });
    case "zone": {
      const note = `${moment(event.captured)}: ${LENT[event.captured.zoneFrom ?? ""] ?? ""}`;
      return verbosely(mode, { label: "zone", text: event.path, note });
    }
    case "redated":
      return verbosely(mode, {
        label: "dated",
        text: event.path,
        note: `${moment(event.captured)}, ${event.captured.source === "user" ? "as you told" : "now that ExifTool can run"}`,
      });
    case "summary":
      return { plain: pageOf(event, mode.troubles) };
    default:
      return { plain: stepLines(event, mode) };
  }
}

/** Each step of a run, once. */
function stepLines(event: RunEvent, { verbose, brings, dryRun }: Mode): (SectionLine | Section)[] {
  switch (event.type) {
    case "run": {
      const note = dryRun ? (brings ? "dry run: nothing will be written" : "(dry run)") : "";
      const catalogue = verbose && event.catalogue !== "" ? [{ text: `Catalogue: ${event.catalogue}` }] : [];
      return [{ text: runInWords(event), tone: "strong", note }, ...catalogue];
    }
    case "listed":
      return [listedLine(event)];
    case "adopted":
      return [adoptedLine(event)];
    // An inventory ends with a page that says the same, and more.
    case "layout":
      return dryRun ? [] : layoutLines(event);
    case "plan":
      return dryRun ? [] : [planLine(event), ...tooLargeInWords(event).map(noteLine)];
    case "archive":
      return dryRun ? [] : archiveInWords(event).map((text) => ({ text: `${text}.` }));
    default:
      return [];
  }
}

function verbosely({ verbose }: Mode, line: SectionLine): Said {
  return verbose ? { plain: [line] } : {};
}

function failed(name: string, reason = "no reason given"): Said {
  return { trouble: [{ label: "failed", tone: "bad", text: `${name}: ${reason}` }] };
}

function noteLine(text: string): SectionLine {
  return { label: "note", tone: "warn", text };
}

function warning({ code, message, key }: WarningEvent, { verbose, brings }: Mode): Said {
  // A request that is made again is no news, unless one asks for all of it.
  if (brings && code === "retry" && !verbose) return {};
  if (!brings) return { trouble: [noteLine(message)] };
  const named = key !== undefined && !message.includes(key);
  return { plain: [noteLine(`${message}${named ? ` (${key})` : ""}`)] };
}

const LENT: Readonly<Record<string, string>> = {
  partner: "the zone of its other half",
  neighbour: "the zone of a photo by the same camera within 12 hours",
  "": "in the zone that is known now, and was guessed before",
};

function listedLine({ keys, bytes: size, seconds, complete }: ListedEvent): SectionLine {
  const cut = complete ? "" : " The listing is not complete: nothing will be called gone.";
  return { text: `Listed ${counted(keys, "key")}, ${bytes(size)}, in ${duration(seconds)}.${cut}` };
}

function layoutLines({ name, reason, families }: LayoutEvent): [SectionLine, Section] {
  const keys = families.reduce((sum, family) => sum + family.keys, 0);
  const rows = families.map((family) => {
    const rule = `${family.kind}: ${family.rule}`;
    return [family.name, count(family.keys), bytes(family.bytes), share(family.keys, keys), rule];
  });
  const tones = rows.map((): Tone => "faint");
  const table = { columns: columns("", "#", "#", "#", ""), rows, more: 0, tones };
  return [{ text: `Layout ${name}: ${reason}` }, { id: "layout", title: "", table }];
}

function adoptedLine({ target, photos, bytes: size, foreign }: AdoptedEvent): SectionLine {
  const others = foreign > 0 ? ` ${count(foreign)} others are of another source.` : "";
  if (photos === 0) return { text: `Nothing could be taken over from ${target}.${others}` };
  const held = `${counted(photos, "photo")}, ${bytes(size)}`;
  return { text: `Taken over from ${target}: ${held}; nothing of that is fetched again.${others}` };
}

function planLine({ photos, bytes: size, already, skipped, freeBytes }: PlanEvent): SectionLine {
  const parts = [`To fetch: ${counted(photos, "photo")}, ${bytes(size)}`];
  if (already > 0) parts.push(`${count(already)} kept already`);
  if (skipped > 0) parts.push(`${count(skipped)} skipped`);
  if (freeBytes !== null) parts.push(`${bytes(freeBytes)} free on the target`);
  return { text: `${parts.join("; ")}.` };
}

function photoLine({ key, path, outcome, reason, captured }: PhotoEvent, { brings }: Mode): SectionLine {
  const date = captured ? `${moment(captured)} (${captured.tag ?? captured.source})` : brings ? "no date" : "";
  const tone: Tone = outcome === "skipped" ? "warn" : "good";
  return { label: outcome, tone, text: path ?? key, note: outcome === "stored" ? date : (reason ?? "") };
}

function fileLine({ file, outcome, old, new: now, captured, reason }: FileEvent): SectionLine {
  const times = now === null ? (old ?? "") : `${old} → ${now}`;
  const why = [captured?.tag ?? captured?.source, reason, ...(captured?.warnings ?? [])].filter(Boolean).join("; ");
  return { label: outcome, text: `${file}  ${times}${why === "" ? "" : ` (${why})`}` };
}

function check({ path, condition, reason = "", unsteady }: CheckEvent, mode: Mode): Said {
  const text = reason === "" ? path : `${path}: ${reason}`;
  if (unsteady === true) return { trouble: [{ label: "unsteady", tone: "warn", text }] };
  if (condition !== "whole") return { trouble: [{ label: condition, tone: "bad", text }] };
  if (reason !== "") return { trouble: [{ label: "lists", tone: "warn", text }] };
  return verbosely(mode, { label: "whole", tone: "good", text });
}

function repairLine({ path, outcome, reason, setAside }: RepairEvent): SectionLine {
  if (outcome === "failed")
    return { label: "not repaired", tone: "bad", text: `${path}: ${reason ?? "no reason given"}` };
  if (outcome === "brought") return { label: "brought", tone: "good", text: path };
  const aside = setAside === undefined ? "" : `; the damaged file is kept as ${setAside}`;
  const how = reason === undefined ? "" : `, ${reason}`;
  return { label: "repaired", tone: "good", text: `${path}${how}${aside}` };
}

function pageOf(summary: SummaryEvent, troubles: Troubles): Section[] {
  return "kinds" in summary ? lastPage(summary, troubles) : summarySections(summary);
}

/** The page of any other command than `mirror` and `inventory`: each summary has a field that no other has. */
export function summarySections(summary: Exclude<SummaryEvent, MirrorSummary>): Section[] {
  if ("each" in summary) return verifySections(summary);
  if ("page" in summary) return gallerySections(summary);
  return "undo" in summary ? datesSections(summary) : restoreSections(summary);
}
