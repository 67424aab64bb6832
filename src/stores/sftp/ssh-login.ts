/** How a server is logged in to: which host, as whom, with which keys; what the agent, the files of `~/.ssh` and the environment hold. */

import { readFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import ssh2, { type AnyAuthMethod, type AuthenticationType, type ParsedKey } from "ssh2";
import { HaulError } from "../../errors.ts";
import { keepSecret } from "../../secrets.ts";
import { configOf, pathOf } from "./ssh-config.ts";

/** Has the password, or the passphrase of a key. */
export const PASSWORD_VARIABLE = "PHOTOHAUL_SSH_PASSWORD";
const USUAL_KEYS = ["id_ed25519", "id_ecdsa", "id_rsa"];

export interface SshPlace {
  /** As it was typed. */
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
}

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** What may be shown, in this order. */
  readonly methods: readonly AnyAuthMethod[];
  /** What was tried or could not be, in words, for who is refused. */
  readonly tried: string[];
}

/** `user@host:port` of an address. @throws HaulError `usage` */
export function sshPlaceOf(authority: string, typed: string): SshPlace {
  const at = authority.lastIndexOf("@");
  const [, host = "", port = ""] = /^(\[[0-9a-f:.]+\]|[^:]*)(?::(\d+))?$/i.exec(authority.slice(at + 1)) ?? [];
  if (host === "" || Number(port) > 65_535) {
    throw new HaulError("usage", `${typed}: name a server, as in sftp://user@host/path or sftp://user@host:23/path`);
  }
  return {
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? undefined : Number(port),
    user: at <= 0 ? undefined : decodeURIComponent(authority.slice(0, at)),
  };
}

/** Where keys are looked for. */
interface KeyPlaces {
  /** The key file that was named; null for the usual ones. */
  readonly identity: string | null;
  /** `~/.ssh` */
  readonly folder: string;
}

/** @throws HaulError `credentials` where the key that was named cannot be used */
export async function loginTo({ identity, folder, ...place }: SshPlace & KeyPlaces): Promise<Login> {
  const text = await readFile(join(folder, "config"), "utf8").catch(() => "");
  const config = configOf(text, place.host, homedir());
  const login = {
    host: config.hostName ?? place.host,
    port: place.port ?? config.port ?? 22,
    user: place.user ?? config.user ?? userInfo().username,
  };
  const tried: string[] = [];
  const methods: AnyAuthMethod[] = [{ type: "none", username: login.user }];
  const named = identity === null ? config.identityFiles : [pathOf(identity, process.cwd())];
  const addKey = async (file: string, mustBe: boolean) => {
    const key = await keyIn(file, mustBe);
    if (typeof key === "string") tried.push(key);
    else if (key !== null) methods.push({ type: "publickey", username: login.user, key });
  };
  for (const file of named) await addKey(file, identity !== null);
  const { SSH_AUTH_SOCK: agent = "", [PASSWORD_VARIABLE]: password = "" } = process.env;
  keepSecret(password);
  if (agent !== "") methods.push({ type: "agent", username: login.user, agent });
  else tried.push("no agent runs (SSH_AUTH_SOCK)");
  if (named.length === 0) for (const name of USUAL_KEYS) await addKey(join(folder, name), false);
  if (password === "") return { ...login, methods, tried };
  const answer = (prompts: readonly unknown[], finish: (answers: string[]) => void) =>
    finish(prompts.map(() => password));
  methods.push({ type: "password", username: login.user, password });
  methods.push({
    type: "keyboard-interactive",
    username: login.user,
    prompt: (_name, _instructions, _lang, prompts, finish) => answer(prompts, finish),
  });
  return { ...login, methods, tried };
}

/** Null where there is no such file; a sentence where it cannot be used. */
async function keyIn(file: string, mustBe: boolean): Promise<ParsedKey | string | null> {
  const text = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (!mustBe && error.code === "ENOENT") return null;
    throw new HaulError("credentials", `the key ${file} cannot be read (${error.code})`, {
      place: "sftp",
      cause: error,
    });
  });
  if (text === null) return null;
  const parsed = ssh2.utils.parseKey(text, process.env[PASSWORD_VARIABLE] || undefined);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  const says =
    key instanceof Error || key === undefined
      ? /passphrase|Encrypted/i.test(String(key))
        ? `${file} has a passphrase: add it to the agent (ssh-add), or set ${PASSWORD_VARIABLE}`
        : `${file} is no key that can be read`
      : key.isPrivateKey()
        ? null
        : `${file} is a public key; the private one beside it is needed`;
  if (says === null && key !== undefined && !(key instanceof Error)) return key;
  if (mustBe) throw new HaulError("credentials", says ?? file, { place: "sftp" });
  return says;
}

/** Offers one method after the other, but those that the server has said it takes none of; notes what was tried. */
export function offering({ methods, tried }: Login) {
  const rest = [...methods];
  return (
    left: AuthenticationType[] | null,
    _partly: boolean | null,
    next: (method: AnyAuthMethod | false) => void,
  ) => {
    for (;;) {
      const method = rest.shift();
      if (method === undefined) {
        if (left !== null) tried.push(`the server takes ${left.join(", ") || "nothing more"}`);
        return next(false);
      }
      const name = method.type === "agent" ? "publickey" : method.type;
      if (method.type !== "none" && left !== null && left.length > 0 && !left.includes(name)) continue;
      if (method.type !== "none") tried.push(wordsFor(method));
      return next(method);
    }
  };
}

function wordsFor(method: AnyAuthMethod): string {
  if (method.type === "agent") return "the keys of the agent";
  if (method.type === "publickey") {
    const { key } = method;
    const comment = typeof key === "object" && "comment" in key ? key.comment : "";
    return comment === "" ? "a key" : `the key "${comment}"`;
  }
  return method.type === "none" ? "nothing" : `the password in ${PASSWORD_VARIABLE} (${method.type})`;
}
