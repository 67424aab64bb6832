/** A systemd service and its timer. Pure; options as systemd.exec(5), systemd.unit(5) and systemd.time(5) have them. */

import type { Job } from "./job.ts";

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
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `"${specifiers(escaped)}"`;
}

/** In a command $ begins a variable, too. */
function execWord(text: string): string {
  if (/^[\w@+=:,./-]+$/.test(text)) return text;
  return quoted(text).replaceAll("$", "$$$$");
}
