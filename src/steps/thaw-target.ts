/** Thaw of a target: what of it lies in an archive is asked for, as a mirror does with its source (thaw.ts), and told with its reason. */

import type { ArchiveRequest } from "../catalogue/archive-requests.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { inParallel } from "../in-parallel.ts";
import { HOUR } from "../measures.ts";
import type { Listed } from "../model.ts";
import { forecastTier, forecastTiers } from "../report/archive-forecast.ts";
import type { Stored } from "../report/prices.ts";
import { counted } from "../report/units.ts";
import { retrying } from "../retry.ts";
import type { Asking } from "../stores/source.ts";
import type { Target } from "../targets/target.ts";
import { heldReason } from "./archive-reasons.ts";
import { BUSY, isEverybodys, type Refusal, type ThawOptions } from "./ask-archive.ts";

interface ThawTargetPorts {
  readonly target: Pick<Target, "archive" | "list">;
  readonly thawing: ThawOptions;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Requests under way at once. */
const AT_ONCE = 16;

/**
 * Asks for photos that turned out to be archived, each once: one that is on its way says so. What the archive refuses is
 * that photo's trouble, unless it refuses many in a row.
 * @returns why each does not come now, by its path; nothing of what nobody agreed to ask for
 * @throws HaulError `usage` where nobody agreed to what it would cost, and what ends the run
 */
export async function askTarget(
  paths: readonly string[],
  ports: ThawTargetPorts,
): Promise<ReadonlyMap<string, Refusal>> {
  const { target, thawing, emit, signal, now } = ports;
  const { archive } = target;
  const { thaw, prices } = thawing;
  const reasons = new Map<string, Refusal>();
  if (archive === undefined || thaw === null || paths.length === 0) return reasons;
  const waiting = (request: Pick<ArchiveRequest, "askedAt" | "tier" | "readyBy">): Refusal => {
    return { reason: heldReason({ ...request, state: "ongoing", until: "" }, now(), thaw), failed: false };
  };
  const cold: Listed[] = [];
  await inParallel(await listed(paths, ports), AT_ONCE, async (photo) => {
    // Where nobody may look, what is said to the request decides.
    const said = await retrying(() => archive.look(photo, signal), { signal }).catch(ofThisPhoto);
    const ongoing = said !== null && !(said instanceof HaulError) && said.ongoing;
    if (ongoing) reasons.set(photo.key, waiting({ askedAt: null, tier: "", readyBy: null }));
    else cold.push(photo);
  });
  const stored = byClass(cold);
  const bytes = cold.reduce((sum, { size }) => sum + size, 0);
  const event = { type: "archive", photos: cold.length, bytes, waiting: reasons.size, ready: 0, asked: 0 } as const;
  emit({ ...event, forecast: forecastTiers(stored, thaw.days, prices) });
  if (cold.length === 0) return reasons;
  const forecast = forecastTier(stored, thaw.tier, thaw.days, prices);
  if (!(await thawing.agree(event, forecast))) return reasons;
  const due = forecast.hoursTo === null ? null : new Date(now() + forecast.hoursTo * HOUR).toISOString();
  const onItsWay = waiting({ askedAt: new Date(now()).toISOString(), tier: thaw.tier, readyBy: due });
  const { asked, refused } = await askEach(cold, (photo) => archive.ask(photo, thaw, signal), signal);
  for (const { key } of cold) reasons.set(key, refused.get(key) ?? onItsWay);
  const left = refused.size;
  emit({ ...event, photos: left, bytes: 0, waiting: reasons.size - left, asked, forecast: [] });
  const [first] = refused.values();
  if (first !== undefined) {
    const message = `the archive was not asked for ${counted(left, "photo")}: ${first.reason}`;
    emit({ type: "warning", code: "not-asked", message });
  }
  return reasons;
}

/** @returns how many were asked for, and why others were not, by their keys. @throws what ends the run */
async function askEach(photos: readonly Listed[], ask: (photo: Listed) => Promise<Asking>, signal: AbortSignal) {
  const refused = new Map<string, Refusal>();
  let [asked, inARow] = [0, 0];
  let everybodys: Refusal | null = null;
  await inParallel(photos, AT_ONCE, async (photo) => {
    const said = everybodys ?? (await retrying(() => ask(photo), { signal }).catch(ofThisPhoto));
    const refusal = said instanceof HaulError ? { reason: said.message, failed: true } : said === "busy" ? BUSY : said;
    if (typeof refusal === "string") {
      inARow = 0;
      asked += Number(refusal === "asked");
      return;
    }
    refused.set(photo.key, refusal);
    inARow += 1;
    if (isEverybodys(inARow, asked)) everybodys ??= refusal;
  });
  return { asked, refused };
}

function ofThisPhoto(error: unknown): HaulError {
  if (!(error instanceof HaulError) || error.endsRun) throw error;
  return error;
}

/** With the classes that the store lists them in. */
async function listed(paths: readonly string[], { target, signal }: ThawTargetPorts): Promise<Listed[]> {
  const wanted = new Set(paths);
  const found = new Map<string, Listed>();
  for await (const { objects } of target.list({}, signal)) {
    for (const object of objects) if (wanted.has(object.key)) found.set(object.key, object);
  }
  const unknown = { size: 0, etag: "", modified: "", storageClass: "" };
  return paths.map((key) => found.get(key) ?? { key, ...unknown });
}

function byClass(photos: readonly Listed[]): Stored[] {
  return [...Map.groupBy(photos, ({ storageClass }) => storageClass)].map(([storageClass, some]) => ({
    storageClass,
    objects: some.length,
    bytes: some.reduce((sum, { size }) => sum + size, 0),
  }));
}
