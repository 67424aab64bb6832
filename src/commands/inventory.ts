/** `photohaul inventory`: what a bucket holds, without a target. */

import { z } from "zod";
import type { StartEvent } from "../events.ts";
import { type SurveyOptions, survey } from "../mirror.ts";
import { likelyTraits } from "../naming/traits.ts";
import { inventorySections } from "../report/inventory-sections.ts";
import type { Command, Process, Typed } from "../run/command.ts";
import { execute } from "../run/frame.ts";
import type { Output } from "../run/output.ts";
import { emptyState, framedBy, type RunState } from "../run/state.ts";
import type { MirrorSummary } from "../summaries.ts";
import { mustConcern } from "./concern.ts";
import { CHOICE_OPTIONS, OUTPUT_OPTIONS, SOURCE_OPTIONS } from "./options.ts";
import { checkFiles, OUTPUT_SHAPE, outputOptions } from "./output-options.ts";
import { parse } from "./parse.ts";
import { promptAt } from "./prompt.ts";
import { type Surveyed, stockOf, writeReports } from "./reports.ts";
import { catalogueOf, isOnAws, openSurvey, SURVEY_SHAPE, surveyOptions } from "./survey-setup.ts";

const SHAPE = z.object({ ...SURVEY_SHAPE, ...OUTPUT_SHAPE });
type Options = z.output<typeof SHAPE>;

export const command: Command = {
  positional: "<source>",
  positionals: { source: "s3://bucket[/prefix], swift://container[/prefix], or a folder" },
  description:
    "Lists a bucket, tells originals from renditions, and shows what there is and what a mirror would fetch. Writes nothing but photohaul's own catalogue.",
  options: { ...CHOICE_OPTIONS, ...SOURCE_OPTIONS, ...OUTPUT_OPTIONS },
  examples: [
    ["photohaul inventory s3://my-photos", "what is there?"],
    ["photohaul inventory s3://my-photos --report keys.csv", "and one row for each key, with the reason"],
  ],
  run: inventory,
};

async function inventory(typed: Typed, process: Process): Promise<number> {
  const options = parse(SHAPE, typed);
  mustConcern({ source: options.source, by: "the source", targets: [] }, options);
  const rules = await surveyOptions(options);
  await checkFiles(options);
  const start = {
    command: "inventory",
    source: options.source,
    targets: [],
    dryRun: true,
    catalogue: await catalogueOf(options, process),
  } as const;
  const state = emptyState(start);
  let surveyed: Surveyed | null = null;
  const run = async (output: Output) => {
    surveyed = await look({ options, rules, state, output, process });
  };
  const report = (summary: MirrorSummary, begun: StartEvent) => {
    const { signal } = process;
    const { refusal } = rules;
    const { troubles } = state;
    const files = options.report;
    return writeReports(summary, { files, run: begun, troubles, surveyed, target: NOWHERE.id, refusal, signal });
  };
  return execute({ start, output: outputOptions(options), ...framedBy(state, run, report) }, process);
}

interface Looking {
  readonly options: Options;
  readonly rules: SurveyOptions;
  readonly state: RunState;
  readonly output: Output;
  readonly process: Process;
}

/** Where a plan is for when it is for nowhere. */
const NOWHERE = { name: "", id: "", traits: likelyTraits("linux"), freeBytes: null };

async function look({ options, rules, state, output, process }: Looking): Promise<Surveyed> {
  const opened = await openSurvey("inventory", options, state, output.emit, process);
  const { catalogue } = opened;
  const { layout, plan } = await survey(
    {
      ...opened,
      places: [{ target: NOWHERE, namer: null }],
      emit: output.emit,
      signal: process.signal,
    },
    { ...rules, ask: promptAt(process, output, options) },
  );
  state.fallbacks = plan.fallbacks;
  const { source } = opened;
  const surveyed = { catalogue, source, layout, plan, onAws: await isOnAws(options, process.env) };
  const stock = await stockOf(surveyed, NOWHERE.id);
  output.page(inventorySections(stock.inventory, stock.estimate));
  return surveyed;
}
