/** `photohaul verify`: each target in turn, from options to open ports to the run. */

import { dirname, join } from "node:path";
import { z } from "zod";
import { openCheckLog } from "../catalogue/check-log.ts";
import { HaulError } from "../errors.ts";
import type { RunEvent, VerifySummary } from "../events.ts";
import { createLimiter } from "../limiter.ts";
import { CONDITIONS } from "../model.ts";
import { createMeter } from "../photo/progress.ts";
import { pageReports } from "../report/report-files.ts";
import { createCommand, type Process } from "../run/command.ts";
import { type Ended, ending, execute } from "../run/frame.ts";
import type { Output } from "../run/output.ts";
import { parseRecipient, together } from "../seal/recipients.ts";
import { catchUp, isBehind, repairDamaged } from "../steps/repair.ts";
import { openRepairSource } from "../steps/repair-source.ts";
import {
  damagedNow,
  emptyReport,
  type ReportDraft,
  type Slice,
  type SliceChoice,
  shareOf,
  wrongInLists,
} from "../steps/verify-photo.ts";
import { openKept, openTarget, type TargetOptions } from "../targets/all.ts";
import { mustBeOther } from "../targets/apart.ts";
import { damagedParts } from "../targets/sealed/sealed-parts.ts";
import type { Target } from "../targets/target.ts";
import { verify } from "../verify.ts";
import { beNice, NICE_OPTION, READ_AT_ONCE } from "./limit-options.ts";
import { flag, text, whole } from "./option-values.ts";
import { checkFiles, OUTPUT_OPTIONS, outputOptions, PAGE_OPTION } from "./output-options.ts";
import { checkLogFile, checkLogOf, openedLog } from "./remembered.ts";
import { IDENTITY_OPTION, identitiesOf } from "./sealing-options.ts";
import { REACH_OPTIONS, sourceOptions } from "./source-options.ts";
import { mustConcern, optionsFor, STORAGE_OPTIONS, STORE_FORMS, TARGET_OPTIONS, warningTo } from "./target-options.ts";
import { THAW_TARGET_OPTIONS, thawingOfTarget } from "./thaw-options.ts";

const HOW = { group: "What and how:" };
const OPTIONS = z
  .object({
    target: z
      .array(z.string())
      .min(1)
      .meta({
        description: `the folder, ${STORE_FORMS} that photos were kept in; several are read one after the other`,
      }),
    slice: z
      .string()
      .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, "a slice such as 3/7")
      .transform((typed): Slice => {
        const [part = 1, of = 1] = typed.split("/").map(Number);
        return { part, of };
      })
      .refine(({ part, of }) => part <= of, "a slice such as 3/7: the first number is not the larger")
      .nullable()
      .default(null)
      .meta({ ...HOW, description: "only part N of M, the same photos each time: 3/7" }),
    days: whole
      .nullable()
      .default(null)
      .meta({ ...HOW, description: "only what is due today, so that everything is read once in N days" }),
    "repair-from": text.meta({
      ...HOW,
      description:
        "put damaged photos back from this source or other target; from a target also those that only it has",
    }),
    decrypt: flag.meta({
      ...HOW,
      description: "of sealed targets open every photo with --identity: the drill that shows that the key is good",
    }),
    ...IDENTITY_OPTION,
    read: flag.meta({ ...HOW, description: "read every photo, also where a service holds digests that prove it" }),
    concurrency: whole
      .refine((number) => number <= 64, "at most 64")
      .default(READ_AT_ONCE)
      .meta({ ...HOW, description: "photos read at once" }),
    ...TARGET_OPTIONS,
    ...STORAGE_OPTIONS,
    ...REACH_OPTIONS,
    ...THAW_TARGET_OPTIONS,
    ...NICE_OPTION,
    ...OUTPUT_OPTIONS,
    ...PAGE_OPTION,
  })
  .refine(({ decrypt, identity }) => decrypt === identity.length > 0, {
    path: ["decrypt"],
    message: "--decrypt and --identity FILE go together: without them sealed photos are proven by their digests",
  })
  .refine(({ slice, days }) => slice === null || days === null, {
    path: ["slice"],
    message: "either --slice or --days, not both",
  });
