/**
 * Health-check pings as healthchecks.io and its kin understand them: URL/start when a run begins, URL when it
 * went well, URL/fail when it did not, with the summary as the body. A check that hears nothing raises the alarm
 * by itself, which is how a run that never began is noticed.
 */

import { HaulError } from "../errors.ts";
import { retrying } from "../retry.ts";
import { keepSecretsOf } from "../secrets.ts";

export type PingMoment = "start" | "success" | "fail";

/** Longest a ping may take, in milliseconds: photos do not wait for a health check. */
const PATIENCE_MS = 10_000;
const ATTEMPTS = 3;

/** `https://hc.example/uuid?x=1` and "fail" → `https://hc.example/uuid/fail?x=1` */
export function pingUrl(url: string, moment: PingMoment): string {
  const address = new URL(url);
  const path = address.pathname.replace(/\/+$/, "");
  address.pathname = moment === "success" ? path || "/" : `${path}/${moment}`;
  return address.href;
}

/**
 * @param body sent as JSON
 * @returns null when the ping was taken, else why not, in words that name the host and not the address, which is a secret
 */
export async function ping(
  url: string,
  moment: PingMoment,
  body: string,
  patienceMs = PATIENCE_MS,
): Promise<string | null> {
  keepSecretsOf(new URL(url));
  const address = pingUrl(url, moment);
  const signal = AbortSignal.timeout(patienceMs);
  try {
    await retrying(() => post(address, body, signal), { signal, attempts: ATTEMPTS });
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `the ping to ${new URL(url).host} did not arrive: ${why}`;
  }
}

async function post(url: string, body: string, signal: AbortSignal): Promise<void> {
  const { address, authorization } = withoutPassword(url);
  const headers = { "content-type": "application/json", ...authorization };
  // Loaded when it is needed: a mirror between folders speaks no HTTP.
  const [{ Connections }, { WIRE }] = await Promise.all([
    import("../stores/http/connections.ts"),
    import("../stores/http/wire.ts"),
  ]);
  const { origin, pathname, search } = address;
  const asked = { kind: "login", name: "the health check" } as const;
  const line = new Connections({ ...WIRE, connections: 1 });
  try {
    const sent = { origin, path: pathname + search, method: "POST", headers, body } as const;
    const { status, body: page } = await line.send(sent, asked, signal).catch((cause: unknown) => {
      if (cause instanceof HaulError && !cause.retry) throw cause;
      throw new HaulError("unreachable", "no answer", { retry: true, cause });
    });
    page.destroy();
    mustBeTaken(status);
  } finally {
    await line.close();
  }
}

/**
 * The summary names buckets, drives and what went wrong: it goes to the address that was typed, and to no other.
 * @throws HaulError for an answer other than 2xx
 */
function mustBeTaken(status: number): void {
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) {
    const says = `the answer was ${status}, a way to another address, which no ping goes: give the address that it names`;
    throw new HaulError("server", says);
  }
  const retry = status >= 500 || status === 429;
  throw new HaulError("server", `the answer was ${status}`, { retry });
}

/** The server expects user and password of an address in a header. */
function withoutPassword(url: string) {
  const address = new URL(url);
  const { username, password } = address;
  if (username === "" && password === "") return { address, authorization: {} };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  return { address, authorization };
}
