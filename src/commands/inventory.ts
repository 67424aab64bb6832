/** `photohaul inventory`: what a bucket holds, without a target. */

import { z } from "zod";
import { type SurveyOptions, survey } from "../mirror.ts";
import { likelyTraits } from "../naming/name.ts";
import { DEFAULT_DAYS } from "../report/archive-forecast.ts";
import type { PriceTable } from "../report/prices.ts";
import { createCommand, type Process } from "../run/command.ts";
import { execute } from "../run/frame.ts";
import { type Output, promptAt } from "../run/output.ts";
import { emptyState, framedBy, type RunState } from "../run/state.ts";
import { checkFiles, OUTPUT_OPTIONS, outputOptions, REPORT_OPTIONS } from "./output-options.ts";
import { openSurvey, surveyOptions } from "./ports.ts";
import { PRICES_OPTION, pricingOf } from "./prices-option.ts";
import { catalogueOf } from "./remembered.ts";
import { showStock, stockAsJudged, stockOf, writeReports } from "./reports.ts";
import { CHOICE_OPTIONS, SOURCE_OPTIONS } from "./source-options.ts";
import { mustConcern } from "./target-options.ts";

const OPTIONS = z.object({
  ...CHOICE_OPTIONS,
  ...SOURCE_OPTIONS,
  ...PRICES_OPTION,
  ...OUTPUT_OPTIONS,
  ...REPORT_OPTIONS,
});
type InventoryTyped = z.output<typeof OPTIONS>;

export const command = createCommand(
  {
    positional: "<source>",
    description:
      "Lists a bucket, tells originals from renditions, and shows what there is and what a mirror would fetch. Writes nothing but photohaul's own catalogue.",
    options: OPTIONS,
    examples: [
      ["photohaul inventory s3://my-photos", "what is there?"],
      ["photohaul inventory s3://my-photos --report keys.csv", "and one row for each key, with the reason"],
    ],
  },
  async (options, process) => {
    mustConcern({ source: options.source, by: "the source", targets: [] }, options);
    const rules = await surveyOptions(options);
    await checkFiles(options);
    const { prices } = await pricingOf(options, process.env);
    const start = {
      command: "inventory",
      source: options.source,
      targets: [],
      dryRun: true,
      catalogue: await catalogueOf(options, process),
    } as const;
    const state = emptyState(start);
    const run = (output: Output) => lookAt({ options, rules, prices, state, process }, output);
    const report = writeReports(state, { files: options.report, refusal: rules.refusal, signal: process.signal });
    return execute({ start, output: outputOptions(options), ...framedBy(state, run, report) }, process);
  },
);

/** Where a plan is for when it is for nowhere. */
const NOWHERE = { name: "", id: "", traits: likelyTraits("linux"), freeBytes: null };

interface Looking {
  readonly options: InventoryTyped;
  readonly rules: SurveyOptions;
  readonly prices: PriceTable;
  readonly state: RunState;
  readonly process: Process;
}

async function lookAt({ options, rules, prices, state, process }: Looking, output: Output): Promise<void> {
  const { emit } = output;
  const opened = await openSurvey("inventory", options, state, emit, process);
  const { catalogue, source } = opened;
  const places = [{ target: NOWHERE, namer: null }];
  const ask = promptAt(process, output, options);
  const stock = stockAsJudged();
  const asking = { ...rules, ask, onJudged: stock.onJudged };
  const { layout, plan } = await survey({ ...opened, places, emit, signal: process.signal }, asking);
  state.fallbacks = plan.fallbacks;
  const cold = { ...plan.cold, days: Number(DEFAULT_DAYS), prices };
  const surveyed = { catalogue, source, layout, plan, stock, cold };
  state.surveyed = surveyed;
  showStock(await stockOf(surveyed, NOWHERE.id), output);
}
