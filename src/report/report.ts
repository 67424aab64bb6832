/** Everything that a report file can tell of one run; each format shows what it can. */

import type { StartEvent } from "../events.ts";
import type { MirrorSummary } from "../summaries.ts";
import type { ContactPair, Estimate, Inventory, Troubles } from "./findings.ts";

export interface Report {
  readonly run: StartEvent;
  readonly summary: MirrorSummary;
  readonly troubles: Troubles;
  /** Null where the run did not get as far as to know it. */
  readonly inventory: Inventory | null;
  readonly estimate: Estimate | null;
  /** For the contact sheet of the HTML report; may be empty. */
  readonly pairs: readonly ContactPair[];
}
