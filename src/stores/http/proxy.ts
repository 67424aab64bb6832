/**
 * The proxy for an address, by the variables that curl, the AWS tools and rclone know: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY
 * where these say nothing, and NO_PROXY, in lower case before upper. As curl does it, a loopback address is one like any other: NO_PROXY must name it.
 */

import { BlockList, isIP } from "node:net";
import { HaulError } from "../../errors.ts";

export type ProxyVariables = Readonly<Record<string, string | undefined>>;

/** @returns null where the address is reached directly @throws HaulError `usage` for a proxy of another kind than HTTP */
export function proxyFor(address: URL, env: ProxyVariables): URL | null {
  const names = [address.protocol === "https:" ? "https_proxy" : "http_proxy", "all_proxy"];
  const all = names.flatMap((one) => [one, one.toUpperCase()]);
  const name = all.find((one) => (env[one] ?? "") !== "") ?? "";
  const written = env[name] ?? "";
  if (written === "" || isExempt(address, env.no_proxy || env.NO_PROXY || "")) return null;
  const text = written.includes("://") ? written : `http://${written}`;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    const says = `${name.toUpperCase()} names no proxy that is reached by http:// or https://, which are those that photohaul knows (no SOCKS). Nothing is sent past it: set another one, or name this host in NO_PROXY`;
    throw new HaulError("usage", says);
  }
  return new URL(text);
}

/** `*`, a host and all below it, with a port or without, an address, or a range of addresses as `10.0.0.0/8`. */
function isExempt(address: URL, list: string): boolean {
  const host = address.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = address.port || (address.protocol === "https:" ? "443" : "80");
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => entry === "*" || matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  const [, range = "", bits = ""] = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (bits !== "") return isInRange(host, range, Number(bits));
  const [, name = entry, only] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const bare = name.replace(/^\[|\]$/g, "").replace(/^\*?\./, "");
  return host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`));
}

function isInRange(host: string, range: string, bits: number): boolean {
  const kind = isIP(host);
  if (kind === 0 || isIP(range) !== kind || bits > (kind === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const family = kind === 4 ? "ipv4" : "ipv6";
  list.addSubnet(range, bits, family);
  return list.check(host, family);
}
