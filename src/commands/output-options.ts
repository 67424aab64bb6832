/** The options about output, which every command that runs a story takes. */

import { z } from "zod";
import { HaulError } from "../errors.ts";
import { placeOfFolder } from "../local/folder-place.ts";
import { checkReportFile } from "../report/files.ts";
import type { OutputOptions } from "../run/output.ts";
import { texts } from "./parse.ts";

export const OUTPUT_SHAPE = {
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  verbose: z.boolean().default(false),
  "no-progress": z.boolean().default(false),
  log: z.string().nullable().default(null),
  report: texts,
  ping: z
    .url({ protocol: /^https?$/, error: "a URL such as https://hc-ping.com/uuid" })
    .nullable()
    .default(null),
  "notify-command": z.string().nullable().default(null),
  metrics: z.string().nullable().default(null),
};
const shape = z.object(OUTPUT_SHAPE);
type OutputTyped = z.output<typeof shape>;

export function voiceOptions(typed: OutputTyped): OutputOptions {
  const { json, quiet, verbose, log } = typed;
  const told = { ping: typed.ping, notifyCommand: typed["notify-command"], metrics: typed.metrics };
  return { json, quiet, verbose, noProgress: typed["no-progress"], log, told };
}

interface FileOptions extends Partial<Pick<OutputTyped, "log" | "metrics" | "report">> {
  readonly catalogue?: string | null;
  /** Read, and full of what somebody typed. */
  readonly dates?: string | null;
}

/** Before long work, not after it. @throws HaulError `usage` where a file cannot be written, or is named for two things */
export async function checkFiles(options: FileOptions): Promise<void> {
  const { log, metrics, report = [], catalogue, dates } = options;
  for (const file of report) await checkReportFile(file);
  const named = new Map<string, string>();
  for (const [option, files] of Object.entries({ dates, log, metrics, report, catalogue })) {
    for (const file of [files].flat()) {
      if (typeof file !== "string") continue;
      const { path } = await placeOfFolder(file);
      const other = named.get(path);
      named.set(path, option);
      if (other === undefined) continue;
      const says = `--${other} and --${option} name one file, ${file}, and each would spoil the other`;
      throw new HaulError("usage", says);
    }
  }
}
