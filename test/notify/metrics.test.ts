import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { wentWell } from "../../src/error-messages.ts";
import type { VerifySummary } from "../../src/events.ts";
import { metricsText } from "../../src/notify/metrics.ts";
import { summary as mirrored } from "../report/example-run.ts";

const verified: VerifySummary = {
  type: "summary",
  command: "verify",
  targets: ['/media/"usb"\\1'],
  conditions: { whole: 9, rotten: 1, unreadable: 0, missing: 2, archived: 0 },
  checked: { photos: 12, bytes: 1200 },
  repaired: 3,
  each: [],
  seconds: 1.5,
  exit: 3,
};

/** Every line is a comment or `name{labels} number`, and every metric is declared before it is used. */
function samples(text: string): Map<string, number> {
  const found = new Map<string, number>();
  const declared = new Set<string>();
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.trimEnd().split("\n")) {
    const type = /^# TYPE (\S+) gauge$/.exec(line);
    if (type?.[1] !== undefined) declared.add(type[1]);
    if (line.startsWith("#")) continue;
    const [, name = "", labels = "", value = ""] =
      /^([a-z_]+)\{((?:[a-z]+="(?:[^"\\]|\\["\\n])*",?)+)\} ([\d.]+)$/.exec(line) ?? [];
    expect(declared, line).toContain(name);
    found.set(`${name}{${labels}}`, Number(value));
  }
  return found;
}

test("a mirror's outcomes and kinds are numbers with labels", () => {
  const found = samples(metricsText(mirrored, 1_700_000_000, ""));
  const about = 'command="mirror",source="s3://photos",target="/media/usb"';
  expect(found.get(`photohaul_photos{${about},outcome="stored"}`)).toBe(mirrored.outcomes.stored);
  expect(found.get(`photohaul_listed_keys{${about},kind="rendition"}`)).toBe(mirrored.kinds.rendition);
  expect(found.get(`photohaul_last_run_exit_code{${about}}`)).toBe(mirrored.exit);
});

test("a target's name is escaped", () => {
  const found = samples(metricsText(verified, 1, ""));
  const about = 'command="verify",target="/media/\\"usb\\"\\\\1"';
  expect(found.get(`photohaul_checked_photos{${about},condition="missing"}`)).toBe(2);
  expect(found.get(`photohaul_repaired_photos{${about}}`)).toBe(3);
});

test.skipIf(spawnSync("promtool", ["--version"]).error !== undefined)(
  "promtool reads it without a word, whatever a target or a source is called",
  () => {
    const hostile = ['a"b\\c\nd', "\u001b[2J\u202e", "x} 1\n# TYPE evil counter\n", "写真"];
    for (const text of [
      metricsText(mirrored, 1_700_000_000, ""),
      metricsText({ ...mirrored, source: hostile.join(), targets: hostile }, 1, ""),
      metricsText({ ...verified, targets: hostile }, 1, ""),
    ]) {
      const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
        input: text,
        encoding: "utf8",
      });
      expect(stdout + stderr).toBe("");
      expect(status).toBe(0);
    }
  },
);

test("a good run of another command or source is not the last good run of this one", () => {
  const good = metricsText({ ...verified, exit: 0 }, 100, "");
  expect(metricsText({ ...mirrored, exit: 4 }, 200, good)).not.toContain("last_success");
});

test("the last good run is remembered while runs fail", () => {
  const success = (text: string) => [...samples(text)].find(([name]) => name.startsWith("photohaul_last_success"))?.[1];
  expect(success(metricsText(verified, 50, ""))).toBeUndefined();
  const good = metricsText({ ...verified, exit: 0 }, 100, "");
  expect(success(good)).toBe(100);
  const bad = metricsText(verified, 200, good);
  expect(success(bad)).toBe(100);
  expect(success(metricsText(verified, 300, bad))).toBe(100);
  expect(success(metricsText({ ...verified, exit: 8 }, 400, bad))).toBe(400);
});

test.each([
  [0, true],
  [8, true],
  [1, false],
  [3, false],
  [4, false],
  [130, false],
])("exit %i is well: %s", (exit, well) => {
  expect(wentWell({ exit })).toBe(well);
});
