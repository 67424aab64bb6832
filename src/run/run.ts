/**
 * Frames a story: says that a run begins, lets it be told, turns whatever ended it into an exit code, and
 * closes with the summary, whose sums it checks, and the reports.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { EXIT, explainError } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import type { RunEvent, SummaryEvent } from "../events.ts";
import { createNotifier } from "../notify/notify.ts";
import { finish, mismatch } from "../report/summary.ts";
import type { RequestCounts } from "../stores/source.ts";
import type { Process } from "./command.ts";
import { errorPage } from "./error-page.ts";
import { type Output, type OutputOptions, openOutput } from "./output.ts";

/** What a story leaves behind for its summary; filled in as it goes on, so that it is true however it ends. */
export interface RunState {
  catalogue: Catalogue | null;
  /** Those that take part; empty where there are none yet. */
  targets: readonly { readonly name: string; readonly id: string }[];
  /** Those that take no part, or no longer. */
  absent: readonly { readonly name: string; readonly trouble: HaulError }[];
  renditions: "skip" | "fallback" | "keep";
  requests: Readonly<RequestCounts>;
  fallbacks: number;
  unprovable: number;
  /** Photos that a limit left for the next run, besides those the plan counts as skipped. */
  leftOver: number;
  /** The same for each target, by name. */
  leftOverOf: ReadonlyMap<string, number>;
  /** Targets whose lists did not agree with one another. */
  disagreed: readonly string[];
  /** Photos that were dated without ExifTool, which cannot run here; absent where there are none. */
  unread?: () => number;
  /** True when a limit left photos for the next run. */
  limited: boolean;
  /** Closed in reverse order when all is said. */
  readonly closers: (() => Promise<void>)[];
}

export interface RunContext {
  readonly run: Omit<RunEvent, "type" | "version" | "startedAt">;
  readonly version: string;
  readonly voice: OutputOptions;
  tell(account: RunState, voice: Output): Promise<void>;
  /** Writes the reports that were asked for; told also of runs that ended early. */
  report(summary: SummaryEvent, run: RunEvent, account: RunState, voice: Output): Promise<void>;
}

/** @returns the exit code, which the summary names too */
export async function execute(story: RunContext, process: Process): Promise<number> {
  const startedAt = new Date();
  const run: RunEvent = {
    type: "run",
    ...story.run,
    version: story.version,
    startedAt: startedAt.toISOString(),
  };
  const voice = openOutput(run, story.voice, process);
  const notifier = createNotifier(story.voice.told, voice.trouble);
  notifier.started();
  const summary = await toTheEnd(story, run, voice, startedAt);
  // When all is closed: a command that is slow holds no lock.
  await notifier.ended(summary);
  return summary.exit;
}

async function toTheEnd(story: RunContext, run: RunEvent, voice: Output, startedAt: Date): Promise<SummaryEvent> {
  const account = emptyAccount();
  try {
    voice.emit(run);
    const told = await outcomeOf(() => tellFrom(story, account, voice), voice);
    const summarise = (ended: Ended) => summaryWhatever(account, voice, ended, startedAt);
    let summary = await summarise(told);
    const reported = await outcomeOf(() => story.report(summary, run, account, voice), voice);
    if (summary.exit === EXIT.ok && reported.exit !== EXIT.ok) summary = await summarise(reported);
    const text = JSON.stringify(summary);
    const written = await outcomeOf(async () => account.catalogue?.endRun(text), voice);
    if (summary.exit === EXIT.ok && written.exit !== EXIT.ok) summary = await summarise(written);
    voice.emit(summary);
    return summary;
  } finally {
    voice.close();
    await closeAll(account.closers.toReversed());
  }
}

/** A catalogue that says what cannot be is no index to go by: the next run rebuilds it. */
async function tellFrom(story: RunContext, account: RunState, voice: Output): Promise<void> {
  try {
    await story.tell(account, voice);
  } catch (error) {
    if (error instanceof HaulError && error.code === "catalogue") account.catalogue?.condemn();
    throw error;
  }
}

