/** How far `mirror` or `inventory` has got, and what its last line says of it, whose sums it checks. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import type { MirrorSummary, RunEvent, StartEvent } from "../events.ts";
import type { CataloguedObject } from "../model.ts";
import type { ColdStock } from "../report/archive-forecast.ts";
import type { Stocktaking } from "../report/inventory-counts.ts";
import type { Planned } from "../report/inventory-data.ts";
import { count, finish, mismatch, type RunTally, startSummary } from "../report/summary.ts";
import { NO_TROUBLES, notice, type Troubles } from "../report/troubles.ts";
import type { Absent } from "../steps/import-manifests.ts";
import type { LayoutReport } from "../steps/layout-report.ts";
import { rememberSeen } from "../steps/off-site.ts";
import type { RequestCounts, Source } from "../stores/source.ts";
import type { Process } from "./command.ts";
import { type Ended, outcomeOf, type RunContext } from "./frame.ts";
import type { Output } from "./output.ts";

/** What there is and what is to be fetched. */
export interface Surveyed {
  readonly catalogue: Catalogue;
  readonly layout: LayoutReport;
  readonly plan: Planned;
  /** For the pictures of an HTML report. */
  readonly source: Source;
  /** What of the plan an archive holds, and the prices that every estimate of the run goes by. */
  readonly cold: ColdStock;
  readonly stock?: StockAsJudged;
}

/** The stock of a listing that is counted while it is judged: to read all of it again takes a tenth of an inventory. */
export class StockAsJudged {
  readonly #stock: Stocktaking;
  #keys = 0;
  #overruled = false;

  constructor(stock: Stocktaking) {
    this.#stock = stock;
  }

  /** As `ClassifyOptions.onJudged`. */
  readonly onJudged = (objects: readonly CataloguedObject[] | null): void => {
    if (objects === null) this.#overruled = true;
    else this.#stock.add(objects);
    this.#keys += objects?.length ?? 0;
  };

  /** Null where it is not that of all that is listed, as where some of it was judged by an earlier run. @param keys listed */
  of(keys: number): Stocktaking | null {
    return this.#overruled || keys !== this.#keys ? null : this.#stock;
  }
}

/** Filled in as the run goes on, so that it is true however it ends. */
export interface RunState {
  tally: RunTally;
  troubles: Troubles;
  catalogue: Catalogue | null;
  /** Null where the run did not get as far as a plan. */
  surveyed: Surveyed | null;
  /** Those that take part; empty where there are none yet. */
  targets: readonly { readonly name: string; readonly id: string }[];
  /** Those that take no part, or no longer. */
  absent: readonly Absent[];
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
  readonly opened: AsyncDisposableStack;
}

export function emptyState(start: Pick<StartEvent, "command" | "source" | "targets" | "dryRun">): RunState {
  return {
    tally: startSummary(start),
    troubles: NO_TROUBLES,
    catalogue: null,
    surveyed: null,
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
    opened: new AsyncDisposableStack(),
  };
}

/** What the frame needs of such a run: to count, to sum up, and to leave a line in the catalogue. */
export function framedBy(
  state: RunState,
  run: RunContext<MirrorSummary>["run"],
  report: (summary: MirrorSummary, start: StartEvent) => Promise<void>,
): Omit<RunContext<MirrorSummary>, "start" | "output"> {
  let rotten = false;
  return {
    opened: state.opened,
    count(event: RunEvent) {
      state.tally = count(state.tally, event);
      state.troubles = notice(state.troubles, event);
    },
    async run(output, start) {
      try {
        await run(output, start);
      } catch (error) {
        // A catalogue that says what cannot be is no index to go by: the next run rebuilds it.
        if (error instanceof HaulError && error.code === "catalogue") {
          rotten = true;
          state.catalogue?.condemn();
        }
        throw error;
      }
    },
    // What it counts is not to be held against what the run said.
    summary: (ended, output) => summaryOrLess(rotten ? { ...state, catalogue: null } : state, ended, output),
    afterwards: [
      report,
      async (summary) => {
        if (rotten) return;
        await rememberSeen(state, summary);
        await state.catalogue?.runs.end(JSON.stringify(summary));
      },
    ],
  };
}

/** A run whose catalogue answers no more, as on a full disk, ends with a summary all the same: of what it said itself. */
async function summaryOrLess(state: RunState, ended: Ended, output: Output): Promise<MirrorSummary> {
  let summary: MirrorSummary | null = null;
  const asked = await outcomeOf(async () => {
    summary = await summaryOf(state, ended);
  }, output);
  if (summary !== null) return summary;
  const first = ended.exit === EXIT.ok ? { ...ended, ...asked } : ended;
  return summaryOf({ ...state, catalogue: null }, first);
}

