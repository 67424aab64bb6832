/**
 * A mirror in this process, framed as the command frames it: the same events, sums and exit code. Only its patience
 * is a fraction of a second, and it looks for no targets elsewhere.
 */

import { Writable } from "node:stream";
import { createBandwidth } from "../../../src/bandwidth.ts";
import { openCatalogue } from "../../../src/catalogue/open-catalogue.ts";
import type { Emit, MirrorSummary, PhotoEvent, RunEvent } from "../../../src/events.ts";
import { refusing } from "../../../src/keys/key-filter.ts";
import { allLayouts } from "../../../src/layouts/all.ts";
import { createLimiter } from "../../../src/limiter.ts";
import type { ExifToolReader } from "../../../src/metadata/exiftool.ts";
import { mirror, survey } from "../../../src/mirror.ts";
import { parseTemplate } from "../../../src/naming/template.ts";
import { BATCH } from "../../../src/photo/commit.ts";
import { createDater } from "../../../src/photo/date.ts";
import { createDigester } from "../../../src/photo/digester.ts";
import { Hands } from "../../../src/photo/hands.ts";
import { createNamer } from "../../../src/photo/namer.ts";
import { createMeter } from "../../../src/photo/progress.ts";
import { TargetSet } from "../../../src/photo/target-set.ts";
import { createPictureComparer } from "../../../src/pictures/picture-comparer.ts";
import { execute } from "../../../src/run/frame.ts";
import { emptyState, framedBy, type RunState } from "../../../src/run/state.ts";
import { openSource } from "../../../src/stores/all.ts";
import { WIRE } from "../../../src/stores/http/wire.ts";
import { openTarget } from "../../../src/targets/all.ts";
import type { Target } from "../../../src/targets/target.ts";

export interface MirrorRun {
  readonly exit: number;
  readonly photos: readonly PhotoEvent[];
  readonly events: readonly RunEvent[];
  readonly summary: MirrorSummary;
}

export interface MirrorPlace {
  readonly endpoint: string;
  /** The target. */
  readonly folder: string;
  readonly catalogue: string;
}

export interface MirrorSettings {
  /** "auto" when absent. */
  readonly concurrency?: number | "auto";
  /**
   * How long nothing may come before a connection counts as broken, in milliseconds; when absent as in earnest, so that a
   * computer which stops for seconds adds no request to those that are counted.
   */
  readonly stallMs?: number;
  /** True for digests from the first byte in the thread that large runs use. */
  readonly thread?: boolean;
  /** Threads that take photos from the first one on; 1 where absent. */
  readonly hands?: number;
  /** Puts something between the run and its target. */
  readonly around?: (target: Target) => Target;
}

/** Nothing of these photos is for ExifTool. */
const exiftool: ExifToolReader = {
  read: () => Promise.resolve(null),
  faults: 0,
  missing: null,
  canRun: () => Promise.resolve(true),
  close: () => Promise.resolve(),
};
const { signal } = new AbortController();
const template = parseTemplate("{key}");

/** @throws Error for a run that ends without its summary */
export async function runMirror(at: MirrorPlace, settings: MirrorSettings = {}): Promise<MirrorRun> {
  const printed: string[] = [];
  const start = {
    command: "mirror",
    source: "s3://photos",
    targets: [at.folder],
    dryRun: false,
    catalogue: at.catalogue,
  } as const;
  const state = emptyState(start);
  const output = {
    json: true,
    quiet: false,
    verbose: false,
    noProgress: true,
    log: null,
    notify: { ping: null, notifyCommand: null, metrics: null },
  };
  const framed = framedBy(
    state,
    ({ emit }) => bringAll(at, settings, state, emit),
    () => Promise.resolve(),
  );
  const exit = await execute(
    { start, output, ...framed },
    { stdout: sink(printed), stderr: sink([]), env: {}, platform: process.platform, signal },
  );
  const events = printed.join("").split("\n").filter(Boolean).map(eventOf);
  const summary = events.at(-1);
  if (summary?.type !== "summary" || !("kinds" in summary)) throw new Error("a run without its summary");
  return { exit, events, summary, photos: events.filter((event) => event.type === "photo") };
}

async function bringAll(
  at: MirrorPlace,
  {
    concurrency = "auto",
    stallMs = WIRE.stallMs,
    thread = false,
    hands: threads = 1,
    around = (to) => to,
  }: MirrorSettings,
  state: RunState,
  emit: Emit,
): Promise<void> {
  const catalogue = openCatalogue(at.catalogue);
  state.catalogue = catalogue;
  state.opened.defer(() => catalogue.close());
  await catalogue.runs.start("mirror");
  const limiter = createLimiter({ concurrency, listConcurrency: "auto", emit });
  const source = await openSource("s3://photos", {
    endpoint: at.endpoint,
    noSignRequest: true,
    stallMs,
    onRetry: (error) => limiter.failed(error),
  });
  state.requests = source.requests;
  const target = around(await openTarget(at.folder, { durable: "none" }));
  state.targets = [target];
  const places = [{ target, namer: createNamer(catalogue, target) }];
  const digester = createDigester(thread ? 0 : Number.POSITIVE_INFINITY);
  for (const one of [source, target, digester]) state.opened.defer(() => one.close());
  const comparer = createPictureComparer();
  state.opened.defer(async () => comparer.close());
  const ports = { source, catalogue, limiter, places, comparer, emit, signal };
  const { plan } = await survey(ports, {
    layout: "auto",
    known: allLayouts(),
    renditions: "fallback",
    proofBytes: null,
    refusal: refusing({ include: [], exclude: [], since: null }),
    template,
    limit: null,
  });
  const now = Date.now;
  const rest = { catalogue, emit, signal, limits: BATCH, now, several: false };
  const targetSet = new TargetSet(places, rest);
  const dater = createDater({ zone: "UTC", emit, exiftool });
  const hands = new Hands(places, { rules: dater.rules, stallMs, threads });
  state.opened.defer(() => hands.close());
  const bring = {
    dater,
    hands,
    sidecars: { any: async () => false, of: () => Promise.resolve([]), company: () => Promise.resolve([]) },
    meter: createMeter(emit, now),
    bandwidth: createBandwidth(null, now),
    digester,
    onProof: () => undefined,
    overrides: new Map<string, string>(),
    zone: "UTC",
  };
  const limits = { limit: null, bytes: null, until: null, now };
  await mirror(plan, { ...ports, ...bring, targetSet, template }, limits);
}

function eventOf(line: string): RunEvent {
  const event: RunEvent = JSON.parse(line);
  return event;
}

function sink(chunks: string[]): NodeJS.WriteStream {
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  // A pipe has nothing that a terminal has beyond this, and nothing else is asked of one.
  return stream as NodeJS.WriteStream;
}