/** One that cannot be closed keeps none of the others open. @throws what the first such one threw, in the end */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers) {
    await close().catch((error: unknown) => {
      failures.push(error);
    });
  }
  if (failures.length > 0) throw failures[0];
}

interface Ended {
  readonly exit: number;
  readonly error: string | null;
}

/** An error is told in full on standard error, whatever else the run says where. */
async function outcomeOf(work: () => Promise<unknown>, voice: Output): Promise<Ended> {
  try {
    await work();
    return { exit: EXIT.ok, error: null };
  } catch (error) {
    const { lines, exit } = explainError(error);
    // Whoever stopped the run knows; the summary says what that means.
    if (exit !== EXIT.interrupted) voice.trouble(errorPage(lines));
    return { exit, error: lines[0] ?? "" };
  }
}

/** A run whose catalogue answers no more, as on a full disk, ends with a summary all the same: of what it said itself. */
async function summaryWhatever(account: RunState, voice: Output, ended: Ended, startedAt: Date): Promise<SummaryEvent> {
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  let summary: SummaryEvent | null = null;
  const asked = await outcomeOf(async () => {
    summary = await summaryOf(account, voice, ended, seconds);
  }, voice);
  if (summary !== null) return summary;
  const first = ended.exit === EXIT.ok ? asked : ended;
  return summaryOf({ ...account, catalogue: null }, voice, first, seconds);
}

async function summaryOf(account: RunState, voice: Output, ended: Ended, seconds: number): Promise<SummaryEvent> {
  const { requests, fallbacks, unprovable, leftOver, leftOverOf, absent } = account;
  const tally = voice.tally();
  const { photos, photosOf, ...known } = await knownOf(account, tally.complete);
  const exit =
    ended.exit !== EXIT.ok
      ? ended.exit
      : tally.outcomes.failed > 0 || account.disagreed.length > 0 || (account.unread?.() ?? 0) > 0
        ? EXIT.someFailed
        : account.limited
          ? EXIT.limit
          : EXIT.ok;
  const summary = finish(tally, {
    ...known,
    fallbacks,
    unprovable,
    leftOver,
    leftOverOf,
    lost: new Map(absent.map(({ name, trouble }) => [name, trouble.message])),
    exit,
    ...(account.disagreed.length === 0 ? {} : { mended: account.disagreed }),
    requests: { ...requests },
    seconds: Math.round(seconds * 10) / 10,
    ...(ended.error === null ? {} : { error: ended.error }),
  });
  const wrong = mismatch(summary, photos, photosOf);
  if (wrong === null) return summary;
  return { ...summary, exit: EXIT.bug, error: `the sums do not agree, which is a bug: ${wrong}` };
}

/** What the catalogue knows independently of what the run said; only a whole listing says what is gone. */
async function knownOf({ catalogue, targets, renditions }: RunState, complete: boolean) {
  const photosOf = new Map<string, number>();
  if (catalogue === null || !complete) {
    const kinds = { original: 0, rendition: 0, sidecar: 0, other: 0 };
    const photos = catalogue === null ? Number.POSITIVE_INFINITY : 0;
    return { kinds, gone: 0, changed: 0, photos, photosOf };
  }
  const ids = targets.length === 0 ? [""] : targets.map(({ id }) => id);
  const drifts = await Promise.all(ids.map((id) => catalogue.drift(id)));
  for (const { name, id } of targets) {
    photosOf.set(name, await catalogue.wantedCount(id, renditions));
  }
  return {
    kinds: await catalogue.kinds(),
    gone: Math.max(...drifts.map(({ gone }) => gone)),
    changed: Math.max(...drifts.map(({ changed }) => changed)),
    photos: (await catalogue.wantedOnAny(ids, renditions)).wanted,
    photosOf,
  };
}

function emptyAccount(): RunState {
  return {
    catalogue: null,
    targets: [],
    absent: [],
    renditions: "fallback",
    requests: { list: 0, get: 0, head: 0, retried: 0 },
    fallbacks: 0,
    unprovable: 0,
    leftOver: 0,
    leftOverOf: new Map(),
    disagreed: [],
    limited: false,
    closers: [],
  };
}
