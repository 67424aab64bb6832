/** `--metrics`: the last run as Prometheus text, for the textfile collector of node_exporter. Pure. */

import { wentWell } from "../error-messages.ts";
import type { SummaryEvent } from "../events.ts";
import { forTerminal } from "../report/escape.ts";

interface Sample {
  readonly name: string;
  readonly help: string;
  readonly values: readonly (readonly [labels: Labels, value: number])[];
}
type Labels = Readonly<Record<string, string>>;

/**
 * @param endedAt seconds since 1970
 * @param before the text of the file so far, from which the time of the last good run is taken over; "" for none
 */
export function metricsText(summary: SummaryEvent, endedAt: number, before: string): string {
  // Two mirrors onto one drive write two files, whose lines a collector has to tell apart.
  const source = "source" in summary ? { source: summary.source } : {};
  const about = { command: summary.command, ...source, target: summary.targets.join(" ") };
  const lastGood = wentWell(summary) ? endedAt : lastSuccess(before, about);
  const one = (name: string, help: string, value: number): Sample => ({
    name,
    help,
    values: [[about, value]],
  });
  const samples: Sample[] = [
    one("last_run_timestamp_seconds", "When the last run ended.", endedAt),
    one(
      "last_run_exit_code",
      "How it ended; 0 is well, 8 a limit that was reached, or photos that an archive has.",
      summary.exit,
    ),
    one("last_run_duration_seconds", "How long it took.", summary.seconds),
    ...(lastGood === null ? [] : [one(SUCCESS, "When the last run ended that went well.", lastGood)]),
    ...particular(summary, about),
  ];
  return samples.map(written).join("");
}

/** Whether a file that begins so was written here. */
export function isMetrics(head: string): boolean {
  return head.startsWith("# HELP photohaul_");
}

const SUCCESS = "last_success_timestamp_seconds";

/** Of the same command, source and targets: a `verify` that went well says nothing of a mirror. */
function lastSuccess(before: string, about: Labels): number | null {
  const beginning = `photohaul_${SUCCESS}${inBraces(about)} `;
  const found = before.split("\n").find((line) => line.startsWith(beginning));
  return found === undefined ? null : Number(found.slice(beginning.length));
}

function particular(summary: SummaryEvent, about: Labels): Sample[] {
  if ("conditions" in summary) {
    const { conditions, repaired } = summary;
    return [
      counted("checked_photos", "Photos read again, by what they were found to be.", about, {
        label: "condition",
        numbers: conditions,
      }),
      { name: "repaired_photos", help: "Photos put back.", values: [[about, repaired]] },
    ];
  }
  if ("page" in summary) return [];
  const outcomes = { label: "outcome", numbers: summary.outcomes };
  const photos = counted("photos", "Photos of the last run by outcome.", about, outcomes);
  if (!("kinds" in summary)) return [photos];
  const kinds = { label: "kind", numbers: summary.kinds };
  return [
    photos,
    counted("listed_keys", "Keys at the source by kind.", about, kinds),
    { name: "stored_bytes", help: "Bytes stored.", values: [[about, summary.storedBytes]] },
    {
      name: "gone_photos",
      help: "Kept, no longer at the source.",
      values: [[about, summary.gone]],
    },
  ];
}

function counted(
  name: string,
  help: string,
  about: Labels,
  by: { readonly label: string; readonly numbers: Readonly<Record<string, number>> },
): Sample {
  const values = Object.entries(by.numbers).map(
    ([value, number]) => [{ ...about, [by.label]: value }, number] as const,
  );
  return { name, help, values };
}

function written({ name, help, values }: Sample): string {
  const lines = values.map(([labels, value]) => `photohaul_${name}${inBraces(labels)} ${value}\n`);
  return `# HELP photohaul_${name} ${help}\n# TYPE photohaul_${name} gauge\n${lines.join("")}`;
}

function inBraces(labels: Labels): string {
  const inside = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `{${inside.join(",")}}`;
}

/** As the exposition format has it: backslash and quote; no newline is left, nor anything that cannot be seen. */
function escaped(text: string): string {
  return forTerminal(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
