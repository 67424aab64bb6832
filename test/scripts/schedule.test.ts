import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

/** The schedulers are scripts that write down what they are told: nothing of this computer is changed. */
describe("schedule", () => {
  let on: Rig;
  const asked = () => readFileSync(join(on.folder, "asked"), "utf8");
  beforeAll(async () => {
    on = await rig({}, (server) => server.bucket("photos").put("a.jpg", datedPhoto(2000, "a"), {}));
    mkdirSync(join(on.folder, "bin"));
    for (const name of ["crontab", "systemctl", "launchctl"]) {
      const file = join(on.folder, "bin", name);
      writeFileSync(
        file,
        `#!/bin/sh\necho "${name} $*" >> '${on.folder}/asked'\ncat >> '${on.folder}/asked'\n`,
      );
      chmodSync(file, 0o755);
    }
  });
  afterAll(() => on[Symbol.asyncDispose]());
  const schedule = (...more: string[]) =>
    on.run(["schedule", "s3://photos", "usb", ...on.endpoint, ...more], {
      env: { PATH: `${join(on.folder, "bin")}${delimiter}${process.env.PATH ?? ""}` },
    });

  test("the line that cron would run mirrors, from another folder and without a word", async () => {
    const { exit, stdout } = await schedule(
      "--for",
      "cron",
      "--at",
      "2:07",
      "--exclude",
      "it's 5%",
    );
    expect(exit).toBe(0);
    const [, time, command = ""] = /^(7 2 \* \* \*) (.*)\n$/.exec(stdout) ?? [];
    expect(time).toBe("7 2 * * *");
    expect(command).toContain(` mirror s3://photos ${join(on.folder, "usb")} `);

    // Not spawnSync: the bucket is served by this very process.
    const ran = await promisify(execFile)("/bin/sh", ["-c", command.replaceAll("\\%", "%")], {
      cwd: "/",
      env: { ...on.env },
      timeout: 20_000,
    });
    expect(ran).toMatchObject({ stdout: "", stderr: "" });
    expect(readFileSync(join(on.folder, "usb", "a.jpg"))).toEqual(datedPhoto(2000, "a"));
  });

  test("prints all three, and no secret of the environment", async () => {
    const { exit, stdout } = await schedule();
    expect(exit).toBe(0);
    for (const part of ["# cron:", "# systemd:", "OnCalendar=*-*-* 03:30:00", "<plist"])
      expect(stdout).toContain(part);
    expect(stdout).not.toContain(String(on.env.AWS_SECRET_ACCESS_KEY));
    expect(stdout).not.toContain(String(on.env.AWS_ACCESS_KEY_ID));
  });

  test("is put into the crontab", async () => {
    const { exit, stderr } = await schedule("--for", "cron", "--install");
    expect(stderr).toBe("");
    expect(exit).toBe(0);
    expect(asked()).toMatch(/^crontab -l\ncrontab -\n.*30 3 \* \* \* .* mirror s3:\/\/photos /ms);
  });

  test("is put where launchd looks, and loaded", async () => {
    expect((await schedule("--for", "launchd", "--install")).exit).toBe(0);
    const [, file = ""] = /launchctl bootstrap gui\/\d+ (.*\.plist)/.exec(asked()) ?? [];
    expect(file).toContain(join(on.folder, "Library", "LaunchAgents"));
    expect(readFileSync(file, "utf8")).toContain("<string>s3://photos</string>");
  });

  test.skipIf(userInfo().uid === 0)(
    "is put where the user's systemd looks, and enabled",
    async () => {
      expect((await schedule("--for", "systemd", "--install")).exit).toBe(0);
      const [, name = ""] = /systemctl --user enable --now (.*)\.timer/.exec(asked()) ?? [];
      const folder = join(on.folder, ".config", "systemd", "user");
      expect(readFileSync(join(folder, `${name}.service`), "utf8")).toContain("mirror s3://photos");
    },
  );

  test("refuses now what mirror would refuse every night", async () => {
    const { exit, stdout, stderr } = await schedule("--bwlimit", "25:00,1M");
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("--bwlimit 25:00,1M");
    expect((await schedule("--name", "{year}")).exit).toBe(2);
  });

  test("refuses an option that mirror does not know, a time that is none, and a line with a newline", async () => {
    expect((await schedule("--no-such")).exit).toBe(2);
    expect((await schedule("--at", "25:00")).exit).toBe(2);
    expect((await schedule("--exclude", "a\nb")).exit).toBe(2);
  });
});
