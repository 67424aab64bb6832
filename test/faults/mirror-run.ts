/** A mirror in this process, as the command wires it, with a patience of a fraction of a second. */

import { createBandwidth } from "../../src/bandwidth.ts";
import { openCatalogue } from "../../src/catalogue/sqlite.ts";
import { refusing } from "../../src/decide/plan.ts";
import { parseTemplate } from "../../src/decide/template.ts";
import { createDigester } from "../../src/digest/digester.ts";
import { HaulError } from "../../src/errors.ts";
import type { HaulEvent, PhotoEvent } from "../../src/events.ts";
import { allLayouts } from "../../src/layouts/all.ts";
import type { ExifToolReader } from "../../src/metadata/exiftool.ts";
import { mirror, survey } from "../../src/mirror.ts";
import { createPace } from "../../src/pace.ts";
import { openSource } from "../../src/sources/all.ts";
import { createDater } from "../../src/steps/date.ts";
import { Fleet } from "../../src/steps/fleet.ts";
import { BATCH } from "../../src/steps/keep.ts";
import { createMeter } from "../../src/steps/meter.ts";
import { createNamer } from "../../src/steps/name.ts";
import { openTarget } from "../../src/targets/all.ts";

export interface MirrorRun {
  readonly photos: readonly PhotoEvent[];
  readonly events: readonly HaulEvent[];
  /** What ended the run early. */
  readonly error: HaulError | null;
}

export interface MirrorPlace {
  readonly endpoint: string;
  /** The target. */
  readonly folder: string;
  readonly catalogue: string;
}

/** Nothing of these photos is for ExifTool. */
const exiftool: ExifToolReader = {
  read: () => Promise.resolve(null),
  faults: 0,
  missing: null,
  close: () => Promise.resolve(),
};
const { signal } = new AbortController();

/** @throws what is no HaulError, which is a bug */
export async function runMirror(at: MirrorPlace, stallMs: number): Promise<MirrorRun> {
  const events: HaulEvent[] = [];
  const emit = (event: HaulEvent): void => void events.push(event);
  const catalogue = openCatalogue(at.catalogue);
  const pace = createPace({ concurrency: "auto", listConcurrency: "auto" });
  const source = await openSource("s3://photos", {
    endpoint: at.endpoint,
    noSignRequest: true,
    stallMs,
    onRetry: (error) => pace.failed(error),
  });
  const target = await openTarget(at.folder, { durable: "none" });
  const places = [{ target, namer: createNamer(catalogue, target) }];
  const template = parseTemplate("{key}");
  const digester = createDigester(0);
  let error: HaulError | null = null;
  try {
    await catalogue.startRun("mirror");
    const ports = { source, catalogue, pace, places, emit, signal };
    const { plan } = await survey(ports, {
      layout: "auto",
      known: allLayouts(),
      renditions: "fallback",
      refusal: refusing({ include: [], exclude: [], since: null }),
      template,
      limit: null,
    });
    const now = Date.now;
    const fleet = new Fleet(places, {
      catalogue,
      emit,
      signal,
      limits: BATCH,
      now,
      several: false,
    });
    const bring = {
      dater: createDater({ zone: "UTC", emit, exiftool }),
      sidecars: () => Promise.resolve([]),
      meter: createMeter(emit, now),
      bandwidth: createBandwidth(null, now),
      digester,
      onProof: () => undefined,
      told: new Map<string, string>(),
      zone: "UTC",
    };
    const limits = { limit: null, bytes: null, until: null, now };
    await mirror(plan, { ...ports, ...bring, fleet, template }, limits);
  } catch (thrown) {
    if (!(thrown instanceof HaulError)) throw thrown;
    error = thrown;
  } finally {
    await digester.close();
    await target.close();
    await source.close();
    await catalogue.close();
  }
  return { events, error, photos: events.filter((event) => event.type === "photo") };
}
