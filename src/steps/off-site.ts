/**
 * Copies that may be elsewhere tonight: a drive in a drawer, another at a friend's. Whether one that is away is a failure:
 *
 *   it is not --optional, or it is there and cannot be used     its own trouble ends the run
 *   it is --optional and away                                   no failure, unless --stale is over since it took part last
 *   fewer copies than --at-least made it                        a failure, whichever they are
 */

import { type Catalogue, type Renditions, SEEN_SETTING, TARGET_SETTING } from "../catalogue/catalogue.ts";
import { parseSeen, type SeenRecord } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import type { MirrorSummary, TargetPlan } from "../events.ts";
import { counted, duration } from "../report/units.ts";
import type { Absent } from "./import-manifests.ts";
import { spelled } from "./open-targets.ts";

export interface CopyRules {
  /** Targets that may be away, as they are spelled. */
  readonly optional: ReadonlySet<string>;
  /** Copies that are to make it; null where nobody said. */
  readonly atLeast: number | null;
  /** For how long one may be away, in milliseconds; null for as long as it likes. */
  readonly stale: number | null;
}

interface Tonight {
  readonly absent: readonly Absent[];
  /** How many targets the line names. */
  readonly all: number;
  /** When each took part last, in milliseconds since 1970, by its name; absent where it never did. */
  readonly seen: ReadonlyMap<string, number>;
  readonly now: number;
}

/** @returns what makes the run a failure, the first of it; null where nothing does */
export function shortfall({ atLeast, stale }: CopyRules, { absent, all, seen, now }: Tonight): HaulError | null {
  const trouble = absent.find(({ away }) => away !== true);
  if (trouble !== undefined) return trouble.trouble;
  const away = stale === null ? null : awayTooLong(stale, { absent, seen, now });
  if (away !== null) return away;
  const made = all - absent.length;
  if (atLeast === null || made >= atLeast) return null;
  const says = `${counted(made, "copy", "copies")} made it in this run, and --at-least asks for ${atLeast}`;
  const names = absent.map(({ name }) => name).join(", ");
  return new HaulError("no-target", says, {
    hint: `Away: ${names}. Bring one of them back, and run the same line again.`,
  });
}

function awayTooLong(stale: number, { absent, seen, now }: Omit<Tonight, "all">): HaulError | null {
  const late = absent.find(({ name }) => now - (seen.get(name) ?? Number.NEGATIVE_INFINITY) > stale);
  if (late === undefined) return null;
  const last = seen.get(late.name);
  const since = last === undefined ? "never took part yet" : `took part ${duration((now - last) / 1000)} ago last`;
  const says = `${late.name} is away, and ${since}: --stale allows ${duration(stale / 1000)}`;
  return new HaulError("no-target", says, { hint: "Bring it back, or plug it in, and run the same line again." });
}

/** @throws HaulError as `shortfall` says */
export async function enoughCopies(
  rules: CopyRules,
  names: readonly string[],
  { absent, catalogue }: { readonly absent: readonly Absent[]; readonly catalogue: Catalogue },
): Promise<void> {
  if (absent.length === 0) return;
  const seen = await lastSeen(names, catalogue);
  const trouble = shortfall(rules, { absent, all: names.length, seen, now: Date.now() });
  if (trouble !== null) throw trouble;
}

/** When each of these took part last, in milliseconds since 1970; one that never did is missing. */
async function lastSeen(
  names: readonly string[],
  { settings }: Pick<Catalogue, "settings">,
): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (const name of names) {
    const copy = await settings.get(TARGET_SETTING + spelled(name));
    const record = copy === null ? null : parseSeen(await settings.get(SEEN_SETTING + copy));
    if (record !== null) seen.set(name, Date.parse(record.at));
  }
  return seen;
}

interface Ran {
  readonly catalogue: Catalogue | null;
  readonly targets: readonly { readonly name: string; readonly id: string }[];
  readonly absent: readonly Absent[];
  readonly renditions: Renditions;
  /** What each lacked before, as planned: `leftOver` are those that a limit kept out of the plan. */
  readonly surveyed: { readonly plan: { readonly perTarget?: readonly Planned[] } } | null;
}
type Planned = Pick<TargetPlan, "target" | "leftOver">;

/** Writes down which copies took part, and how much each lacks now, away or not. Not of a dry run, nor of one without a plan. */
export async function rememberSeen(
  { catalogue, targets, absent, renditions, surveyed }: Ran,
  { dryRun, perTarget }: Pick<MirrorSummary, "dryRun" | "perTarget">,
): Promise<void> {
  if (catalogue === null || dryRun || surveyed === null) return;
  const { settings } = catalogue;
  const at = new Date().toISOString();
  const leftOver = (name: string) => surveyed.plan.perTarget?.find(({ target }) => target === name)?.leftOver ?? 0;
  for (const { target: name, plan, outcomes } of perTarget) {
    const lost = absent.some((one) => one.name === name);
    const here = targets.find((one) => one.name === name);
    const copy = here?.id ?? (await settings.get(TARGET_SETTING + spelled(name)));
    if (copy === null || copy === "") continue;
    const before = parseSeen(await settings.get(SEEN_SETTING + copy));
    const record: SeenRecord | null = lost
      ? before && { at: before.at, lacks: await lackingOn(copy, catalogue, renditions) }
      : { at, lacks: Math.max(0, plan.photos + leftOver(name) - outcomes.stored) };
    if (record !== null) await settings.set(SEEN_SETTING + copy, JSON.stringify(record));
  }
}

async function lackingOn(copy: string, catalogue: Catalogue, renditions: Renditions): Promise<number> {
  const plan = catalogue.plan(copy);
  return Math.max(0, (await plan.wantedCount(renditions)) - (await plan.keptCount(renditions)));
}
