/** What a person reads of `verify`: one line for each photo that is not as it was, and a page at the end. Pure. */

import type { CheckEvent, RepairEvent, RunEvent } from "../events.ts";
import { DAMAGES, damagedIn, type TargetReport, type VerifySummary } from "../summaries.ts";
import { forTerminal } from "./escape.ts";
import type { Paint, Said, Verbosity } from "./tone.ts";
import { bytes, count, counted, duration, rate } from "./units.ts";

export function sayVerify(event: RunEvent, verbosity: Verbosity, paint: Paint, paintTrouble: Paint): Said {
  switch (event.type) {
    case "run":
      return { plain: [paint("strong", forTerminal(`verify ${event.targets.join(" ")}`))] };
    case "check":
      return checkLine(event, verbosity, paint, paintTrouble);
    case "repair":
      if (event.outcome === "brought" && verbosity !== "verbose") return {};
      return { trouble: [repairLine(event, paintTrouble)] };
    case "warning":
      return { trouble: [`${paintTrouble("warn", "note")}    ${forTerminal(event.message)}`] };
    case "summary":
      if (event.command !== "verify") return {};
      return {
        plain: page(event, paint),
        // Where nothing else is said, how to go on must not be missing.
        ...(verbosity === "quiet" && event.exit === 3 ? { trouble: [nextStep(event)] } : {}),
      };
    default:
      return {};
  }
}

function checkLine(event: CheckEvent, verbosity: Verbosity, paint: Paint, paintTrouble: Paint): Said {
  const { condition, reason = "" } = event;
  const said = `${forTerminal(event.path)}${reason === "" ? "" : `: ${forTerminal(reason)}`}`;
  if (event.unsteady === true) return { trouble: [`${paintTrouble("warn", "unsteady")}  ${said}`] };
  if (condition !== "whole") return { trouble: [`${paintTrouble("bad", condition)}  ${said}`] };
  return verbosity === "verbose" ? { plain: [`${paint("good", "whole")}  ${said}`] } : {};
}

function repairLine(event: RepairEvent, paint: Paint): string {
  const path = forTerminal(event.path);
  if (event.outcome === "failed") {
    const reason = forTerminal(event.reason ?? "no reason given");
    return `${paint("bad", "not repaired")}  ${path}: ${reason}`;
  }
  if (event.outcome === "brought") return `${paint("good", "brought")}  ${path}`;
  const aside = event.setAside === undefined ? "" : `; the damaged file is kept as ${forTerminal(event.setAside)}`;
  return `${paint("good", "repaired")}  ${path}${aside}`;
}

function page(summary: VerifySummary, paint: Paint): string[] {
  return [
    ...summary.each.flatMap((report) => ["", ...targetLines(report, paint)]),
    line("took", took(summary)),
    ...ending(summary, paint),
    ...(summary.exit === 0 || summary.exit === 3 ? ["", nextStep(summary)] : []),
  ];
}

function ending({ error, exit }: VerifySummary, paint: Paint): string[] {
  if (exit === 130) {
    return ["", "Interrupted. What was read is written down; run the same line again, or with --days for the rest."];
  }
  return error === undefined ? [] : ["", paint("bad", forTerminal(error))];
}

function targetLines(report: TargetReport, paint: Paint): string[] {
  const { conditions } = report;
  const lines = [
    paint("strong", forTerminal(report.target)),
    ...readLines(report),
    line("whole", paint("good", counted(conditions.whole, "photo"))),
  ];
  for (const condition of DAMAGES) {
    const number = conditions[condition];
    if (number > 0) lines.push(line(condition, paint("bad", counted(number, "photo"))));
  }
  if (conditions.archived > 0) {
    const text = `${counted(conditions.archived, "photo")} that nothing can read before the service restores them`;
    lines.push(line("archived", paint("warn", text)));
  }
  if (report.repaired > 0) lines.push(line("repaired", counted(report.repaired, "photo")));
  if (report.broughtOver > 0) {
    const text = `${counted(report.broughtOver, "photo")} that only the other target had`;
    lines.push(line("brought", paint("good", text)));
  }
  return [...lines, ...oddities(report, paint)];
}

/** What was read, and what the service's own digests proved: which is which must be said. */
function readLines({ checked, vouched, photos }: TargetReport): string[] {
  const part = checked.photos === photos ? "" : ` of ${counted(photos, "photo")}`;
  const read = { photos: checked.photos - vouched.photos, bytes: checked.bytes - vouched.bytes };
  const said = ({ photos: number, bytes: size }: typeof read) => `${counted(number, "photo")}${part}, ${bytes(size)}`;
  if (vouched.photos === 0) return [line("read", said(read))];
  return [
    line("by digest", `${said(vouched)}: the service holds digests that prove them (--read reads them)`),
    ...(read.photos > 0 ? [line("read", said(read))] : []),
  ];
}

function oddities(report: TargetReport, paint: Paint): string[] {
  const lines: string[] = [];
  if (report.unsteady > 0) {
    const text = `${counted(report.unsteady, "photo")} right on the second reading only: cable, memory or drive is failing`;
    lines.push(line("unsteady", paint("warn", text)));
  }
  if (report.brokenLines > 0) {
    const text = `${counted(report.brokenLines, "line")} of the manifest cannot be read`;
    lines.push(line("manifest", paint("warn", text)));
  }
  if (report.cutLines > 0) {
    const text = "its last line was cut by a run that was killed; the next mirror takes it off";
    lines.push(line("manifest", text));
  }
  if (report.unlisted > 0) {
    const text = `SHA256SUMS names ${counted(report.unlisted, "photo")} that the manifest does not name`;
    lines.push(line("manifest", paint("warn", text)));
  }
  if (report.unsummed > 0) {
    const text = `${counted(report.unsummed, "photo")} of the manifest it does not name`;
    lines.push(line("SHA256SUMS", paint("warn", text)));
  }
  if (report.forgotten > 0) {
    const text = `${counted(report.forgotten, "photo")} that the manifest named before, and names no more`;
    lines.push(line("forgotten", paint("warn", text)));
  }
  if (report.extra > 0) {
    lines.push(line("besides", `${counted(report.extra, "file")} that photohaul did not put there`));
  }
  if (report.oldestCheck !== null && report.conditions.archived === 0) {
    lines.push(line("since", `every photo was checked on ${report.oldestCheck.slice(0, 10)} or later`));
  }
  return lines;
}

function took({ seconds, checked, each }: VerifySummary): string {
  const vouched = each.reduce((sum, report) => sum + report.vouched.bytes, 0);
  const speed = checked.bytes === vouched ? null : rate(checked.bytes - vouched, seconds);
  return [duration(seconds), ...(speed ? [speed] : [])].join(", ");
}

const ARCHIVED =
  "Nothing is known against what is archived. To have it read, let the service restore it first (aws s3api restore-object, or its console). Without --read, what the service itself holds digests of is proven by those.";

function nextStep({ exit, conditions, repaired }: VerifySummary): string {
  const damaged = damagedIn(conditions);
  if (exit === 0) return damaged === 0 ? "All is well." : "What was damaged is whole again.";
  const left = damaged - repaired;
  if (left === 0 && conditions.archived > 0) return ARCHIVED;
  if (left === 0) {
    return "The lists of the target are not as they were written. The next mirror to it mends them: it sets aside what it cuts off, and enters again what lies there.";
  }
  return `${count(left)} damaged. Put them back from the source or from another target: photohaul verify TARGET --repair-from s3://… or FOLDER`;
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(11)}${text}`;
}
