import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Job } from "../../src/schedule/job.ts";
import { crontabLine, crontabWith, launchdPlist, shellWord, systemdUnits } from "../../src/schedule/job.ts";

const job: Job = {
  name: "photohaul-s3-photos-1a2b3c4d",
  title: "photohaul mirror s3://photos /media/usb",
  argv: ["/usr/bin/env", "photohaul", "mirror", "s3://photos", "/media/usb", "--quiet"],
  env: {},
  hour: 3,
  minute: 5,
  user: "you",
  home: "/home/you",
  mounts: ["/media/usb"],
  writes: ["/media/usb", "/home/you/.local/state/photohaul"],
};
const awkward = ["100% of $HOME", "it's", 'a "quoted" \\ word', "ünï — 写真", "*", "a;b&c|d", "", "#x", "<a&b>"];

function has(program: string, ...args: string[]): boolean {
  return spawnSync(program, args).error === undefined;
}

describe("cron", () => {
  test("the line", () => {
    expect(crontabLine(job)).toBe(
      "5 3 * * * /usr/bin/env photohaul mirror s3://photos /media/usb --quiet  # photohaul-s3-photos-1a2b3c4d",
    );
  });

  /** What cron makes of a line: the command up to an unescaped %, with escaped ones as they are meant. */
  const asCron = (line: string) => {
    const command = line.split(" ").slice(5).join(" ");
    return (/^((?:\\%|[^%])*)/.exec(command)?.[1] ?? "").replaceAll("\\%", "%");
  };
  const words = (argv: readonly string[], env: Record<string, string> = {}) => {
    const line = crontabLine({ ...job, argv: ["printf", "%s\\0", ...argv], env });
    const { stdout } = spawnSync("/bin/sh", ["-c", asCron(line)], { encoding: "utf8" });
    return stdout.split("\0").slice(0, -1);
  };

  test("a shell under cron reads the words as they were", () => {
    expect(words(awkward)).toEqual(awkward);
    const text = fc.string({ unit: "binary" }).filter((word) => !/[\0\r\n]|\p{Surrogate}/u.test(word));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), (argv) => {
        expect(words(argv)).toEqual(argv);
      }),
      { numRuns: 30 },
    );
  });

  test("variables stand before the command", () => {
    const line = crontabLine({
      ...job,
      argv: ["printenv", "XDG_STATE_HOME"],
      env: { XDG_STATE_HOME: "/a b/%" },
    });
    const { stdout } = spawnSync("/bin/sh", ["-c", asCron(line)], { encoding: "utf8" });
    expect(stdout).toBe("/a b/%\n");
  });

  test("what needs no quotes has none", () => {
    expect(shellWord("s3://photos/2012_a-b.c@d")).toBe("s3://photos/2012_a-b.c@d");
  });

  test("an older line of the same job is replaced, all others stay", () => {
    const others = "# mine\n0 1 * * * backup\n";
    const first = crontabWith(others, job);
    expect(first).toBe(`${others}${crontabLine(job)}\n`);
    expect(crontabWith(first, { ...job, hour: 4 })).toBe(`${others}${crontabLine({ ...job, hour: 4 })}\n`);
    expect(crontabWith("", job)).toBe(`${crontabLine(job)}\n`);
  });
});

