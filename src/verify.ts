/**
 * The story of `verify`: read again what was kept, say what is not as it was, and put it back where good bytes
 * are at hand. It reads and renames; it never overwrites and never deletes.
 *
 *   read the manifest ─► choose ─► per photo: read, and once more before calling it damaged ─► remember ─► repair
 */

import type { CheckLog, Due } from "./catalogue/check-log.ts";
import type { Emit } from "./events.ts";
import type { Limiter } from "./limiter.ts";
import type { Condition } from "./model.ts";
import { folded } from "./naming/name.ts";
import type { Meter } from "./photo/progress.ts";
import { isVouchedFor } from "./photo/vouched.ts";
import { bringHeld, type TargetThawing } from "./steps/thaw-target.ts";
import {
  type Checked,
  checkPhoto,
  countChecked,
  expectedOf,
  hasLostItsLists,
  type ReportDraft,
  type SliceChoice,
  sliceOf,
  WHOLE,
} from "./steps/verify-photo.ts";
import { countExtras, holdSums, readManifest } from "./targets/read-lists.ts";
import type { Target } from "./targets/target.ts";

export interface VerifyPorts {
  /** Opened for reading. */
  readonly target: Target;
  readonly log: CheckLog;
  readonly limiter: Pick<Limiter, "each">;
  readonly meter: Meter;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** @throws HaulError `wrong-drive` or `no-target` when the drive is gone, so that its photos are not called missing */
  readonly mustBeThere: () => Promise<void>;
  readonly now: () => number;
  /** True to read also what the service itself vouches for. */
  readonly readAll: boolean;
  /** Brings back what an archive has. */
  readonly thawing: Pick<TargetThawing, "ask" | "next" | "fateOf">;
}

/** Results are remembered in batches: a kill costs no more than this to be read again. */
const BATCH = 256;

/**
 * Reads what the choice takes. `report` is filled in as it goes on, so that it is true however the run ends.
 * @param choose told the bytes of everything, once they are known
 * @returns how many photos wait for an archive that was asked for them
 * @throws HaulError that ended the run; what was found until then is remembered
 */
export async function verify(
  ports: VerifyPorts,
  choose: (bytes: number) => SliceChoice,
  report: ReportDraft,
): Promise<number> {
  const { target, log, limiter, meter, signal } = ports;
  Object.assign(report, await readManifest(target, log, signal), log.totals());
  Object.assign(report, await holdSums(target, log, signal));
  const choice = choose(report.bytes);
  report.extra = await countExtras(target, log, signal);
  if (hasLostItsLists(report)) {
    const message = `the lists of ${target.name} name no photo, though ${report.extra} files lie there: none of them was read. The next mirror makes the lists again from the files`;
    ports.emit({ type: "warning", code: "lists", message });
  }
  meter.start(...expectedOf(report, choice));
  let found: { path: string; condition: Condition }[] = [];
  let waiting = 0;
  const held = new Map<string, Held>();
  const remember = () => {
    log.record(found, new Date(ports.now()).toISOString());
    found = [];
  };
  const settle = (seen: Held) => {
    tell(seen, ports, report);
    found.push({ path: seen.photo.path, condition: seen.checked.condition });
    if (found.length >= BATCH) remember();
  };
  const take = async (photo: Due) => {
    const seen = await check(photo, ports);
    if (seen.checked.condition === "archived") held.set(photo.path, seen);
    else settle(seen);
  };
  try {
    await limiter.each(sliceOf(log.due(), choice), take, signal);
    await bringHeld(held, ports.thawing, (back) => limiter.each(back, ({ photo }) => take(photo), signal));
  } finally {
    for (const [path, seen] of held) {
      const fate = ports.thawing.fateOf(path);
      waiting += Number(fate?.failed === false);
      settle({ ...seen, checked: { ...seen.checked, reason: fate?.reason ?? seen.checked.reason } });
    }
    remember();
    report.oldestCheck = log.oldestCheck();
  }
  return waiting;
}

/** A photo and what became of it. */
interface Held {
  readonly photo: Due;
  readonly checked: Checked;
  readonly vouched: boolean;
}

async function check(photo: Due, ports: VerifyPorts): Promise<Held> {
  const { target, log, meter, signal } = ports;
  const { path, size: bytes, sha256 } = photo;
  const asked = !ports.readAll || target.renews === true;
  const vouched = asked && (await isVouchedFor(photo, target, signal)) && !ports.readAll;
  if (vouched) meter.moved(bytes);
  const others = () => log.otherSums(folded(path, target.traits), path, sha256);
  const checked = vouched ? WHOLE : await checkPhoto(photo, target, signal, (read) => meter.moved(read), others);
  if (checked.condition === "missing" || checked.condition === "unreadable") await ports.mustBeThere();
  return { photo, checked, vouched };
}

function tell({ photo, checked, vouched }: Held, { target, meter, emit }: VerifyPorts, report: ReportDraft): void {
  const { condition, reason, unsteady } = checked;
  const { path, size: bytes } = photo;
  countChecked(report, photo, checked, vouched);
  meter.done();
  emit({
    type: "check",
    target: target.name,
    path,
    condition,
    ...(reason === null ? {} : { reason }),
    ...(unsteady ? { unsteady } : {}),
    ...(vouched ? { vouched } : {}),
    bytes,
  });
}
