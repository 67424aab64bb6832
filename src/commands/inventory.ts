/** `photohaul inventory`: what a bucket holds, without a target. */

import { z } from "zod";
import { type SurveyOptions, survey } from "../mirror.ts";
import { likelyTraits } from "../naming/traits.ts";
import { inventoryPage } from "../report/inventory-page.ts";
import type { Command, Process, Typed } from "../run/command.ts";
import type { Output } from "../run/output.ts";
import { execute, type RunState } from "../run/run.ts";
import { version } from "../run/version.ts";
import { mustConcern } from "./concern.ts";
import { CHOICE_OPTIONS, OUTPUT_OPTIONS, SOURCE_OPTIONS } from "./options.ts";
import { checkFiles, OUTPUT_SHAPE, voiceOptions } from "./output-options.ts";
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
  run,
};

async function run(typed: Typed, process: Process): Promise<number> {
  const options = parse(SHAPE, typed);
  mustConcern({ source: options.source, by: "the source", targets: [] }, options);
  const rules = await surveyOptions(options);
  await checkFiles(options);
  let surveyed: Surveyed | null = null;
  return execute(
    {
      run: {
        command: "inventory",
        source: options.source,
        targets: [],
        dryRun: true,
        catalogue: await catalogueOf(options, process),
      },
      version: version(),
      voice: voiceOptions(options),
      tell: async (account, voice) => {
        surveyed = await tell({ options, rules, account, voice, process });
      },
      report: (summary, runEvent, _account, voice) => {
        const { signal } = process;
        const { refusal } = rules;
        const files = options.report;
        return writeReports(summary, {
          files,
          run: runEvent,
          voice,
          surveyed,
          target: NOWHERE.id,
          refusal,
          signal,
        });
      },
    },
    process,
  );
}

interface Telling {
  readonly options: Options;
  readonly rules: SurveyOptions;
  readonly account: RunState;
  readonly voice: Output;
  readonly process: Process;
}

/** Where a plan is for when it is for nowhere. */
const NOWHERE = { name: "", id: "", traits: likelyTraits("linux"), freeBytes: null };

async function tell({ options, rules, account, voice, process }: Telling): Promise<Surveyed> {
  const opened = await openSurvey("inventory", options, account, voice.emit, process);
  const { catalogue } = opened;
  const { layout, plan } = await survey(
    {
      ...opened,
      places: [{ target: NOWHERE, namer: null }],
      emit: voice.emit,
      signal: process.signal,
    },
    { ...rules, ask: promptAt(process, voice, options) },
  );
  account.fallbacks = plan.fallbacks;
  const { source } = opened;
  const surveyed = { catalogue, source, layout, plan, onAws: await isOnAws(options, process.env) };
  const { inventory, estimate } = await stockOf(surveyed, NOWHERE.id);
  voice.page((paint) => inventoryPage(inventory, estimate, paint));
  return surveyed;
}
