/**
 * What `~/.ssh/config` says of a host, as far as it is read: HostName, Port, User and IdentityFile, in `Host` blocks
 * (ssh_config(5)). The first value of each holds, of IdentityFile all. `Match` and `Include` are passed over.
 */

import { join } from "node:path";

export interface HostConfig {
  readonly hostName?: string;
  readonly port?: number;
  readonly user?: string;
  /** Absolute paths. */
  readonly identityFiles: readonly string[];
}

/** @param text the file. @param host as it was typed. @param home for `~` and `%d` */
export function configOf(text: string, host: string, home: string): HostConfig {
  const found: { hostname?: string; port?: string; user?: string; identityFiles: string[] } = { identityFiles: [] };
  let applies = true;
  for (const line of text.split(/\r?\n/)) {
    const [, word = "", rest = ""] = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
    const key = word.toLowerCase();
    if (key === "host") applies = isMeant(rest.split(/\s+/), host);
    else if (key === "match") applies = false;
    else if (!applies) continue;
    else if (key === "identityfile") found.identityFiles.push(pathOf(unquoted(rest), home));
    else if (key === "hostname" || key === "port" || key === "user") found[key] ??= unquoted(rest);
  }
  const { hostname, port = "", user, identityFiles } = found;
  return {
    identityFiles,
    ...(hostname === undefined ? {} : { hostName: hostname.replaceAll("%h", host) }),
    ...(/^\d{1,5}$/.test(port) ? { port: Number(port) } : {}),
    ...(user === undefined ? {} : { user }),
  };
}

/** True where a pattern matches the host and no `!pattern` does; `*` and `?` as in shells, of names also case counts not. */
export function isMeant(patterns: readonly string[], host: string): boolean {
  const matches = (pattern: string) => {
    const plain = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`^${plain.replaceAll("*", ".*").replaceAll("?", ".")}$`, "is").test(host);
  };
  const isRefused = patterns.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1)));
  return !isRefused && patterns.some((pattern) => !pattern.startsWith("!") && matches(pattern));
}

function unquoted(value: string): string {
  return value.replace(/^"(.*)"$/, "$1");
}

/** A leading `~` and `%d` are the home folder. */
export function pathOf(path: string, home: string): string {
  const whole = path.replace(/^~(?=\/|$)/, home).replaceAll("%d", home);
  return whole.startsWith("/") ? whole : join(home, whole);
}
