/**
 * Tell older dates: photos on a target that an earlier edition of the rules dated are told of, once for each edition,
 * with the command that dates them again. Nothing is changed here: their bytes would have to be read.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { DATE_RULES, isOfOlderRules, isSurelyOtherwise } from "../dates/kept-date.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { fileKindOf } from "../keys/file-kinds.ts";
import { counted } from "../report/units.ts";
import type { Target } from "../targets/target.ts";

/** The setting that says which edition was told of; after it stands the target's id. */
const RULES_SETTING = "date-rules ";

export interface OlderDatesPorts {
  readonly catalogue: Pick<Catalogue, "setting" | "remember" | "kept">;
  /** IANA zone of photos that carry none. */
  readonly zone: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** @throws HaulError `interrupted`; doing it again is safe */
export async function tellOlderDates(
  { id, name }: Pick<Target, "id" | "name">,
  { catalogue, zone, emit, signal }: OlderDatesPorts,
): Promise<void> {
  const setting = RULES_SETTING + id;
  if ((await catalogue.setting(setting)) === String(DATE_RULES)) return;
  let [older, otherwise] = [0, 0];
  for await (const entries of catalogue.kept(id)) {
    if (signal.aborted) throw new HaulError("interrupted", "interrupted at the end");
    for (const entry of entries) {
      if (fileKindOf(entry.key) === "sidecar") continue;
      if (isOfOlderRules(entry.captured)) older += 1;
      if (isSurelyOtherwise(entry, zone)) otherwise += 1;
    }
  }
  if (older > 0) {
    const message =
      `${counted(older, "photo")} on ${name} ${older === 1 ? "was" : "were"} dated by the rules of an earlier version. ` +
      `By their names alone ${otherwise} would be dated otherwise now, and of the others some may be once they are read. ` +
      howTo(name);
    emit({ type: "warning", code: "date-rules", message });
  }
  await catalogue.remember(setting, String(DATE_RULES));
}

function howTo(name: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(name)
    ? "On a store they keep the dates that they have"
    : `photohaul dates ${name} reads them and sets what differs; no photo is renamed, and the manifest has both dates`;
}
