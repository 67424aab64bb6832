/** What a person reads of `restore`. Pure. */

import type { RunEvent } from "../events.ts";
import type { RestoreSummary } from "../summaries.ts";
import { forTerminal } from "./escape.ts";
import type { Paint, Said, Verbosity } from "./tone.ts";
import { bytes, count, counted, duration, rate } from "./units.ts";

export function sayRestore(event: RunEvent, verbosity: Verbosity, paint: Paint, paintTrouble: Paint): Said {
  switch (event.type) {
    case "run": {
      const title = `restore ${event.source} → ${event.targets.join(" ")}`;
      return { plain: [paint("strong", forTerminal(title))] };
    }
    case "photo": {
      if (event.outcome === "failed") {
        const why = forTerminal(event.reason ?? "no reason given");
        return { trouble: [`${paintTrouble("bad", "failed")}  ${forTerminal(event.key)}: ${why}`] };
      }
      const path = forTerminal(event.path ?? event.key);
      return verbosity === "verbose" ? { plain: [`${event.outcome.padEnd(7)} ${path}`] } : {};
    }
    case "warning":
      return { trouble: [`${paintTrouble("warn", "note")}    ${forTerminal(event.message)}`] };
    case "summary":
      return event.command === "restore" ? { plain: page(event, paint) } : {};
    default:
      return {};
  }
}

function page(summary: RestoreSummary, paint: Paint): string[] {
  const { outcomes, unwanted, brokenLines, restoredBytes, seconds } = summary;
  const speed = rate(restoredBytes, seconds);
  const lines = ["", line("on target", counted(summary.photos, "photo"))];
  if (unwanted > 0) lines.push(line("not asked", counted(unwanted, "photo")));
  if (summary.dryRun) lines.push(line("to restore", counted(outcomes.skipped, "photo")));
  else {
    const size = outcomes.stored > 0 ? `, ${bytes(restoredBytes)}` : "";
    lines.push(line("restored", paint("good", `${counted(outcomes.stored, "photo")}${size}`)));
  }
  if (outcomes.already > 0) lines.push(line("already", `${count(outcomes.already)} there before`));
  if (outcomes.failed > 0) {
    const cold = summary.archived > 0 ? `, ${count(summary.archived)} of them archived` : "";
    lines.push(line("failed", paint("bad", `${counted(outcomes.failed, "photo")}${cold}`)));
  }
  if (brokenLines > 0) {
    const text = `${counted(brokenLines, "line")} of the manifest cannot be read`;
    lines.push(line("manifest", paint("warn", text)));
  }
  if (summary.unlisted > 0) {
    const text = `${counted(summary.unlisted, "photo")} that the manifest does not name, by SHA256SUMS`;
    lines.push(line("manifest", paint("warn", text)));
  }
  lines.push(line("took", [duration(seconds), ...(speed ? [speed] : [])].join(", ")));
  return [...lines, ...ending(summary)];
}

const ARCHIVED =
  "What is archived must be restored by the service first (aws s3api restore-object, or its console), which takes hours to days. Then run the same line again: what is here is not brought twice.";
const DAMAGED = "What failed is damaged on this target: `photohaul verify` names it and can put it back.";

const MENDED =
  "The lists of the target are not as they were written; the next mirror to it mends them. What SHA256SUMS alone names has the date of its file.";

function ending(summary: RestoreSummary): string[] {
  const { exit, dryRun, archived, outcomes, brokenLines, unlisted } = summary;
  if (dryRun && exit === 0) return ["", "Nothing was written."];
  if (exit === 3) {
    const damaged = outcomes.failed > archived || brokenLines > 0;
    return ["", ...(archived > 0 ? [ARCHIVED] : []), ...(damaged ? [DAMAGED] : []), ...(unlisted > 0 ? [MENDED] : [])];
  }
  return exit === 130 ? ["", "Interrupted. Run the same line again for the rest."] : [];
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(11)}${text}`;
}