async function summaryOf(state: RunState, { exit, error, seconds }: Ended): Promise<MirrorSummary> {
  const { tally, requests, fallbacks, unprovable, leftOver, leftOverOf, absent, disagreed } = state;
  const { photos, photosOf, ...known } = await knownOf(state, tally.complete);
  const summary = finish(tally, {
    ...known,
    fallbacks,
    unprovable,
    leftOver,
    leftOverOf,
    lost: new Map(absent.map(({ name, trouble }) => [name, trouble.message])),
    exit: exit === EXIT.ok ? exitOf(state) : exit,
    ...(disagreed.length === 0 ? {} : { mended: disagreed }),
    unread: state.unread?.() ?? 0,
    unlisted: unlistedIn(state),
    requests: { ...requests },
    seconds,
    ...(error === null ? {} : { error }),
  });
  const wrong = mismatch(summary, photos, photosOf);
  if (wrong === null) return summary;
  return { ...summary, exit: EXIT.bug, error: `the sums do not agree, which is a bug: ${wrong}` };
}

function unlistedIn({ troubles }: RunState): number {
  return troubles.warnings.find(({ code }) => code === "unlisted")?.times ?? 0;
}

/** Of a run that nothing ended early. */
function exitOf(state: RunState): number {
  const { tally, disagreed, unread, limited } = state;
  if (unlistedIn(state) > 0) return EXIT.someFailed;
  if (tally.outcomes.failed > 0 || disagreed.length > 0 || (unread?.() ?? 0) > 0) return EXIT.someFailed;
  // Only what an archive has is skipped photo by photo.
  return limited || tally.outcomes.skipped > 0 ? EXIT.limit : EXIT.ok;
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
  const drifts = await Promise.all(ids.map((id) => catalogue.listing.drift(id)));
  for (const { name, id } of targets) {
    photosOf.set(name, await catalogue.plan(id).wantedCount(renditions));
  }
  return {
    kinds: await catalogue.listing.kinds(),
    gone: Math.max(...drifts.map(({ gone }) => gone)),
    changed: Math.max(...drifts.map(({ changed }) => changed)),
    photos: (await catalogue.wantedOnAny(ids, renditions)).wanted,
    photosOf,
  };
}

/**
 * `--max-duration`: once the time is over nothing new is begun (steps/transfer-all.ts), and what is on its way may finish for a
 * tenth of that time more; then it is given up, so that a store that is slow for ever holds no lock until the next run.
 */
const GRACE = 0.1;
/** For so many milliseconds at most. */
const MOST_GRACE_MS = 10 * 60 * 1000;

interface Timed {
  /** Milliseconds; null for no limit. */
  readonly duration: number | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly process: Process;
  readonly state: RunState;
  readonly output: Output;
}

/** Does work within its time, and counts what it left undone where that was over. */
export async function untilDeadline(
  { duration, startedAt, process, state, output }: Timed,
  work: (process: Process) => Promise<void>,
): Promise<void> {
  if (duration === null) return work(process);
  const over = new AbortController();
  const left = startedAt + duration + Math.min(duration * GRACE, MOST_GRACE_MS) - Date.now();
  const clock = setTimeout(() => over.abort(), Math.min(Math.max(0, left), MOST_TIMER_MS));
  try {
    await work({ ...process, signal: AbortSignal.any([process.signal, over.signal]) });
  } catch (error) {
    const ours = error instanceof HaulError && error.code === "interrupted";
    if (!ours || !over.signal.aborted || process.signal.aborted) throw error;
    countTheRest(state, output);
  } finally {
    clearTimeout(clock);
  }
}

/** Longer than this no timer waits: 24 days. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** Photos that no event told of count as left to the next run. */
function countTheRest(state: RunState, output: Output): void {
  const { plan, outcomes, perTarget } = state.tally;
  const done = (counts: Readonly<Record<string, number>> = {}) =>
    Object.values(counts).reduce((sum, number) => sum + number, 0);
  state.leftOver = plan.photos - done(outcomes);
  state.leftOverOf = new Map(
    (plan.perTarget ?? []).map(({ target, photos }) => [target, photos - done(perTarget[target]?.outcomes)]),
  );
  state.limited = true;
  const message =
    "the time of --max-duration is over, and what was still on its way was given up: the next run goes on";
  output.emit({ type: "warning", code: "max-duration", message });
}
