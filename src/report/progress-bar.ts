/**
 * How far a run has got: a bar on a terminal, a plain line a minute elsewhere. The bar is one line, changes no
 * setting of the terminal (so that nothing is left behind even by kill -9), and lets other lines pass above it.
 */

import { createRequire } from "node:module";
import type cliProgress from "cli-progress";
import type { ListingEvent, ProgressEvent, ProofEvent, RunEvent } from "../events.ts";
import { MINUTE } from "../measures.ts";
import { bytes, count, counted, duration, share } from "./units.ts";

export interface Progress {
  readonly emit: (event: RunEvent) => void;
  /** Writes a line above the bar. */
  readonly above: (line: string) => void;
  /** Takes the bar away, after everything that was to stand above it. Safe to call twice. */
  readonly close: () => void;
}

/** Clears what the bar left to the right of a line that is written over it. */
const REST_OF_LINE = "\x1b[K";
/** After these the line before says nothing any more. */
const ENDS: ReadonlySet<string> = new Set(["listed", "layout", "summary"]);
const PHOTOS_BAR = " {bar} {text}";
const LISTING_BAR = " {text}";

/** A bar on the terminal that `stream` is. `close` must be called: until then a timer keeps the process alive. */
export function barProgress(stream: NodeJS.WriteStream): Progress {
  let bars: cliProgress.MultiBar | null = null;
  let shown: { readonly format: string; readonly bar: cliProgress.SingleBar } | null = null;

  const close = () => {
    bars?.update();
    bars?.stop();
    bars = null;
    shown = null;
  };
  const draw = (format: string, total: number, value: number, text: string) => {
    if (shown?.format !== format) {
      close();
      // Loaded where there is a terminal, and something to draw.
      const { MultiBar }: typeof cliProgress = createRequire(import.meta.url)("cli-progress");
      bars = new MultiBar(barOptions(stream, format));
      shown = { format, bar: bars.create(total, value, { text }) };
    }
    shown.bar.setTotal(total);
    shown.bar.update(value, { text });
  };
  return {
    emit: (event) => {
      if (event.type === "listing") draw(LISTING_BAR, 0, 0, listingText(event));
      else if (event.type === "proof") draw(LISTING_BAR, 0, 0, proofText(event));
      else if (event.type === "progress" && event.totalPhotos === 0) {
        draw(LISTING_BAR, 0, 0, progressText(event));
      } else if (event.type === "progress") {
        const whole = event.totalBytes > 0;
        const total = whole ? event.totalBytes : event.totalPhotos;
        draw(PHOTOS_BAR, total, whole ? event.bytes : event.photos, barText(event));
      } else if (ENDS.has(event.type)) close();
    },
    above: (line) => {
      if (bars) bars.log(`${line}${REST_OF_LINE}\n`);
      else stream.write(`${line}\n`);
    },
    close,
  };
}

function barOptions(stream: NodeJS.WriteStream, format: string): cliProgress.Options {
  return {
    stream,
    format,
    barsize: 12,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    clearOnComplete: true,
    // The library trims to the width itself; telling the terminal not to wrap would outlive a kill.
    linewrap: true,
    // Who listens to Ctrl-C is decided in one place, and not here.
    gracefulExit: false,
    // A line written above the bar takes the bar's place, so it is drawn again even when it says the same.
    forceRedraw: true,
  };
}

/** A plain line when a minute has gone by since the last. `now` gives milliseconds. */
export function lineProgress(write: (line: string) => void, now: () => number): Progress {
  let last = now();
  return {
    emit: (event) => {
      const text = textOf(event);
      if (text === null || now() - last < MINUTE) return;
      last = now();
      write(text);
    },
    above: write,
    close: () => {},
  };
}

function textOf(event: RunEvent): string | null {
  switch (event.type) {
    case "listing":
      return listingText(event);
    case "proof":
      return proofText(event);
    case "progress":
      return progressText(event);
    default:
      return null;
  }
}

function proofText({ photos, totalPhotos, bytes: fetched }: ProofEvent): string {
  return `Comparing pictures, to tell originals from copies: ${count(photos)} of ${count(totalPhotos)}, ${bytes(fetched)}`;
}

function listingText(event: ListingEvent): string {
  return `Listing: ${counted(event.keys, "key")}, ${bytes(event.bytes)} so far`;
}

/** What matters most comes first: a narrow terminal cuts the end off. */
function barText(event: ProgressEvent): string {
  const parts = [
    share(event.bytes, event.totalBytes),
    ...(event.secondsLeft === null ? [] : [`${duration(event.secondsLeft)} left`]),
    `${count(event.photos)}/${count(event.totalPhotos)} photos`,
    `${bytes(event.bytes)}/${bytes(event.totalBytes)}`,
    ...(event.bytesPerSecond > 0 ? [`${bytes(event.bytesPerSecond)}/s`] : []),
  ];
  return parts.join(" · ");
}

function progressText(event: ProgressEvent): string {
  // Where nobody counted before, as in a folder that is dated while it is walked.
  if (event.totalPhotos === 0) return `${counted(event.photos, "photo")} so far`;
  const parts = [
    share(event.bytes, event.totalBytes),
    `${count(event.photos)} of ${counted(event.totalPhotos, "photo")}`,
    `${bytes(event.bytes)} of ${bytes(event.totalBytes)}`,
  ];
  if (event.bytesPerSecond > 0) parts.push(`${bytes(event.bytesPerSecond)}/s`);
  if (event.secondsLeft !== null) parts.push(`${duration(event.secondsLeft)} left`);
  return parts.join(" · ");
}
