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
      writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> '${on.folder}/asked'\ncat >> '${on.folder}/asked'\n`);
      chmodSync(file, 0o755);
    }
  });
  afterAll(() => on[Symbol.asyncDispose]());
  const schedule = (...more: string[]) =>
    on.run(["schedule", "s3://photos", "usb", ...on.endpoint, ...more], {
      env: { PATH: `${join(on.folder, "bin")}${delimiter}${process.env.PATH ?? ""}` },
    });

  test("the line that cron would run mirrors, from another folder and without a word", async () => {
    const { exit, stdout } = await schedule("--for", "cron", "--at", "2:07", "--exclude", "it's 5%");
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

  test("names files by their whole paths", async () => {
    writeFileSync(join(on.folder, "dates.csv"), "key,date\n");
    const { stdout } = await schedule("--for", "cron", "--dates", "dates.csv", "--log", "log");
    for (const name of ["dates.csv", "log"]) expect(stdout).toContain(`=${join(on.folder, name)} `);
  });

  test("prints what this computer has, each other where it is asked for, and no secret of the environment", async () => {
    const parts = {
      cron: "30 3 * * * ",
      systemd: "OnCalendar=*-*-* 03:30:00",
      launchd: "<plist",
    };
    for (const [name, part] of Object.entries(parts)) {
      const { exit, stdout } = await schedule("--for", name);
      expect(exit).toBe(0);
      expect(stdout).toContain(part);
      for (const other of Object.values(parts)) if (other !== part) expect(stdout).not.toContain(other);
      expect(stdout).not.toContain(String(on.env.AWS_SECRET_ACCESS_KEY));
      expect(stdout).not.toContain(String(on.env.AWS_ACCESS_KEY_ID));
    }
    const { stdout } = await schedule();
    const own = Object.values(parts).filter((part) => stdout.includes(part));
    expect(own).toHaveLength(1);
  });

  test("installs no job that would fetch nothing", async () => {
    const { exit, stdout, stderr } = await schedule("--for", "cron", "--dry-run", "--install");
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
    expect(stderr).toContain("--dry-run would have the job list every night and never fetch");
  });

  test("says which keys the job will not have, and where to put them", async () => {
    const { stderr } = await schedule("--for", "cron");
    expect(stderr).toMatch(/AWS_ACCESS_KEY_ID.*of this shell alone.*~\/\.aws\/credentials/);
    expect((await schedule("--for", "cron", "--profile", "x")).stderr).toBe("");
    expect((await schedule("--for", "cron", "--no-sign-request")).stderr).toBe("");
    const session = await on.run(["schedule", "s3://photos", "usb", "--for", "cron"], {
      env: { AWS_SESSION_TOKEN: "passing", HTTPS_PROXY: "http://me:word@proxy" },
    });
    expect(session.stderr).toMatch(/end in some hours/);
    expect(session.stderr).toMatch(/HTTPS_PROXY holds a user or a password/);
    expect(`${session.stdout}${session.stderr}`).not.toContain("me:word");
    const swift = await on.run(["schedule", "swift://photos", "usb", "--for", "cron"], {
      env: { ST_AUTH: "https://auth.example", ST_USER: "me", ST_KEY: "secret-of-swift" },
    });
    expect(swift.stderr).toMatch(/ST_KEY of Swift.*head of the crontab/);
    expect(swift.stdout).toMatch(/ST_AUTH=https:\/\/auth\.example ST_USER=me/);
    expect(swift.stdout).not.toContain("secret-of-swift");
  });

  test("says of a password in an address that everybody can read it in the line", async () => {
    const words = (url: string) => ["schedule", "s3://photos", on.folder, ...on.endpoint, "--ping", url];
    const open = await on.run(words("https://me:word@hc.example/abc"));
    expect(open.stderr).toMatch(/--ping holds a user or a password, and everybody on this computer can read it/);
    expect((await on.run(words("https://hc.example/abc@x"))).stderr).not.toContain("password");
    const server = ["schedule", "s3://photos", "sftp://me@nas.example/photos", ...on.endpoint, "--for", "cron"];
    expect((await on.run(server)).stderr).not.toContain("holds a user or a password");
  });

  test("the line mirrors under an empty environment as it does in this shell", async () => {
    const { accessKeyId, secretAccessKey } = on.server.credentials ?? {
      accessKeyId: "",
      secretAccessKey: "",
    };
    const aws = join(on.folder, "aws");
    mkdirSync(aws);
    writeFileSync(join(aws, "config"), "[profile night]\nregion = us-east-1\n");
    writeFileSync(
      join(aws, "credentials"),
      `[night]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    const shell = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_CONFIG_FILE: join(aws, "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(aws, "credentials"),
      AWS_PROFILE: "night",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: on.server.endpoint,
      TZ: "Asia/Tokyo",
      XDG_STATE_HOME: join(on.folder, "night-state"),
    };
    const line = ["schedule", "s3://photos", "night", "--for", "cron"];
    mkdirSync(join(on.folder, "night"));
    const { stdout, stderr } = await on.run(line, { env: shell });
    expect(stderr).toBe("");
    const command = stdout.replace(/^(\S+ ){5}/, "").replaceAll("\\%", "%");
    const ran = await promisify(execFile)("/usr/bin/env", ["-i", "/bin/sh", "-c", command], {
      cwd: "/",
      timeout: 30_000,
    });
    expect(ran).toMatchObject({ stdout: "", stderr: "" });
    expect(readFileSync(join(on.folder, "night", "a.jpg"))).toEqual(datedPhoto(2000, "a"));
    const marker = readFileSync(join(on.folder, "night", ".photohaul", "target.json"), "utf8");
    expect(marker).toContain("Asia/Tokyo");
    const shown = await on.run(["status", "s3://photos", "--json"], { env: shell });
    expect(JSON.parse(shown.stdout)).toMatchObject({ last: { exit: 0 } });
  });

  test("says of folders that are not there what the job will do about them", async () => {
    const line = async (source: string, target: string) => {
      const { exit, stderr } = await on.run(["schedule", source, target, "--for", "cron", "--no-progress"]);
      return { exit, stderr };
    };
    const folder = (name: string) => join(on.folder, name);
    mkdirSync(folder("there"));
    expect(await line(folder("there"), folder("there-too"))).toEqual({
      exit: 0,
      stderr: expect.stringMatching(/^note: there is no folder \S+there-too yet: the first run makes it/),
    });
    expect((await line(folder("there"), folder("no/such"))).stderr).toMatch(/nor \S+no to make it in: the job fails/);
    expect((await line(folder("gone"), folder("there"))).stderr).toMatch(/^note: there is no folder \S+gone: the job/);
  });

  test("is put into the crontab", async () => {
    const { exit, stderr } = await schedule("--for", "cron", "--install");
    expect(stderr).toMatch(/^note: The keys [^\n]*\n$/);
    expect(exit).toBe(0);
    expect(asked()).toMatch(/^crontab -l\ncrontab -\n.*30 3 \* \* \* .* mirror s3:\/\/photos /ms);
  });

  test("is put where launchd looks, and loaded", async () => {
    expect((await schedule("--for", "launchd", "--install")).exit).toBe(0);
    const [, file = ""] = /launchctl bootstrap gui\/\d+ (.*\.plist)/.exec(asked()) ?? [];
    expect(file).toContain(join(on.folder, "Library", "LaunchAgents"));
    expect(readFileSync(file, "utf8")).toContain("<string>s3://photos</string>");
  });

  test.skipIf(userInfo().uid === 0)("is put where the user's systemd looks, and enabled", async () => {
    expect((await schedule("--for", "systemd", "--install")).exit).toBe(0);
    const [, name = ""] = /systemctl --user enable --now (.*)\.timer/.exec(asked()) ?? [];
    const folder = join(on.folder, ".config", "systemd", "user");
    expect(readFileSync(join(folder, `${name}.service`), "utf8")).toContain("mirror s3://photos");
  });

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
