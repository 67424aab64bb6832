/** A property list for launchd, as launchd.plist(5) has it. Pure. */

import type { Job } from "./job.ts";

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
