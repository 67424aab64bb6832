/** Meter: how far the run is, told at most twice a second. */
import type { ProgressEvent } from "../events.ts";

export interface Meter {
  /** What is to come; the clock of the rate starts here. */
  start(photos: number, bytes: number): void;
  /** Bytes that came over the line. */
  moved(bytes: number): void;
  /** A photo has its outcome. */
  done(): void;
}

const EVERY_MS = 500;
/** The rate is that of the last seconds, so that it says what is, not what was. */
const WINDOW_MS = 15_000;

export function createMeter(emit: (event: ProgressEvent) => void, now: () => number): Meter {
  const total = { photos: 0, bytes: 0 };
  const sofar = { photos: 0, bytes: 0 };
  let told = 0;
  let marks: { at: number; bytes: number }[] = [];

  const tell = (last: boolean) => {
    const at = now();
    if (!last && at - told < EVERY_MS) return;
    told = at;
    marks.push({ at, bytes: sofar.bytes });
    marks = marks.filter((mark) => at - mark.at <= WINDOW_MS);
    const first = marks[0] ?? { at, bytes: sofar.bytes };
    const seconds = (at - first.at) / 1000;
    const rate = seconds > 0 ? (sofar.bytes - first.bytes) / seconds : 0;
    emit({
      type: "progress",
      photos: sofar.photos,
      totalPhotos: total.photos,
      bytes: sofar.bytes,
      totalBytes: total.bytes,
      bytesPerSecond: Math.round(rate),
      secondsLeft: rate > 0 ? Math.ceil(Math.max(0, total.bytes - sofar.bytes) / rate) : null,
    });
  };
  return {
    start(photos, bytes) {
      Object.assign(total, { photos, bytes });
      marks = [{ at: now(), bytes: 0 }];
    },
    moved(bytes) {
      sofar.bytes += bytes;
      tell(false);
    },
    done() {
      sofar.photos += 1;
      tell(sofar.photos === total.photos);
    },
  };
}
