/** Redate everywhere: at the end of a run, photos that are kept get another date on every target. */

import type { Emit } from "../events.ts";
import type { TargetSet } from "../photo/target-set.ts";
import { lendZones } from "./lend-zones.ts";
import { redateTold, type TellingPorts } from "./redate-told.ts";

import { redateUnread, type UnreadPorts } from "./redate-unread.ts";
import { type OlderDatesPorts, tellOlderDates } from "./tell-older-dates.ts";

export type RedatingAll = TellingPorts & UnreadPorts & OlderDatesPorts;

/**
 * First what ExifTool could not be asked of before, then what `--dates` tells, then the zones that are lent. Told of once, however many targets a photo lies on.
 * @throws HaulError as `Target.redate`, where it is not of one target alone; doing it again is safe
 */
export async function redateEverywhere(targetSet: TargetSet, ports: RedatingAll): Promise<void> {
  const [first] = targetSet.destinations;
  const heard = new Set<string>();
  for (const place of targetSet.destinations) {
    const emit: Emit = (event) => {
      const before = event.type === "redated" ? heard.has(event.key) : place !== first;
      if (before) return;
      if (event.type === "redated") heard.add(event.key);
      ports.emit(event);
    };
    await targetSet.attempt(place, async () => {
      await redateUnread(place.target, { ...ports, emit });
      await redateTold(place.target, { ...ports, emit });
      await lendZones(place.target, { ...ports, emit });
      await tellOlderDates(place.target, ports);
    });
  }
}
