/** A line of a crontab. Pure. */

import type { Job } from "./job.ts";

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
