/** Who asks: read from the variables that the Swift and OpenStack clients know. */

import { HaulError } from "../../errors.ts";
import { keepSecret } from "../../secrets.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** A name or an id, and of a name the domain that it is one in. */
export type NameOrId =
  | { readonly id: string }
  | { readonly name: string; readonly domain: { readonly id: string } | { readonly name: string } };

export type Login =
  | { readonly kind: "v1"; readonly auth: string; readonly user: string; readonly key: string }
  | {
      readonly kind: "v3";
      readonly auth: string;
      /** As Keystone wants it. */
      readonly identity: unknown;
      /** Null where the credential belongs to one project. */
      readonly project: NameOrId | null;
      readonly region: string;
      readonly interface: string;
      /** Asked in place of what the catalogue of services names; "" elsewhere. */
      readonly storageUrl: string;
    }
  | { readonly kind: "token"; readonly storageUrl: string; readonly token: string };

/** Where a login leads: tells two services with the same names apart, and holds no secret. */
export function addressOf(login: Login): string {
  return login.kind === "token" ? login.storageUrl : login.auth;
}

/**
 * | set                                              | then                                     |
 * |--------------------------------------------------|------------------------------------------|
 * | ST_AUTH, ST_USER, ST_KEY                         | auth v1, as Swift's TempAuth and Rackspace |
 * | OS_STORAGE_URL, OS_AUTH_TOKEN, no OS_AUTH_URL    | the token itself; it cannot be renewed   |
 * | OS_AUTH_URL, OS_APPLICATION_CREDENTIAL_ID/SECRET | Keystone v3, application credential      |
 * | OS_AUTH_URL, OS_USERNAME, OS_PASSWORD            | Keystone v3, password                    |
 * | anything else                                    | `credentials`, which names what is missing |
 *
 * @throws HaulError `credentials`; what it says names variables, never what they hold
 */
export function loginFrom(env: Env): Login {
  const of = (...names: string[]) => names.map((name) => plain(name, env[name] ?? "")).find((it) => it) ?? "";
  for (const name of SECRETS) keepSecret(plain(name, env[name] ?? ""));
  const [auth, user, key] = [of("ST_AUTH"), of("ST_USER"), of("ST_KEY")];
  if (auth !== "" && user !== "" && key !== "") return { kind: "v1", auth: url(auth), user, key };
  if (auth !== "" && of("OS_AUTH_URL") === "") throw missing("ST_AUTH", { ST_USER: user, ST_KEY: key });
  const [storageUrl, token] = [of("OS_STORAGE_URL"), of("OS_AUTH_TOKEN")];
  if (of("OS_AUTH_URL") !== "") return keystone(of, storageUrl);
  if (storageUrl !== "" && token !== "") return { kind: "token", storageUrl: url(storageUrl), token };
  throw new HaulError(
    "credentials",
    "No credentials for Swift were found. Set ST_AUTH, ST_USER and ST_KEY (auth v1), or OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME (Keystone v3)",
    { place: "swift" },
  );
}

/** What these hold stands in no message, also where the store quotes it. */
const SECRETS = ["ST_KEY", "OS_PASSWORD", "OS_AUTH_TOKEN", "OS_APPLICATION_CREDENTIAL_SECRET"];

/** What was read from a file often ends in a line break; a blank may belong to a password. */
function plain(name: string, value: string): string {
  const text = value.replace(/[\r\n]+$/, "");
  if (!/[\r\n\0]/.test(text)) return text;
  throw new HaulError("credentials", `${name} has a line break in its midst`, { place: "swift" });
}

type Of = (...names: string[]) => string;

function keystone(of: Of, storageUrl: string): Login {
  const auth = url(of("OS_AUTH_URL"));
  if (/\/v[12](\.\d+)?\/*$/.test(new URL(auth).pathname)) {
    throw new HaulError(
      "credentials",
      "OS_AUTH_URL is of Keystone v2, which is gone from OpenStack: use its /v3 address; for auth v1 set ST_AUTH, ST_USER and ST_KEY",
      { place: "swift" },
    );
  }
  const common = {
    kind: "v3" as const,
    auth: `${auth.replace(/\/+$/, "").replace(/\/v3$/, "")}/v3`,
    region: of("OS_REGION_NAME"),
    interface: of("OS_INTERFACE", "OS_ENDPOINT_TYPE").replace(/URL$/, "") || "public",
    storageUrl: storageUrl === "" ? "" : url(storageUrl),
  };
  const credential = applicationCredential(of);
  if (credential !== null) return { ...common, identity: credential, project: null };
  const [name, id] = [of("OS_USERNAME"), of("OS_USER_ID")];
  const password = of("OS_PASSWORD");
  if ((name === "" && id === "") || password === "") {
    throw missing("OS_AUTH_URL", { OS_USERNAME: name || id, OS_PASSWORD: password });
  }
  const user = id === "" ? { name, domain: userDomain(of) } : { id };
  return {
    ...common,
    identity: { methods: ["password"], password: { user: { ...user, password } } },
    project: projectOf(of),
  };
}

function applicationCredential(of: Of): unknown {
  const [id, name] = [of("OS_APPLICATION_CREDENTIAL_ID"), of("OS_APPLICATION_CREDENTIAL_NAME")];
  if (id === "" && name === "") return null;
  const secret = of("OS_APPLICATION_CREDENTIAL_SECRET");
  if (secret === "") {
    throw missing("OS_APPLICATION_CREDENTIAL_ID", { OS_APPLICATION_CREDENTIAL_SECRET: "" });
  }
  const user = of("OS_USER_ID") === "" ? { name: of("OS_USERNAME"), domain: userDomain(of) } : { id: of("OS_USER_ID") };
  const which = id === "" ? { name, user } : { id };
  return { methods: ["application_credential"], application_credential: { ...which, secret } };
}

function projectOf(of: Of): NameOrId {
  const id = of("OS_PROJECT_ID", "OS_TENANT_ID");
  if (id !== "") return { id };
  const name = of("OS_PROJECT_NAME", "OS_TENANT_NAME");
  if (name === "") throw missing("OS_AUTH_URL", { OS_PROJECT_NAME: "" });
  return { name, domain: domain(of("OS_PROJECT_DOMAIN_ID"), of("OS_PROJECT_DOMAIN_NAME")) };
}

function userDomain(of: Of) {
  return domain(of("OS_USER_DOMAIN_ID"), of("OS_USER_DOMAIN_NAME"));
}

/** The domain that OpenStack's own client takes when none is named. */
function domain(id: string, name: string) {
  return id === "" && name !== "" ? { name } : { id: id || "default" };
}

function url(text: string): string {
  if (URL.canParse(text) && /^https?:/i.test(text)) return text;
  throw new HaulError(
    "credentials",
    "The address to sign in at (ST_AUTH, OS_AUTH_URL or OS_STORAGE_URL) is no http:// or https:// URL",
    { place: "swift" },
  );
}

function missing(where: string, values: Readonly<Record<string, string>>): HaulError {
  const names = Object.keys(values).filter((name) => values[name] === "");
  return new HaulError("credentials", `${where} is set, and ${names.join(" and ")} is not`, {
    place: "swift",
  });
}
