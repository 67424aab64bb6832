/** Thaw of a target: what of it lies in an archive is asked for, as a mirror does with its source (thaw.ts), and told with its reason. */

import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { inParallel } from "../in-parallel.ts";
import { HOUR } from "../measures.ts";
import type { Listed } from "../model.ts";
import { forecastTier, forecastTiers } from "../report/archive-forecast.ts";
import type { Stored } from "../report/prices.ts";
import { retrying } from "../retry.ts";
import type { Target } from "../targets/target.ts";
import { heldReason } from "./archive-reasons.ts";
import type { ThawOptions } from "./ask-archive.ts";

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
 * Asks for photos that turned out to be archived, each once: one that is on its way says so.
 * @returns why each does not come now, by its path; nothing of a photo that could not be asked for
 * @throws HaulError `usage` where nobody agreed to what it would cost, `forbidden` where these credentials may not ask
 */
export async function askTarget(
  paths: readonly string[],
  ports: ThawTargetPorts,
): Promise<ReadonlyMap<string, string>> {
  const { target, thawing, emit, signal, now } = ports;
  const { archive } = target;
  const { thaw, prices } = thawing;
  const reasons = new Map<string, string>();
  if (archive === undefined || thaw === null || paths.length === 0) return reasons;
  const waiting = (hours: number | null, asked: boolean) => {
    const readyBy = hours === null ? null : new Date(now() + hours * HOUR).toISOString();
    const askedAt = asked ? new Date(now()).toISOString() : null;
    return heldReason({ askedAt, tier: asked ? thaw.tier : "", readyBy, state: "ongoing", until: "" }, now(), thaw);
  };
  const cold: Listed[] = [];
  await inParallel(await listed(paths, ports), AT_ONCE, async (photo) => {
    const returning = await retrying(() => archive.look(photo, signal), { signal });
    if (returning?.ongoing === true) reasons.set(photo.key, waiting(null, false));
    else cold.push(photo);
  });
  const stored = byClass(cold);
  const bytes = cold.reduce((sum, { size }) => sum + size, 0);
  const event = { type: "archive", photos: cold.length, bytes, waiting: reasons.size, ready: 0, asked: 0 } as const;
  emit({ ...event, forecast: forecastTiers(stored, thaw.days, prices) });
  if (cold.length === 0) return reasons;
  const forecast = forecastTier(stored, thaw.tier, thaw.days, prices);
  if (!(await thawing.agree(event, forecast))) return reasons;
  let asked = 0;
  await inParallel(cold, AT_ONCE, async (photo) => {
    const said = await retrying(() => archive.ask(photo, thaw, signal), { signal });
    if (said === "asked") asked += 1;
    if (said === "busy") throw new HaulError("server", "the archive has no room for expedited requests now");
    reasons.set(photo.key, waiting(forecast.hoursTo, true));
  });
  emit({ ...event, photos: 0, bytes: 0, waiting: reasons.size, asked, forecast: [] });
  return reasons;
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