type VerifyTyped = z.output<typeof OPTIONS>;

export const command = createCommand(
  {
    positional: "<target...>",
    description:
      "Reads every photo that was kept again and holds its size and SHA-256 against the manifest. In a bucket, photos whose digests the service itself holds are proven by those, and the others read. What is not as it was is read a second time, and then named: rotten, unreadable or missing. Writes nothing to the target without --repair-from.",
    options: OPTIONS,
    examples: [
      ["photohaul verify /media/usb", "read everything that was kept there"],
      ["photohaul verify /media/usb --days 30 --quiet", "a part each night: all of it in a month"],
      ["photohaul verify /media/usb --repair-from s3://my-photos", "and put back what is damaged"],
    ],
  },
  async (options, process) => {
    const { target: targets, "repair-from": source } = options;
    mustConcern({ source, by: "the source of --repair-from", targets }, options);
    await checkFiles(options);
    beNice(options.nice, process.platform);
    const reports: ReportDraft[] = [];
    const start = { command: "verify", source: source ?? "", targets, dryRun: false, catalogue: "" } as const;
    const waits = { photos: 0 };
    const run = async (output: Output) => {
      const { emit } = output;
      await mustBeOther("--repair-from", source, targets);
      const identities = await identitiesOf(options.identity, process.env);
      for (const target of targets)
        await verifyOne(target, { options, identities, output, emit, process, reports, waits });
    };
    const summary = (ended: Ended) => summarise(targets, reports, waits.photos, ended);
    const { count, write } = pageReports(options.report, process.signal);
    return execute({ start, output: outputOptions(options), count, run, summary, afterwards: [write] }, process);
  },
);

interface Verifying {
  readonly options: VerifyTyped;
  /** Empty where sealed photos are proven as they lie there. */
  readonly identities: readonly string[];
  readonly output: Output;
  readonly emit: (event: RunEvent) => void;
  readonly process: Process;
  readonly reports: ReportDraft[];
  /** Photos that wait for an archive, of all targets. */
  readonly waits: { photos: number };
}

async function verifyOne(name: string, verifying: Verifying): Promise<void> {
  const { options, identities, emit, process, reports } = verifying;
  await using opened = new AsyncDisposableStack();
  const reach = reachOf(name, verifying);
  const target = await openKept(name, { ...reach, ...warningTo(emit) });
  opened.defer(() => target.close());
  const report = emptyReport(target);
  reports.push(report);
  const log = openCheckLog(checkLogOf(logged(target, verifying), process), name, new Date().toISOString(), (aside) => {
    const message = `what was remembered of the checks of ${name} is damaged. It is kept as ${aside}, and all photos are read anew`;
    emit({ type: "warning", code: "checks", message });
  });
  opened.defer(() => log.close());
  await read(target, reach, log, report, verifying);
  if (target.memory.sealed !== undefined && identities.length === 0) await checkParts(target, report, verifying);
  const from = options["repair-from"];
  if (from !== null) await mend(target, from, log, report, verifying);
  log.finish(JSON.stringify(report), options.days !== null);
}

/** Sealed photos are files like others, unless they are to be opened. */
function reachOf(name: string, { options, identities, process }: Verifying): TargetOptions {
  const sealing = identities.length === 0 ? ("as-files" as const) : { recipients: [], identities };
  const mends = options["repair-from"] !== null;
  return { ...optionsFor(name, options.target, options, null), sealing, mends, signal: process.signal };
}

/** What was opened and what was proven as it lies there are remembered apart: they are other names. */
function logged({ id, location, memory }: Target, { options }: Verifying): Pick<Target, "id" | "location"> {
  return { id: options.decrypt && memory.sealed !== undefined ? openedLog(id) : id, location };
}

/** Of the sealed manifest nobody can read a line without the key, but whether each part is as it was written. */
async function checkParts(target: Target, report: ReportDraft, { emit, process }: Verifying): Promise<void> {
  for (const name of await damagedParts(target, process.signal)) {
    report.brokenLines += 1;
    const message = `${name} of ${target.name} is damaged, a part of its sealed manifest: the photos are not concerned. The next mirror writes the manifest anew`;
    emit({ type: "warning", code: "lists", message });
  }
}

