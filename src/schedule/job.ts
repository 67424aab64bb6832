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
function cronMark(job: Job): string {
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

/** A systemd service and its timer; options as systemd.exec(5), systemd.unit(5) and systemd.time(5) have them. */
export interface Units {
  readonly service: string;
  readonly timer: string;
}

/**
 * Of the whole system (it runs as `job.user`, whether or not anybody is logged in, with all of the hardening),
 * or of one user's own systemd, which may not do most of that.
 */
export function systemdUnits(job: Job, whose: "system" | "user"): Units {
  return { service: serviceUnit(job, whose), timer: timerUnit(job) };
}

function serviceUnit(job: Job, whose: "system" | "user"): string {
  const environment = Object.entries(job.env).map(([name, value]) => {
    return `Environment=${quoted(`${name}=${value}`)}`;
  });
  const lines = [
    "[Unit]",
    `Description=${specifiers(job.title)}`,
    ...(whose === "system" ? ["Wants=network-online.target", "After=network-online.target"] : []),
    ...job.mounts.map((path) => `RequiresMountsFor=${quoted(path)}`),
    "",
    "[Service]",
    "Type=oneshot",
    ...(whose === "system" ? [`User=${job.user}`] : []),
    ...environment,
    `ExecStart=${job.argv.map(execWord).join(" ")}`,
    "# A limit that was reached is no failure.",
    "SuccessExitStatus=8",
    "TimeoutStartSec=infinity",
    "Nice=10",
    "IOSchedulingClass=idle",
    ...(whose === "system" ? hardening(job) : ["NoNewPrivileges=yes"]),
  ];
  return `${lines.join("\n")}\n`;
}

/** MemoryDenyWriteExecute is not among them: JavaScript is compiled while it runs. */
function hardening(job: Job): string[] {
  const shared = job.writes.some((path) => /^\/(var\/)?tmp(\/|$)/.test(path));
  return [
    "",
    "# It writes where its photos and its memory are, and nowhere else.",
    "ProtectSystem=strict",
    "ProtectHome=read-only",
    "# A drive that is not there is for photohaul to tell, so it is no error here.",
    ...job.writes.map((path) => `ReadWritePaths=${quoted(`-${path}`)}`),
    ...(shared ? [] : ["PrivateTmp=yes"]),
    "NoNewPrivileges=yes",
    // Without capabilities root may not write what belongs to others.
    ...(job.user === "root" ? [] : ["CapabilityBoundingSet="]),
    "PrivateDevices=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "RemoveIPC=yes",
    "LockPersonality=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
  ];
}

function timerUnit(job: Job): string {
  const clock = [job.hour, job.minute].map((number) => String(number).padStart(2, "0")).join(":");
  return [
    "[Unit]",
    `Description=Every day: ${specifiers(job.title)}`,
    "",
    "[Timer]",
    `OnCalendar=*-*-* ${clock}:00`,
    "# A day on which the computer was off is made up for.",
    "Persistent=true",
    "RandomizedDelaySec=5min",
    "",
    "[Install]",
    "WantedBy=timers.target",
    "",
  ].join("\n");
}

/** % begins a specifier, in every value. */
function specifiers(text: string): string {
  return text.replaceAll("%", "%%").replaceAll(/[\r\n]/g, " ");
}

/** A word in double quotes, with the escapes of C. */
function quoted(text: string): string {
  const inside = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `"${specifiers(inside)}"`;
}

/** In a command $ begins a variable, too. */
function execWord(text: string): string {
  if (/^[\w@+=:,./-]+$/.test(text)) return text;
  return quoted(text).replaceAll("$", "$$$$");
}
