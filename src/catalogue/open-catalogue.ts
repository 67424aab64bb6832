/** The catalogue in one SQLite file on this computer (node:sqlite). */

import { mustBeFile } from "../local/files.ts";
import type { Lock } from "../local/lock.ts";
import { ArchiveTable } from "./archive-requests.ts";
import type { Catalogue, KeptPhotos, Renditions } from "./catalogue.ts";
import { Counted } from "./counted.ts";
import { type Database, fileTrouble } from "./database.ts";
import { connect, openHeld, openOrBegin, setAside } from "./database-file.ts";
import { KeptTable } from "./kept.ts";
import { ListingTable } from "./listing.ts";
import { CATALOGUE } from "./schema.ts";
import { SealedLinesTable } from "./sealed-lines.ts";
import { type Now, RunTable, SettingsTable } from "./settings-runs.ts";
import { PlanTable, wantedOnAny } from "./target-plan.ts";

/**
 * Keys of a first listing at most: that stays pages, as to count over more would take memory that grows with them; and
 * whose stems are all held, which takes 40 MB.
 */
const MOST = { fresh: 1_500_000, stems: 400_000 };

/**
 * Opens or makes a catalogue, mode 0600, and holds it for this process until `close`.
 * @param file absolute; its folder is made if missing
 * @param onAside told under which name a damaged file was set aside and a new one begun; absent: that is an error
 * @param most for tests
 * @throws HaulError `locked` when another run uses it, `catalogue` when it is damaged, `catalogue-full` and
 * `catalogue-unwritable`, `usage` where it is of a newer version, another program's, a pipe or a device
 */
export function openCatalogue(file: string, onAside?: (aside: string) => void, most: typeof MOST = MOST): Catalogue {
  try {
    for (const part of [file, `${file}.lock`]) mustBeFile(`the catalogue ${part}`, part, true);
    return openHeld(file, `the catalogue ${file}`, (lock) =>
      openOrBegin(file, () => new SqliteCatalogue(file, connect(file, CATALOGUE), lock, most), onAside),
    );
  } catch (error) {
    throw fileTrouble(error, file);
  }
}

class SqliteCatalogue implements Catalogue {
  readonly file: string;
  readonly settings: Catalogue["settings"];
  readonly runs: Catalogue["runs"];
  readonly listing: ListingTable;
  readonly archive: Catalogue["archive"];
  readonly #db: Database;
  readonly #lock: Lock;
  readonly #now: Now = { run: 0, since: 0, changes: 0 };
  readonly #counted: Counted;
  readonly #kept = new Map<string, KeptPhotos>();
  readonly #plans = new Map<string, PlanTable>();

  constructor(file: string, db: Database, lock: Lock, most: typeof MOST) {
    this.file = file;
    this.#db = db;
    this.#lock = lock;
    this.#counted = new Counted(db, this.#now);
    try {
      this.settings = new SettingsTable(db);
      this.runs = new RunTable(db, this.#now);
      this.archive = new ArchiveTable(db);
      this.listing = new ListingTable(db, this.#now, this.#counted, most);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  kept(target: string): KeptPhotos {
    const kept =
      this.#kept.get(target) ??
      new KeptTable(this.#db, target, { now: this.#now, counted: this.#counted, listing: this.listing });
    this.#kept.set(target, kept);
    return kept;
  }

  plan(target: string): PlanTable {
    const plan = this.#plans.get(target) ?? new PlanTable(this.#db, target, this.#now, this.#counted, this.listing);
    this.#plans.set(target, plan);
    return plan;
  }

  sealed(target: string): SealedLinesTable {
    return new SealedLinesTable(this.#db, target);
  }

  async wantedOnAny(targets: readonly string[], renditions: Renditions) {
    const plans = targets.map((target) => this.plan(target));
    const [only, ...more] = plans;
    if (only !== undefined && more.length === 0) {
      return { wanted: await only.wantedCount(renditions), settled: await only.keptCount(renditions) };
    }
    const name = `any ${renditions} ${JSON.stringify(targets)}`;
    const [wanted = 0, settled = 0] = this.#counted.numbers("kept", name, () => {
      const found = wantedOnAny(this.#db, this.#now.since, plans, renditions);
      return [found.wanted, found.settled];
    });
    return { wanted, settled };
  }

  condemn(): void {
    this.#db.damaged = true;
  }

  async close(): Promise<void> {
    this.#db.close();
    if (this.#db.damaged) setAside(this.file);
    this.#lock.release();
  }
}
