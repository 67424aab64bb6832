/** A run such as design section 3 shows, event by event, for the tests of every report. */

import type { PhotoEvent, RunEvent, StartEvent } from "../../src/events.ts";
import type { Captured, DateSource } from "../../src/model.ts";
import { count, type Extras, finish, startSummary } from "../../src/report/summary.ts";
import { NO_TROUBLES, notice } from "../../src/report/troubles.ts";

export const run: StartEvent = {
  type: "run",
  command: "mirror",
  version: "0.1.0",
  source: "s3://photos",
  targets: ["/media/usb"],
  dryRun: false,
  catalogue: "/var/lib/photos.db",
  startedAt: "2026-10-05T08:00:00.000Z",
};

export function captured(source: DateSource): Captured {
  return {
    local: "2012-06-28T14:03:22",
    offset: "+02:00",
    utc: "2012-06-28T12:03:22.000Z",
    source,
    precision: "s",
    tag: "DateTimeOriginal",
  };
}

export function photo(key: string, with_: Partial<PhotoEvent> = {}): PhotoEvent {
  return { type: "photo", key, path: key, outcome: "stored", bytes: 1_000_000, ...with_ };
}

export const events: readonly RunEvent[] = [
  run,
  { type: "listing", keys: 1000, bytes: 20_000_000, pages: 1 },
  { type: "listed", keys: 1500, bytes: 2_140_000_000, complete: true, seconds: 14.2 },
  {
    type: "layout",
    name: "auto",
    reason: "two families of smaller copies were found",
    families: [
      { name: "original", kind: "original", rule: "original/…", keys: 500, bytes: 1_480_000_000 },
      { name: "large", kind: "rendition", rule: "large/…", keys: 1000, bytes: 660_000_000 },
    ],
  },
  {
    type: "plan",
    photos: 6,
    bytes: 6_000_000,
    freeBytes: 73_000_000_000,
    already: 493,
    skipped: 1,
  },
  photo("a.jpg", { captured: captured("exif") }),
  photo("b.jpg", { captured: captured("name") }),
  photo("c.jpg", { captured: captured("key") }),
  photo("d.jpg", { captured: captured("modified") }),
  photo("e.jpg"),
  {
    type: "warning",
    code: "out-of-order",
    message: "another key has the same name but for its case",
    key: "f.jpg",
  },
  photo("f\x1b[2J.jpg", { path: null, outcome: "failed", reason: "3 bytes\nmissing", bytes: 0 }),
];

export const extras: Extras = {
  kinds: { original: 500, rendition: 1000, sidecar: 0, other: 0 },
  gone: 4,
  changed: 1,
  requests: { list: 2, get: 7, head: 0, retried: 1 },
  seconds: 10,
  exit: 3,
  fallbacks: 0,
  leftOver: 0,
  unprovable: 2,
};

export const summary = finish(events.reduce(count, startSummary(run)), extras);
export const troubles = events.reduce(notice, NO_TROUBLES);
