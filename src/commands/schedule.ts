/** `photohaul schedule`: a mirror's line, made ready for whoever runs it every day. */

import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import { paragraph } from "../report/section.ts";
import { createCommand, type Process, type Typed } from "../run/command.ts";
import { optionsOf } from "../run/command-options.ts";
import { type Answer, answer } from "../run/frame.ts";
import { carriedOver, lacking, openSecrets } from "../schedule/environment.ts";
import { install, type Scheduler } from "../schedule/install.ts";
import type { Job } from "../schedule/job.ts";
import { crontabLine, launchdLabel, launchdPlist, systemdUnits } from "../schedule/job.ts";
import { spelledOut } from "../stores/all.ts";
import { isRemote, isRemoteOfRclone } from "../targets/apart.ts";
import { copyRules } from "./copy-options.ts";
import { command as mirror } from "./mirror.ts";
import { flag } from "./option-values.ts";
import { surveyOptions } from "./ports.ts";
import { catalogueFile, stateFolder } from "./remembered.ts";
import { absoluteSealing, sealingsOf } from "./sealing-options.ts";
import { mustConcern } from "./target-options.ts";

const WHEN = { group: "When and by whom:" };
/** A time of day. */
export const AT_OPTION = z
  .string()
  .regex(/^([01]?\d|2[0-3]):[0-5]\d$/, "a time of day such as 03:30")
  .default("03:30");
const OWN = {
  at: AT_OPTION.meta({ ...WHEN, description: "time of day" }),
  for: z
    .enum(["cron", "systemd", "launchd"])
    .nullable()
    .default(null)
    .meta({ ...WHEN, description: "for one of them; this computer's own where absent" }),
  install: flag.meta({ ...WHEN, description: "install it instead of printing it" }),
};
// What mirror would refuse is refused now, and not every night.
const OPTIONS = z.object({ ...OWN, ...mirror.options.shape });

export const command = createCommand(
  {
    positional: mirror.positional,
    description:
      "Prints what makes a mirror run every day on this computer: units for systemd, a line for cron, or a property list for launchd. With --install it is put where it belongs. All options of mirror are passed on, and so is what the environment says of service, region, profile and zone; keys are not.",
    options: OPTIONS,
    examples: [
      ["photohaul schedule s3://my-photos /media/usb", "what to put where"],
      [
        "photohaul schedule s3://my-photos /media/usb --at 02:00 --install --ping https://hc-ping.com/UUID",
        "every night, and a health check that raises the alarm",
      ],
    ],
  },
  (options, process, typed) => answer(process, {}, (output) => schedule(options, process, typed, output)),
);

async function schedule(
  options: z.output<typeof OPTIONS>,
  process: Process,
  typed: Typed,
  { page, note }: Answer,
): Promise<number> {
  mustConcern({ source: options.source, by: "the source", targets: options.target }, options);
  copyRules(options, options.target);
  await surveyOptions(options);
  await sealingsOf({ ...options, identity: [] }, process.env);
  if (options.identity.length > 0) {
    const says =
      "--identity is for a run that somebody looks at: every night no key is needed, and none should be at hand";
    throw new HaulError("usage", says);
  }
  if (options["new-drive"]) {
    const says = "--new-drive is for one run: every night, it would fill the place of a drive that is not mounted";
    throw new HaulError("usage", says);
  }
  if (options["dry-run"]) {
    const says =
      "--dry-run would have the job list every night and never fetch; without --install nothing but its text is printed";
    throw new HaulError("usage", says);
  }
  const job = jobOf(typed, options.at, process);
  const { stdout, signal, env } = process;
  const scheduler = options.for ?? ownScheduler(process.platform);
  const lacks = lacking(env, {
    source: options.source,
    targets: options.target,
    public: options["no-sign-request"],
    profiles: [options.profile !== null, options["target-profile"].length > 0],
  });
  for (const sentence of [...openSecrets(job.argv), ...lacks, ...absentFolders(options.source, options.target)])
    note(sentence);
  if (options.install) {
    const place = { env, uid: userInfo().uid, signal };
    page([paragraph(...(await install(job, scheduler, place)))]);
    return EXIT.ok;
  }
  stdout.write(printed(job, scheduler, options.for !== null));
  return EXIT.ok;
}

/** A misspelt folder, or a drive that is not mounted, is better known now than after the first night. */
function absentFolders(source: string, targets: readonly string[]): string[] {
  const absent = (place: string) => !isRemote(place) && !existsSync(place);
  const never = absent(source) ? [`there is no folder ${source}: the job fails until there is one`] : [];
  const later = targets.filter(absent).map((target) => {
    const parent = dirname(resolve(target));
    if (existsSync(parent))
      return `there is no folder ${target} yet: the first run makes it. If it is a drive, mount it first`;
    return `there is no folder ${target}, nor ${parent} to make it in: the job fails until that is there`;
  });
  return [...never, ...later];
}

function ownScheduler(platform: NodeJS.Platform): Scheduler {
  if (platform === "darwin") return "launchd";
  return existsSync("/run/systemd/system") ? "systemd" : "cron";
}

