/** What is to be run every day, whoever runs it: as a line of a crontab, or as launchd.plist(5) has it. Pure. */

export interface Job {
  /** Letters, digits and hyphens: `photohaul-s3-photos-1a2b3c4d`. */
  readonly name: string;
  /** For people: "photohaul mirror s3://photos /media/usb". */
  readonly title: string;
  /** Program and arguments; all paths in it are absolute. No control character is in it: a crontab holds no newline, and XML hardly any of them. */
  readonly argv: readonly string[];
  /** Variables that the run needs to find what it remembered, none of them secret. */
  readonly env: Readonly<Record<string, string>>;
  readonly hour: number;
  readonly minute: number;
  /** The user that it runs as. */
  readonly user: string;
  readonly home: string;
  /** Folders that must be mounted before it begins. */
  readonly mounts: readonly string[];
  /** Folders that it writes to. */
  readonly writes: readonly string[];
}

/** The comment that finds the line again. */
export function cronMark(job: Job): string {
  return `# ${job.name}`;
}

/** One line: cron runs it in a shell, mails what it prints, and takes % for a newline unless it is escaped. */
export function crontabLine(job: Job): string {
  const variables = Object.entries(job.env).map(([name, value]) => `${name}=${shellWord(value)}`);
  const command = [...variables, ...job.argv.map(shellWord)].join(" ");
  return `${job.minute} ${job.hour} * * * ${command.replaceAll("%", "\\%")}  ${cronMark(job)}`;
}

/** The crontab with the line of this job in it, in the place of an older one. */
export function crontabWith(crontab: string, job: Job): string {
  const others = crontab.split("\n").filter((line) => !line.endsWith(cronMark(job)));
  while (others.at(-1) === "") others.pop();
  return `${[...others, crontabLine(job)].join("\n")}\n`;
}

/** A word that a POSIX shell reads as this text and nothing else. */
export function shellWord(text: string): string {
  if (/^[\w@+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** `org.photohaul.s3-photos-1a2b3c4d`, the name that launchctl knows it by. */
export function launchdLabel(job: Job): string {
  return `org.photohaul.${job.name.replace(/^photohaul-/, "")}`;
}

/** A day on which the computer slept is made up for when it wakes; one on which it was off is not. */
export function launchdPlist(job: Job): string {
  const log = `${job.home}/Library/Logs/${job.name}.log`;
  const environment = Object.entries(job.env).map(([name, value]) => [name, string(value)] as const);
  const body = dict([
    ["Label", string(launchdLabel(job))],
    ["ProgramArguments", `<array>\n${job.argv.map((word) => `    ${string(word)}\n`).join("")}  </array>`],
    ...(environment.length === 0 ? [] : [["EnvironmentVariables", dict(environment)] as const]),
    [
      "StartCalendarInterval",
      dict([
        ["Hour", `<integer>${job.hour}</integer>`],
        ["Minute", `<integer>${job.minute}</integer>`],
      ]),
    ],
    ["ProcessType", string("Background")],
    ["LowPriorityIO", "<true/>"],
    ["StandardOutPath", string(log)],
    ["StandardErrorPath", string(log)],
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${body}
</plist>
`;
}

function dict(pairs: readonly (readonly [key: string, value: string])[]): string {
  const lines = pairs.map(([key, value]) => `  <key>${escaped(key)}</key>\n  ${value}\n`);
  return `<dict>\n${lines.join("")}</dict>`;
}

function string(text: string): string {
  return `<string>${escaped(text)}</string>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