type Log = ReturnType<typeof openCheckLog>;

async function read(target: Target, reach: TargetOptions, log: Log, report: ReportDraft, verifying: Verifying) {
  const { options, process, emit } = verifying;
  const { name, id } = target;
  const choose = (bytes: number): SliceChoice => {
    if (options.slice !== null) return options.slice;
    if (options.days === null) return "all";
    return shareOf(bytes, options.days, log.lastShare(), Date.now());
  };
  const { concurrency } = options;
  const thawing = await thawingOfTarget(target, reach.s3, verifying);
  verifying.waits.photos += await verify(
    {
      target,
      thawing,
      log,
      emit,
      signal: process.signal,
      limiter: createLimiter({ concurrency, listConcurrency: 1 }),
      meter: createMeter(emit, Date.now),
      now: Date.now,
      readAll: options.read || options.decrypt,
      async mustBeThere() {
        await (await openTarget(name, { ...reach, readOnly: true, expectedId: id })).close();
      },
    },
    choose,
    report,
  );
}

async function mend(
  { name, id, memory }: Target,
  address: string,
  log: Log,
  report: ReportDraft,
  verifying: Verifying,
) {
  const { options, identities, emit, process } = verifying;
  const { signal, env, platform } = process;
  await using opened = new AsyncDisposableStack();
  const reach = sourceOptions(options, () => undefined);
  const from = await openRepairSource(address, reach, reachOf(name, verifying), signal);
  opened.defer(() => from.close());
  const closed = identities.length === 0 && memory.sealed !== undefined;
  mustBothBeOpen(closed, from, name, address);
  // What need not be written to is not opened for it: it may be read-only, or in use.
  if (damagedNow(report) === 0 && (closed || !(await isBehind({ log, from, signal })))) return;
  const beside = checkLogFile(env, platform, id, null);
  const placed = { ...optionsFor(name, options.target, options, beside), ...sealedAnew(memory, identities, beside) };
  const target = await openTarget(name, { ...placed, expectedId: id, signal });
  opened.defer(() => target.close());
  const ports = { target, log, from, emit, signal };
  await repairDamaged(ports, report);
  // Two targets that were sealed apart have other files of the same photos.
  if (!closed) await catchUp(ports, report);
}

/**
 * Sealed files are put back as they are from a copy of the same ones; anything else would lie in clear beside them.
 * @throws HaulError `usage`
 */
function mustBothBeOpen(closed: boolean, { isSealed }: { readonly isSealed: boolean }, name: string, from: string) {
  if (closed === isSealed) return;
  const [sealed, clear] = closed ? [name, from] : [from, name];
  const says = `${sealed} is sealed and ${clear} is not: to bring photos from one to the other takes --decrypt --identity FILE`;
  throw new HaulError("usage", says);
}

/** A photo that is put back is sealed to all whom the target was ever sealed to, and waits for that on this computer. */
function sealedAnew({ sealed }: Target["memory"], identities: readonly string[], beside: string): TargetOptions {
  if (sealed === undefined) return {};
  if (identities.length === 0) return { sealing: "as-files" };
  const recipients = together(sealed.map(parseRecipient));
  return { sealing: { recipients, identities }, spool: join(dirname(beside), "spool") };
}

function summarise(
  targets: readonly string[],
  each: readonly ReportDraft[],
  waits: number,
  ended: Ended,
): VerifySummary {
  const sum = (number: (report: ReportDraft) => number) => each.reduce((total, report) => total + number(report), 0);
  const conditions = { whole: 0, rotten: 0, unreadable: 0, missing: 0, archived: 0 };
  for (const name of CONDITIONS) conditions[name] = sum((report) => report.conditions[name]);
  const bad = sum(
    (report) => damagedNow(report) + report.conditions.archived + report.notBrought + wrongInLists(report),
  );
  return {
    type: "summary",
    command: "verify",
    targets,
    conditions,
    checked: {
      photos: sum(({ checked }) => checked.photos),
      bytes: sum(({ checked }) => checked.bytes),
    },
    repaired: sum(({ repaired }) => repaired),
    each,
    ...ending(ended, bad > waits, waits > 0),
  };
}
