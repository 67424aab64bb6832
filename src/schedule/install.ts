/** Puts a job where its scheduler looks for it, and tells the scheduler. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { HaulError } from "../errors.ts";
import { makeFolders, writeWhole } from "../local/files.ts";
import type { Job } from "./job.ts";
import { crontabWith, launchdLabel, launchdPlist, systemdUnits } from "./job.ts";

export type Scheduler = "cron" | "systemd" | "launchd";

export interface InstallPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly signal: AbortSignal;
}

/**
 * An older schedule of the same source is replaced.
 * @returns what was done, a line each
 * @throws HaulError `usage` when the scheduler is not there or refuses
 */
export async function install(job: Job, scheduler: Scheduler, place: InstallPlace): Promise<string[]> {
  if (scheduler === "cron") return installCron(job, place);
  if (scheduler === "launchd") return installLaunchd(job, place);
  return installSystemd(job, place);
}

function installCron(job: Job, place: InstallPlace): string[] {
  // A user who has no crontab yet is told so by an error, which is no reason to stop.
  const listed = spawnSync("crontab", ["-l"], { encoding: "utf8", env: place.env });
  if (listed.error !== undefined) throw refused("crontab -l", listed.error.message);
  run("crontab", ["-"], place, crontabWith(listed.status === 0 ? listed.stdout : "", job));
  return ["The line is in your crontab; `crontab -l` shows it."];
}

async function installSystemd(job: Job, place: InstallPlace): Promise<string[]> {
  const system = place.uid === 0;
  const home = place.env.XDG_CONFIG_HOME || join(job.home, ".config");
  const folder = system ? "/etc/systemd/system" : join(home, "systemd", "user");
  const { service, timer } = systemdUnits(job, system ? "system" : "user");
  makeFolders(folder);
  await writeWhole(join(folder, `${job.name}.service`), [service], place.signal);
  await writeWhole(join(folder, `${job.name}.timer`), [timer], place.signal);
  const whose = system ? [] : ["--user"];
  run("systemctl", [...whose, "daemon-reload"], place);
  run("systemctl", [...whose, "enable", "--now", `${job.name}.timer`], place);
  const linger = "It runs while you are logged in; `loginctl enable-linger` lets it run always.";
  return [`${join(folder, job.name)}.service and .timer are enabled.`, ...(system ? [] : [linger])];
}

async function installLaunchd(job: Job, place: InstallPlace): Promise<string[]> {
  const folder = join(job.home, "Library", "LaunchAgents");
  const file = join(folder, `${launchdLabel(job)}.plist`);
  makeFolders(folder);
  await writeWhole(file, [launchdPlist(job)], place.signal);
  // Fails where none was loaded, as on the first time.
  spawnSync("launchctl", ["bootout", `gui/${place.uid}/${launchdLabel(job)}`], { env: place.env });
  run("launchctl", ["bootstrap", `gui/${place.uid}`, file], place);
  return [`${file} is loaded.`];
}

function run(program: string, args: readonly string[], place: InstallPlace, input = ""): void {
  const done = spawnSync(program, args, { input, encoding: "utf8", env: place.env });
  const line = [program, ...args].join(" ");
  if (done.error !== undefined) throw refused(line, done.error.message);
  if (done.status !== 0) throw refused(line, done.stderr.trim() || `it ended with ${done.status}`);
}

function refused(line: string, why: string): HaulError {
  return new HaulError("usage", `${line}: ${why}`);
}
