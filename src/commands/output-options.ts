/** The options about output, which every verb of the frame takes. */

import { stat } from "node:fs/promises";
import { z } from "zod";
import { beginsAsDatabase } from "../catalogue/database-file.ts";
import { HaulError } from "../errors.ts";
import { placeOfFolder, relationOf } from "../local/folder-place.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";
import { mustHoldNoTyped } from "../photo/dates-file.ts";
import type { OutputOptions } from "../run/output.ts";
import { isRemote } from "../targets/apart.ts";
import { flag, text, texts } from "./option-values.ts";

const OUTPUT = { group: "Output:" };
export const OUTPUT_OPTIONS = {
  json: flag.meta({ ...OUTPUT, description: "events as JSON lines on standard output, and nothing else there" }),
  quiet: flag.meta({ ...OUTPUT, alias: "q", description: "say only what went wrong" }),
  verbose: flag.meta({ ...OUTPUT, alias: "v", description: "say what happens to each photo" }),
  "no-progress": flag.meta({ ...OUTPUT, description: "no progress bar, no line a minute" }),
  log: text.meta({
    ...OUTPUT,
    description: "append every event to FILE as JSON lines; turned over at 10 MB, five older ones are kept",
  }),
  ping: z
    .url({ protocol: /^https?$/, error: "a URL such as https://hc-ping.com/uuid" })
    .nullable()
    .default(null)
    .meta({ ...OUTPUT, description: "tell a health check: URL/start, then URL or URL/fail with the summary" }),
  "notify-command": text.meta({
    ...OUTPUT,
    description: "run CMD at the end, with the summary as JSON on its standard input",
  }),
  metrics: text.meta({ ...OUTPUT, description: "write the outcome to FILE as Prometheus text" }),
};
/** Of what ends with a page, and has no row a key. */
export const PAGE_OPTION = {
  report: z
    .array(z.string().refine((file) => /\.(html|md|json)$/i.test(file), "the name must end in .html, .md or .json"))
    .default([])
    .meta({ ...OUTPUT, description: "write a report when done; .html, .md or .json (repeatable)" }),
};
/** Of what knows its source for good. */
export const REPORT_OPTIONS = {
  report: texts.meta({ ...OUTPUT, description: "write a report when done; .csv, .json, .md or .html (repeatable)" }),
  catalogue: text.meta({
    ...OUTPUT,
    description: "what photohaul remembers of this source; one file per source in the state folder",
  }),
};

type OutputTyped = z.output<z.ZodObject<typeof OUTPUT_OPTIONS>>;

export function outputOptions(typed: OutputTyped): OutputOptions {
  const { json, quiet, verbose, log } = typed;
  const notify = { ping: typed.ping, notifyCommand: typed["notify-command"], metrics: typed.metrics };
  return { json, quiet, verbose, noProgress: typed["no-progress"], log, notify };
}

interface FileOptions extends Partial<Pick<OutputTyped, "log" | "metrics">> {
  readonly report?: readonly string[];
  readonly catalogue?: string | null;
  /** Read, and full of what somebody typed. */
  readonly dates?: string | null;
  /** As they were typed. */
  readonly source?: string;
  readonly target?: string | readonly string[];
}

/**
 * Before long work, not after it.
 * @throws HaulError `usage` where a file cannot be written, is named for two things, or lies inside the source; and where
 * the catalogue is a file of a target
 */
export async function checkFiles(options: FileOptions): Promise<void> {
  const { log, metrics, report = [], catalogue, dates, source, target = [] } = options;
  if (source !== undefined && !isRemote(source)) await mustLieOutside(source, { log, metrics, report, catalogue });
  if (typeof catalogue === "string") await mustSpareTargets(catalogue, [target].flat());
  for (const file of report) {
    const { checkReportFile } = await import("../report/report-files.ts");
    await checkReportFile(file);
    if (/\.csv$/i.test(file)) await mustHoldNoTyped(file);
  }
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

type Files = Readonly<Record<string, string | null | undefined | readonly string[]>>;

/** A source is only read: what is written into it would be brought home as a photo's neighbour by the next run. */
async function mustLieOutside(source: string, options: Files): Promise<void> {
  const folder = await placeOfFolder(source);
  for (const [option, files] of Object.entries(options)) {
    for (const file of [files].flat()) {
      if (typeof file !== "string") continue;
      const relation = relationOf(await placeOfFolder(file), folder);
      if (relation !== "inside" && relation !== "same") continue;
      const says = `--${option} ${file} lies inside the source ${source}, which photohaul only reads. Name a file outside of it`;
      throw new HaulError("usage", says);
    }
  }
}

/** A damaged catalogue is set aside by `--adopt`: no photo and no list that was named by mistake is to be moved so. */
async function mustSpareTargets(catalogue: string, targets: readonly string[]): Promise<void> {
  const place = await placeOfFolder(catalogue);
  const found = await stat(catalogue).catch(() => null);
  const isEmpty = found === null || found.size === 0;
  const isWithLists = [catalogue, place.path].some((path) => path.split(/[/\\]/).includes(OWN_FOLDER));
  if ((isEmpty && !isWithLists) || (!isEmpty && beginsAsDatabase(catalogue))) return;
  const folders = targets.filter((target) => !isRemote(target));
  const on = [];
  for (const folder of folders) if (relationOf(place, await placeOfFolder(folder)) !== "apart") on.push(folder);
  if (on.length === 0 && !isWithLists) return;
  const says = isEmpty
    ? `--catalogue ${catalogue} would lie among the lists of a target. Name a file elsewhere`
    : `--catalogue ${catalogue} is a file of a target, and no catalogue. Name another file`;
  throw new HaulError("usage", says);
}
