import { openWaitingDates } from "./catalogue/zone-lending.ts";
import { TimeWriter } from "./photo/apply-times.ts";
import { createUndoRecord } from "./photo/undo-record.ts";
import { believed, dateQuickly, type RedateOptions, type RedatePorts } from "./steps/date-files.ts";

/**
 * @returns the record of what was changed, for people; null where nothing was
 * @throws HaulError `no-target`, `read-only`, `full`, `interrupted`
 */
export async function redateFolder(folder: string, ports: RedatePorts, options: RedateOptions): Promise<string | null> {
  const record = createUndoRecord(folder, options.startedAt);
  const waiting = openWaitingDates();
  const changes = new TimeWriter({ folder, record, waiting, ...ports }, options);
  try {
    // The walk dates what it can on its way, and hands out only what ExifTool has to read.
    const forExifTool = dateQuickly(folder, changes, ports);
    await ports.limiter.each(
      forExifTool,
      async ({ photo, start, datable, again }, signal) => {
        changes.judge(photo, start, believed(again, await ports.dater.date(datable, signal)));
      },
      ports.signal,
    );
    await changes.lendZones();
  } finally {
    // Decided is decided, whatever ended the walk.
    try {
      changes.flush();
    } finally {
      if (changes.changed > 0) record.close();
      else record.forget();
      waiting.close();
    }
  }
  return record.path;
}
