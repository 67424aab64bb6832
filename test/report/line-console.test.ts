import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLineConsole } from "../../src/report/line-console.ts";

function sink(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const parts: string[] = [];
  const writable = new Writable({
    write(chunk, _encoding, done) {
      parts.push(String(chunk));
      done();
    },
  });
  const stream = Object.assign(writable, { isTTY, columns: 100 }) as unknown as NodeJS.WriteStream;
  return { stream, text: () => parts.join("") };
}

beforeEach(() => {
  vi.stubEnv("NO_COLOR", undefined);
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  [true, false],
  [false, true],
  [false, false],
])("colours go to a terminal only, each stream by itself: out %s, err %s", (out, err) => {
  const [stdout, stderr] = [sink(out), sink(err)];
  const spoken = openLineConsole<{ readonly type: string }>(
    {
      json: false,
      verbosity: "normal",
      progress: false,
      stdout: stdout.stream,
      stderr: stderr.stream,
    },
    (_event, _verbosity, paint) => ({
      plain: [paint("good", "well")],
      trouble: [paint("bad", "ill")],
    }),
    () => null,
  );
  spoken.emit({ type: "check" });
  spoken.close();
  expect(stdout.text().includes("\u001b[")).toBe(out);
  expect(stderr.text().includes("\u001b[")).toBe(err);
});