function printed(job: Job, scheduler: Scheduler, bare: boolean): string {
  if (scheduler === "cron") {
    const line = `${crontabLine(job)}\n`;
    return bare ? line : `# cron: a line for \`crontab -e\`\n${line}`;
  }
  if (scheduler === "launchd") {
    const file = `~/Library/LaunchAgents/${launchdLabel(job)}.plist`;
    const plist = launchdPlist(job);
    return bare ? plist : `# launchd: ${file}, then launchctl bootstrap gui/$(id -u) ${file}\n${plist}`;
  }
  const { service, timer } = systemdUnits(job, "system");
  const file = `/etc/systemd/system/${job.name}`;
  return [
    `# systemd: ${file}.service`,
    service,
    `# systemd: ${file}.timer, then systemctl enable --now ${job.name}.timer`,
    timer,
  ].join("\n");
}

/** Under a scheduler there is another working folder, so every path becomes absolute. */
function jobOf(typed: Typed, at: string, process: Process): Job {
  const { env, platform } = process;
  const [hour = 0, minute = 0] = at.split(":").map(Number);
  const places = [...mirror.positional.matchAll(/[<[]([\w-]+)/g)].flatMap(([, name = ""]) =>
    texts(typed[name]).map(placeOf),
  );
  const [source = "", ...targets] = places;
  const folders = targets.filter((target) => !isRemote(target));
  const endpoint = typeof typed.endpoint === "string" ? typed.endpoint : null;
  const catalogue = catalogueFile(env, platform, source, endpoint);
  const home = env.HOME ?? homedir();
  const program = places.some(isRemoteOfRclone) ? rcloneOf(typed.rclone, env.PATH ?? "") : null;
  const said = [...typedOf(typed), ...(program === null ? [] : [`--rclone=${program}`])];
  const carried = carriedOver(env, userInfo().homedir);
  if (/\p{Cc}/u.test([...places, ...said, ...Object.values(carried)].join(""))) {
    throw new HaulError("usage", "no scheduler can hold a line with a control character in it");
  }
  return {
    name: `photohaul-${basename(catalogue, ".sqlite")}`,
    title: ["photohaul mirror", ...places].join(" "),
    argv: [globalThis.process.execPath, photohaul(), "mirror", ...places, ...said, ...quiet(typed)],
    env: carried,
    hour,
    minute,
    user: env.SUDO_USER || userInfo().username,
    home,
    mounts: folders,
    writes: [
      ...new Set(
        [...folders, stateFolder(env, platform), ...filesOf(typed), ...configOf(env, home, places)].map(existing),
      ),
    ],
  };
}

/** A scheduler knows few folders of programs. Null where it is in none of these, which the run says. */
function rcloneOf(typed: unknown, path: string): string | null {
  const name = typeof typed === "string" ? typed : "rclone";
  if (/[/\\]/.test(name)) return resolve(name);
  const found = path.split(delimiter).find((folder) => folder !== "" && existsSync(join(folder, name)));
  return found === undefined ? (typeof typed === "string" ? typed : null) : resolve(found, name);
}

const FILES = new Set(["catalogue", "log", "metrics", "report"]);

/** The options of mirror that were typed, as they are typed. */
function typedOf(typed: Typed): string[] {
  return optionsOf(mirror).flatMap(({ name }) => {
    if (name === "rclone") return [];
    if (typeof typed[name] === "boolean") return typed[name] ? [`--${name}`] : [];
    return texts(typed[name]).map((value) => `--${name}=${absolute(name, value, texts(typed.target))}`);
  });
}

function absolute(name: string, value: string, targets: readonly string[]): string {
  if (name === "optional") return placeOf(value);
  if (name === "encrypt-to") return absoluteSealing(value, targets);
  if (FILES.has(name) || name === "dates" || name === "ssh-identity") return resolve(value);
  return name === "layout" && /[/\\]|\.\w+$/.test(value) ? resolve(value) : value;
}

/** What a scheduler mails or logs is what went wrong. */
function quiet(typed: Typed): string[] {
  const speaks = typed.json === true || typed.verbose === true || typed.quiet === true;
  return [...(speaks ? [] : ["--quiet"]), ...(typed["no-progress"] === true ? [] : ["--no-progress"])];
}

function filesOf(typed: Typed): string[] {
  return [...FILES].flatMap((name) => texts(typed[name]).map((file) => dirname(resolve(file))));
}

/** rclone writes the tokens that it renews into its configuration. */
function configOf(env: Process["env"], home: string, places: readonly string[]): string[] {
  if (!places.some(isRemoteOfRclone)) return [];
  const file = env.RCLONE_CONFIG || join(env.XDG_CONFIG_HOME || join(home, ".config"), "rclone", "rclone.conf");
  return [dirname(resolve(file))];
}

/** A folder that is not there yet is made in one that is. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}

function placeOf(place: string): string {
  return isRemote(place) ? spelledOut(place) : resolve(place);
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" ? [value] : [];
}

/** The program as it was installed, or of the checkout. */
function photohaul(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, "bin", "photohaul");
    if (existsSync(file) || dirname(folder) === folder) return file;
  }
}
