import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lineProgress } from "../../src/report/progress-bar.ts";
import { openConsole } from "../../src/run/output.ts";
import { events, photo, run, summary } from "../report/example-run.ts";

/** A stream whose reader has gone away. */
function broken(): NodeJS.WriteStream {
  const writable = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("EPIPE"), { code: "EPIPE" })),
  });
  return Object.assign(writable, { isTTY: false }) as unknown as NodeJS.WriteStream;
}

/** A stream that remembers, and is a terminal if asked to. */
function sink(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const parts: string[] = [];
  const writable = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      parts.push(String(chunk));
      done();
    },
  });
  const stream = Object.assign(writable, { isTTY, columns: 100 }) as unknown as NodeJS.WriteStream;
  return { stream, text: () => parts.join("") };
}

function say(options: Partial<Parameters<typeof openConsole>[0]>, tty = false) {
  const out = sink(tty);
  const err = sink(tty);
  const spoken = openConsole({
    json: false,
    verbosity: "normal",
    progress: true,
    stdout: out.stream,
    stderr: err.stream,
    ...options,
  });
  for (const event of [...events, summary]) spoken.emit(event);
  spoken.close();
  spoken.close();
  return { out: out.text(), err: err.text() };
}

/** Whatever the terminal is like that the tests are run from. */
beforeEach(() => {
  vi.stubEnv("NO_COLOR", undefined);
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

test("--json prints every event as a line and nothing else", () => {
  const { out, err } = say({ json: true }, true);
  expect(err).toBe("");
  expect(out).not.toContain("\x1b");
  const lines = out.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([...events, summary]);
});

test("text tells each step, the failure, and the page at the end", () => {
  const { out, err } = say({});
  expect(out).toContain("mirror s3://photos → /media/usb");
  expect(out).toContain("Listed 1,500 keys, 2.1 GB, in 14 s.");
  expect(out).toContain("Layout auto: two families of smaller copies were found");
  expect(out).toContain("To fetch: 6 photos, 6.0 MB; 493 kept already; 1 skipped; 73 GB free on the target.");
  expect(out).toContain("another key has the same name but for its case (f.jpg)");
  expect(err).toBe("failed  f\\x1b[2J.jpg: 3 bytes\\nmissing\n");
  const page = out.slice(out.lastIndexOf("mirror s3://photos"));
  expect(page).toMatchInlineSnapshot(`
    "mirror s3://photos → /media/usb
      listed     1,500 keys, 2.1 GB
      kinds      500 originals, 1,000 renditions
      stored     5 photos, 5.0 MB
      already    493 photos kept before
      skipped    1 photo
      failed     1 photo
      dated      2 by their names, 1 by EXIF, 2 unknown
      undated    2 photos with no date in them, beside them or in their names: the time of upload stands in (--report FILE.csv has all, \`photohaul explain\` what was tried)
      unproven   2 photos of the right length, whose bytes the store gives no way to prove
      changed    1 photo changed at the source; the older bytes are kept beside the new ones
      gone       4 photos no longer at the source; kept here all the same
      took       10 s, 500 kB/s, 9 requests (1 of them repeated)

    Failed:
      f\\x1b[2J.jpg: 3 bytes\\nmissing

    Run the same line again: it fetches only what is missing. What fails every time needs a look at the source.
    "
  `);
});

test.each([true, false])("goes on when nobody reads any more (--json %s)", async (json) => {
  say({ json, stdout: broken(), stderr: broken() });
  await new Promise((resolve) => setImmediate(resolve));
});

test("a page that is no event is for people only", () => {
  for (const [json, verbosity, shown] of [
    [false, "normal", "the page\n"],
    [false, "quiet", ""],
    [true, "normal", ""],
  ] as const) {
    const out = sink(false);
    const err = sink(false);
    const streams = { stdout: out.stream, stderr: err.stream };
    const spoken = openConsole({ json, verbosity, progress: false, ...streams });
    spoken.page([{ id: "page", title: "the page" }]);
    spoken.trouble("what went wrong");
    expect(out.text()).toBe(shown);
    expect(err.text()).toBe("what went wrong\n");
  }
});

test("--quiet tells one page where photos failed, and nothing where none did", () => {
  const { out, err } = say({ verbosity: "quiet" }, true);
  expect(out).toBe("");
  expect(err.split("\n")[0]).toContain("mirror s3://photos → /media/usb");
  expect(err).toContain("f\\x1b[2J.jpg: 3 bytes\\nmissing");
  expect(err).toContain("Run the same line again");
  const quiet = sink(false);
  const well = openConsole({
    json: false,
    verbosity: "quiet",
    progress: true,
    stdout: quiet.stream,
    stderr: quiet.stream,
  });
  for (const event of events) if (event.type !== "photo" || event.outcome !== "failed") well.emit(event);
  well.emit({ ...summary, exit: 0, outcomes: { ...summary.outcomes, failed: 0 } });
  expect(quiet.text()).toBe("");
});

test("--verbose tells each photo with its path and date", () => {
  const { out } = say({ verbosity: "verbose" });
  expect(out).toContain("stored  a.jpg  2012-06-28 14:03:22 +02:00 (DateTimeOriginal)");
  expect(out).toContain("stored  e.jpg  no date");
});

test("what an inventory's own page says is not said twice", () => {
  const out = sink(false);
  const streams = { stdout: out.stream, stderr: sink(false).stream };
  const options = { json: false, verbosity: "normal", progress: false } as const;
  const spoken = openConsole({ ...options, ...streams });
  for (const event of events) {
    spoken.emit(event.type === "run" ? { ...event, command: "inventory", dryRun: true } : event);
  }
  spoken.emit({ ...summary, command: "inventory", dryRun: true, targets: [], exit: 0 });
  expect(out.text()).not.toMatch(/Layout|To fetch/);
  expect(out.text()).toContain("photohaul mirror s3://photos FOLDER");
});

test("a request that is made again is told only to those who ask for all", () => {
  for (const verbosity of ["normal", "verbose"] as const) {
    const out = sink(false);
    const streams = { stdout: out.stream, stderr: sink(false).stream };
    const spoken = openConsole({ json: false, verbosity, progress: false, ...streams });
    spoken.emit({ type: "warning", code: "retry", message: "asked again" });
    expect(out.text()).toBe(verbosity === "normal" ? "" : "note    asked again\n");
  }
});

describe("colours", () => {
  test("are for terminals only", () => {
    expect(say({ progress: false }).out).not.toContain("\x1b");
    expect(say({ progress: false }, true).out).toContain("\x1b[1m");
  });

  test("are for that one of the two that is a terminal", () => {
    const file = sink(false);
    const terminal = sink(true);
    const { out } = say({ stderr: file.stream }, true);
    expect(out).toContain("\x1b[1m");
    expect(file.text()).not.toContain("\x1b[3");
    expect(say({ progress: false, stderr: terminal.stream }).out).not.toContain("\x1b");
    expect(terminal.text()).toContain("\x1b[31mfailed");
  });

  test.each([
    [true, false],
    [false, true],
    [false, false],
  ])("of any verb are for terminals, each stream by itself: out %s, err %s", (out, err) => {
    const [stdout, stderr] = [sink(out), sink(err)];
    const spoken = openConsole({
      json: false,
      verbosity: "verbose",
      progress: false,
      stdout: stdout.stream,
      stderr: stderr.stream,
    });
    const check = { type: "check", target: "t", path: "a.jpg", bytes: 1 } as const;
    spoken.emit({ ...check, condition: "whole" });
    spoken.emit({ ...check, condition: "rotten", reason: "other bytes" });
    spoken.close();
    expect(stdout.text().includes("\u001b[")).toBe(out);
    expect(stderr.text().includes("\u001b[")).toBe(err);
  });

  test("are left out where NO_COLOR asks for that", () => {
    vi.stubEnv("NO_COLOR", "1");
    expect(say({ progress: false }, true).out).not.toContain("\x1b");
  });
});

describe("progress", () => {
  const step = {
    type: "progress" as const,
    photos: 2,
    totalPhotos: 6,
    bytes: 2_000_000,
    totalBytes: 6_000_000,
    bytesPerSecond: 1_000_000,
    secondsLeft: 4,
  };

  test("a bar lets lines pass above it and loses none, also when it is closed at once", () => {
    const terminal = sink(true);
    const { stream } = terminal;
    const spoken = openConsole({
      json: false,
      verbosity: "verbose",
      progress: true,
      stdout: stream,
      stderr: stream,
    });
    spoken.emit(run);
    spoken.emit({ type: "listing", keys: 1000, bytes: 20_000_000, pages: 1 });
    spoken.emit({ type: "listed", keys: 1000, bytes: 20_000_000, complete: true, seconds: 1 });
    spoken.emit(step);
    for (let at = 0; at < 50; at += 1) spoken.emit(photo(`${at}.jpg`));
    spoken.emit(step);
    spoken.close();
    const shown = terminal.text();
    for (let at = 0; at < 50; at += 1) expect(shown).toContain(` ${at}.jpg  `);
    expect(shown).toContain("33 % · 4 s left · 2/6 photos · 2.0 MB/6.0 MB · 1.0 MB/s");
    // Nothing that would outlive a kill: no hidden cursor, no switched-off wrapping.
    expect(shown).not.toContain("\x1b[?");
  });

  test("elsewhere a plain line a minute", () => {
    const lines: string[] = [];
    let clock = 0;
    const progress = lineProgress(
      (line) => lines.push(line),
      () => clock,
    );
    for (clock = 0; clock <= 125_000; clock += 1000) progress.emit(step);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe("33 % · 2 of 6 photos · 2.0 MB of 6.0 MB · 1.0 MB/s · 4 s left");
    clock += 60_000;
    progress.emit({ ...step, totalPhotos: 0, photos: 1200 });
    expect(lines[2]).toBe("1,200 photos so far");
  });

  test("--no-progress means none", () => {
    const { out, err } = say({ progress: false }, true);
    expect(`${out}${err}`).not.toContain("Listing:");
  });
});
