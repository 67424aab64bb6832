/** What a person reads of `dates`: a line for each photo with `--verbose`, and a page at the end. Pure. */

import type { FileEvent, RunEvent } from "../events.ts";
import type { DatesSummary } from "../summaries.ts";
import { forTerminal } from "./escape.ts";
import { datesInWords, doubtsInWords } from "./summary-words.ts";
import type { Paint, Said, Verbosity } from "./tone.ts";
import { count, counted, duration } from "./units.ts";

export function sayDates(event: RunEvent, verbosity: Verbosity, paint: Paint, paintTrouble: Paint): Said {
  switch (event.type) {
    case "run": {
      const dry = event.dryRun ? paint("faint", " (dry run)") : "";
      const title = forTerminal(`dates ${event.targets.join(" ")}`);
      return { plain: [`${paint("strong", title)}${dry}`] };
    }
    case "file":
      return fileLine(event, verbosity, paintTrouble);
    case "warning":
      return { trouble: [`${paintTrouble("warn", "note")}    ${forTerminal(event.message)}`] };
    case "summary":
      return event.command === "dates" ? { plain: page(event, paint) } : {};
    default:
      return {};
  }
}

function fileLine(event: FileEvent, verbosity: Verbosity, paintTrouble: Paint): Said {
  const file = forTerminal(event.file);
  if (event.outcome === "failed") {
    const why = forTerminal(event.reason ?? "no reason given");
    return { trouble: [`${paintTrouble("bad", "failed")}   ${file}: ${why}`] };
  }
  if (verbosity !== "verbose") return {};
  const { captured, reason } = event;
  const times = event.new === null ? event.old : `${event.old} → ${event.new}`;
  const said = [captured?.tag ?? captured?.source, reason, ...(captured?.warnings ?? [])]
    .filter((part) => part !== undefined)
    .join("; ");
  const why = said === "" ? "" : ` (${forTerminal(said)})`;
  return { plain: [`${event.outcome.padEnd(7)}  ${file}  ${times}${why}`] };
}

function page(summary: DatesSummary, paint: Paint): string[] {
  const { undo, record, error, files } = summary;
  if (undo && record === null && error === undefined) {
    return ["", "There is nothing to take back in this folder."];
  }
  // What ended the run was told; that it ended before the first file needs no page.
  if (error !== undefined && files === 0) return [];
  return [
    "",
    line("photos", counted(summary.files, "file")),
    ...outcomeLines(summary, paint),
    ...doubtLines(summary, paint),
    line("took", duration(summary.seconds)),
    ...remarks(summary).flatMap((remark) => ["", remark]),
  ];
}

function outcomeLines({ outcomes, undo, dryRun, dated }: DatesSummary, paint: Paint): string[] {
  const { set, already, unknown, failed } = outcomes;
  const verb = undo ? (dryRun ? "would get its old time" : "got its old time") : "";
  const lines = [line(dryRun ? "to set" : "set", paint("good", [count(set), verb].filter(Boolean).join(" ")))];
  if (already > 0) lines.push(line("already", `${count(already)} had the right time`));
  if (unknown > 0) {
    const why = undo
      ? "changed since by somebody else, and left as they are"
      : "of which nothing says when they were taken; left as they are";
    lines.push(line(undo ? "changed" : "undated", paint("warn", `${count(unknown)} ${why}`)));
  }
  if (failed > 0) lines.push(line("failed", paint("bad", count(failed))));
  const by = datesInWords({ ...dated, unknown: 0 });
  return by === "" ? lines : [...lines, line("dated", by)];
}

function doubtLines({ doubts, faults }: DatesSummary, paint: Paint): string[] {
  const lines: string[] = [];
  const said = doubtsInWords(doubts);
  if (said !== "") lines.push(line("doubtful", paint("warn", said)));
  if (faults > 0) {
    lines.push(line("ExifTool", paint("warn", `gave up on ${counted(faults, "file")}`)));
  }
  return lines;
}

function remarks(summary: DatesSummary): string[] {
  const { undo, dryRun, outcomes, doubts, targets, zone, record, birthTimes, exit } = summary;
  const folder = forTerminal(targets.join(" "));
  const said: string[] = [];
  if (exit === 130) said.push("Interrupted. Run the same line again for the rest.");
  if (undo || outcomes.set + outcomes.already === 0) return said;
  said.push(`Photos that carry no zone are read in ${zone} (--timezone).`);
  if (!birthTimes) {
    said.push("Only the modification time is set: this system gives no way to set when a file was born.");
  }
  if (doubtsInWords(doubts) !== "") {
    said.push("Which are doubtful and why: --report FILE.csv, or --verbose.");
  }
  if (dryRun) said.push("Nothing was changed. The same line without --dry-run sets the times.");
  else if (record !== null) {
    said.push(`The old times are written down: photohaul dates ${folder} --undo`);
  }
  return said;
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(11)}${text}`;
}