/** Debian's cron and cronie check a crontab without installing it, by different options. */
test.skipIf(!has("crontab", "-V"))("crontab takes the line, awkward words and all", () => {
  const folder = mkdtempSync(join(tmpdir(), "photohaul-crontab-"));
  try {
    const check = (text: string) => {
      const file = join(folder, "crontab");
      writeFileSync(file, text);
      const tried = ["-n", "-T"].map((option) => spawnSync("crontab", [option, file]));
      return tried.some(({ status }) => status === 0);
    };
    expect(check(crontabWith("", job))).toBe(true);
    const argv = ["/usr/bin/env", ...awkward];
    expect(check(crontabWith("# mine\n", { ...job, argv, env: { A: "b %" } }))).toBe(true);
    expect(check(crontabWith("", { ...job, hour: 25 }))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe.skipIf(!has("systemd-analyze", "--version"))("systemd", () => {
  const analyze = (units: { service: string; timer: string }) => {
    const folder = mkdtempSync(join(tmpdir(), "photohaul-units-"));
    try {
      writeFileSync(join(folder, "photohaul.service"), units.service);
      writeFileSync(join(folder, "photohaul.timer"), units.timer);
      const files = ["photohaul.service", "photohaul.timer"].map((name) => join(folder, name));
      return spawnSync("systemd-analyze", ["verify", "--man=no", ...files], { encoding: "utf8" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  /** Of what systemd says, what it says of our units. */
  const complaints = (text: string) => text.split("\n").filter((line) => /photohaul/.test(line));

  test.each(["system", "user"] as const)("takes the units of a %s without a word", (whose) => {
    const { status, stderr } = analyze(systemdUnits(job, whose));
    expect(complaints(stderr)).toEqual([]);
    expect(status).toBe(0);
  });

  test("takes awkward words, folders and variables", () => {
    const argv = ["/usr/bin/env", ...awkward];
    const places = ["/media/my 100% usb", "/media/it's"];
    const env = { XDG_STATE_HOME: '/home/you/a "b" 5%' };
    const units = systemdUnits({ ...job, argv, mounts: places, writes: places, env }, "system");
    const { status, stderr } = analyze(units);
    expect(complaints(stderr)).toEqual([]);
    expect(status).toBe(0);
  });

  /** 0 to 10, the less the better; what counts is that nobody takes hardening away unseen. */
  test.skipIf(!/--offline/.test(String(spawnSync("systemd-analyze", ["--help"]).stdout)))(
    "finds little exposed",
    () => {
      const exposed = (service: string, threshold: number) => {
        const folder = mkdtempSync(join(tmpdir(), "photohaul-units-"));
        try {
          const file = join(folder, "photohaul.service");
          writeFileSync(file, service);
          const options = ["--offline=true", "--no-pager", `--threshold=${threshold}`];
          return spawnSync("systemd-analyze", ["security", ...options, file]).status !== 0;
        } finally {
          rmSync(folder, { recursive: true });
        }
      };
      const { service } = systemdUnits(job, "system");
      expect(exposed(service, 25)).toBe(false);
      expect(exposed(service.replace(/^Protect.*$/gm, ""), 25)).toBe(true);
    },
  );

  test("would say so if a line were wrong", () => {
    const { service, timer } = systemdUnits(job, "system");
    expect(complaints(analyze({ service: service.replace("Nice=10", "Nice=much"), timer }).stderr)).not.toEqual([]);
    expect(complaints(analyze({ service, timer: timer.replace("03:05", "25:05") }).stderr)).not.toEqual([]);
  });

  test("comes at that time every day", () => {
    const time = /OnCalendar=(.*)/.exec(systemdUnits(job, "system").timer)?.[1] ?? "";
    const { stdout } = spawnSync("systemd-analyze", ["calendar", time], { encoding: "utf8" });
    expect(stdout).toContain("Normalized form: *-*-* 03:05:00");
  });
});

test("the service may write where the photos and the memory are, and nowhere else", () => {
  const { service } = systemdUnits(job, "system");
  expect(service).toContain("ProtectSystem=strict");
  expect(service.match(/^ReadWritePaths=.*$/gm)).toEqual([
    'ReadWritePaths="-/media/usb"',
    'ReadWritePaths="-/home/you/.local/state/photohaul"',
  ]);
  expect(service).toContain('RequiresMountsFor="/media/usb"');
  expect(service).toContain("PrivateTmp=yes");
  expect(service).toContain("User=you");
  const shared = systemdUnits({ ...job, writes: ["/tmp/photos"], user: "root" }, "system").service;
  expect(shared).not.toContain("PrivateTmp");
  expect(shared).not.toContain("CapabilityBoundingSet");
});

describe("launchd", () => {
  const plist = launchdPlist({ ...job, argv: awkward, env: { XDG_STATE_HOME: "/a&b" } });

  test.skipIf(!has("plutil", "-help"))("plutil takes the property list", () => {
    expect(spawnSync("plutil", ["-lint", "-"], { input: plist }).status).toBe(0);
  });

  test.skipIf(!has("plistutil", "--version"))("plistutil takes it, there and back", () => {
    const folder = mkdtempSync(join(tmpdir(), "photohaul-plist-"));
    const file = (name: string) => join(folder, name);
    try {
      writeFileSync(file("xml"), plist);
      expect(spawnSync("plistutil", ["-i", file("xml"), "-o", file("binary")]).status).toBe(0);
      expect(spawnSync("plistutil", ["-i", file("binary"), "-o", file("again")]).status).toBe(0);
      const again = readFileSync(file("again"), "utf8");
      for (const word of ["<string>100% of $HOME</string>", "<string>&lt;a&amp;b&gt;</string>"])
        expect(again).toContain(word);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.skipIf(!has("python3", "--version"))("a reader of property lists gets back what was meant", () => {
    const code = "import json,plistlib,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))";
    const { stdout, stderr } = spawnSync("python3", ["-c", code], {
      input: plist,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      Label: "org.photohaul.s3-photos-1a2b3c4d",
      ProgramArguments: awkward,
      EnvironmentVariables: { XDG_STATE_HOME: "/a&b" },
      StartCalendarInterval: { Hour: 3, Minute: 5 },
      ProcessType: "Background",
      LowPriorityIO: true,
      StandardOutPath: "/home/you/Library/Logs/photohaul-s3-photos-1a2b3c4d.log",
      StandardErrorPath: "/home/you/Library/Logs/photohaul-s3-photos-1a2b3c4d.log",
    });
  });
});
