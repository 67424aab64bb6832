/** The options about output, which every command that runs a story takes. */

import { z } from "zod";
import { checkReportFile } from "../report/files.ts";
import { texts } from "./parse.ts";
import type { VoiceOptions } from "./voice.ts";

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

export function voiceOptions(typed: OutputTyped): VoiceOptions {
  const { json, quiet, verbose, log } = typed;
  const told = { ping: typed.ping, notifyCommand: typed["notify-command"], metrics: typed.metrics };
  return { json, quiet, verbose, noProgress: typed["no-progress"], log, told };
}

/** Before long work, not after it. @throws HaulError `usage` */
export async function checkReports(files: readonly string[]): Promise<void> {
  for (const file of files) await checkReportFile(file);
}
