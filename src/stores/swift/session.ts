/** Signing in: from a login to the address of the account and a token. */

import { z } from "zod";
import { HaulError } from "../../errors.ts";
import { jsonOf } from "../../manifest-entry.ts";
import { keepSecret } from "../../secrets.ts";
import type { Connections } from "../http/connections.ts";
import type { Exchanged } from "../http/exchange.ts";
import { one } from "../http/header.ts";
import { type Asked, readBody, readRefused } from "../http/wire.ts";
import { addressOf, type Login } from "./login.ts";
import { toError } from "./swift-error-map.ts";

export interface Session {
  /** Of the account: `https://storage.example.com/v1/AUTH_abc`, no slash at its end. */
  readonly storage: URL;
  readonly token: string;
}

/**
 * One attempt.
 * @throws HaulError `credentials` where the login is refused, or the answer comes from something that is no Swift
 */
export async function signIn(line: Connections, login: Login, signal: AbortSignal): Promise<Session> {
  const session = await signedIn(line, login, signal);
  keepSecret(session.token);
  return session;
}

async function signedIn(line: Connections, login: Login, signal: AbortSignal): Promise<Session> {
  if (login.kind === "v1") return firstVersion(line, login, signal);
  if (login.kind === "v3") return keystone(line, login, signal);
  return { storage: storageOf(login.storageUrl), token: login.token };
}

async function firstVersion(
  line: Connections,
  login: Extract<Login, { kind: "v1" }>,
  signal: AbortSignal,
): Promise<Session> {
  const headers = { "x-auth-user": latin1(login.user), "x-auth-key": latin1(login.key) };
  const { answer } = await ask(line, login, { path: "", method: "GET", headers }, signal);
  const token = one(answer.headers, "x-auth-token") || one(answer.headers, "x-storage-token");
  const storage = one(answer.headers, "x-storage-url");
  if (storage === "" || token === "") {
    // A wrong address may answer with a page and 200, as that of Rackspace does.
    const says = `${login.auth} answers (${answer.status}), but names no X-Storage-Url: is ST_AUTH the address of auth v1, such as https://…/v1.0?`;
    throw new HaulError("credentials", says, { place: "swift" });
  }
  return { storage: storageOf(storage), token };
}

const Endpoint = z.object({
  interface: z.string(),
  region: z.string().nullish(),
  region_id: z.string().nullish(),
  url: z.string(),
});
const Token = z.object({
  token: z.object({
    catalog: z.array(z.object({ type: z.string(), endpoints: z.array(Endpoint) })).default([]),
  }),
});

async function keystone(
  line: Connections,
  login: Extract<Login, { kind: "v3" }>,
  signal: AbortSignal,
): Promise<Session> {
  const { identity, project } = login;
  const scope = project === null ? {} : { scope: { project } };
  const body = JSON.stringify({ auth: { identity, ...scope } });
  const headers = { "content-type": "application/json", accept: "application/json" };
  const sent = { path: "/auth/tokens", method: "POST", headers, body } as const;
  const { answer, text } = await ask(line, login, sent, signal);
  const token = one(answer.headers, "x-subject-token");
  const read = Token.safeParse(jsonOf(text));
  if (token === "" || !read.success) {
    const says = `${login.auth} answers (${answer.status}), but gives no token: is OS_AUTH_URL the address of a Keystone v3?`;
    throw new HaulError("credentials", says, { place: "swift" });
  }
  if (login.storageUrl !== "") return { storage: storageOf(login.storageUrl), token };
  const stores = read.data.token.catalog.filter(({ type }) => type === "object-store");
  const found = stores
    .flatMap(({ endpoints }) => endpoints)
    .filter((endpoint) => endpoint.interface === login.interface)
    .map(({ region, region_id, url }) => ({ region: region ?? region_id ?? "", url }));
  return { storage: storageOf(endpointOf(found, login.region)), token };
}

/**
 * @param region "" where none was asked for
 * @throws HaulError `credentials` unless exactly one address is meant
 */
function endpointOf(found: readonly { readonly region: string; readonly url: string }[], region: string): string {
  const [first, second] = region === "" ? found : found.filter((it) => it.region === region);
  if (first !== undefined && second === undefined) return first.url;
  const regions = [...new Set(found.map((it) => it.region))].sort().join(", ");
  if (found.length === 0) {
    throw new HaulError(
      "credentials",
      "This account has no object store (no object-store in its catalogue of services)",
      { place: "swift" },
    );
  }
  const says =
    first === undefined ? `There is no object store in the region ${region}` : "There are several object stores";
  throw new HaulError("credentials", `${says}: set OS_REGION_NAME to one of ${regions}`, {
    place: "swift",
  });
}

interface Sent {
  /** After that of the address. */
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask(
  line: Connections,
  login: Login,
  { path, ...sent }: Sent,
  signal: AbortSignal,
): Promise<{ readonly answer: Exchanged; readonly text: string }> {
  const url = new URL(addressOf(login));
  const asked: Asked = { kind: "login", name: `signing in at ${url.origin}` };
  const place = { origin: url.origin, path: url.pathname + path + url.search };
  const answer = await line.send({ ...place, ...sent }, asked, signal);
  if (answer.status >= 300) {
    await readRefused(answer, asked, signal);
    throw toError(answer, "", asked);
  }
  const text = (await readBody(answer, asked, signal)).toString("utf8");
  return { answer, text };
}

function storageOf(text: string): URL {
  if (!URL.canParse(text)) {
    throw new HaulError("credentials", "The address of the object store, as signing in gave it, is no URL", {
      place: "swift",
    });
  }
  return new URL(text.replace(/\/+$/, ""));
}

/** Headers go out one character a byte; names beyond ASCII are sent as UTF-8. */
function latin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
