/**
 * Stands in the place of rclone where that has to go wrong: a folder of this computer as its one remote, `fake:`. It writes
 * down each call, and does what faults.json beside the folder says.
 */

import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
} from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname, join, relative } from "node:path";
import process from "node:process";

const home = process.env.FAKE_RCLONE ?? "";
const root = join(home, "remote");

/** What goes wrong with a verb, after so many calls that go well. */
export interface Fault {
  readonly verb: string;
  readonly skip?: number;
  readonly times?: number;
  /** `die`: in the midst of it; `hang`: no answer; `lose`: done, and no answer; else what it says. */
  readonly how: string;
}

export interface Faults {
  readonly version?: string;
  readonly features?: Readonly<Record<string, boolean>>;
  readonly hashes?: readonly string[];
  readonly faults?: readonly Fault[];
  /** Added to the listing, line by line; a folder of them has the bytes by their numbers. */
  readonly twins?: readonly Readonly<Record<string, unknown>>[];
  /** Printed before `]`, or in its place. */
  readonly lsjson?: { readonly cut?: boolean; readonly exit?: number; readonly says?: string };
}

const faults: Faults = existsSync(join(home, "faults.json"))
  ? JSON.parse(readFileSync(join(home, "faults.json"), "utf8"))
  : {};

function faultOf(verb: string): string | null {
  for (const [at, fault] of (faults.faults ?? []).entries()) {
    if (fault.verb !== verb) continue;
    // It goes on counting when it is begun anew.
    const log = join(home, `struck-${at}`);
    appendFileSync(log, ".");
    const count = readFileSync(log).length;
    const { skip = 0, times = 1 } = fault;
    if (count > skip && count <= skip + times) return fault.how;
  }
  return null;
}

function say(level: string, msg: string): void {
  process.stderr.write(`${JSON.stringify({ level, msg })}\n`);
}

function entry(path: string): Record<string, unknown> | null {
  const file = join(root, path);
  if (!existsSync(file) || !statSync(file).isFile()) return null;
  const { size, mtime } = statSync(file);
  return { Path: path, Name: path.split("/").at(-1), Size: size, ModTime: mtime.toISOString(), IsDir: false };
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)));
}

const folderOf = (fs: string) => fs.replace(/^fake:\/?/, "");

type Input = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** @throws Error with rclone's words */
function answer(verb: string, input: Input): unknown {
  const at = join(folderOf(text(input.fs)), text(input.remote));
  if (!/^(fake:.*|)$/.test(text(input.fs)) && verb !== "operations/stat") {
    throw new Error(`didn't find section in config file ("${text(input.fs).split(":")[0]}")`);
  }
  if (verb === "operations/fsinfo") {
    const { features = {}, hashes = [] } = faults;
    return { Features: { SlowHash: false, ...features }, Hashes: hashes, Precision: 1, String: "Fake", Root: "" };
  }
  if (verb === "operations/stat") return { item: entry(at) };
  if (verb === "operations/list") {
    const folder = join(root, at);
    if (!existsSync(folder)) throw new Error("error in ListJSON: directory not found");
    return { list: filesBelow(folder).map((path) => ({ ...entry(join(at, path)), Path: path })) };
  }
  if (verb === "operations/copyfile") return copy(input);
  if (verb === "operations/about") return { free: 1_000_000_000 };
  if (verb === "core/stats") return { bytes: 0 };
  if (verb === "backend/command" && input.command === "copyid") {
    const [id = "", to = ""] = input.arg as string[];
    copyFileSync(join(home, "twins", id), to);
    return {};
  }
  if (verb === "rc/noop") return {};
  throw new Error(`${verb}: nobody asks this of rclone`);
}

function copy({ srcFs, srcRemote, dstFs, dstRemote, _config }: Input): unknown {
  const from = join(text(srcFs), text(srcRemote));
  const to = join(root, folderOf(text(dstFs)), text(dstRemote));
  const spares = (_config as { IgnoreExisting?: boolean } | undefined)?.IgnoreExisting === true;
  if (existsSync(to) && spares) return {};
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  const { mtime } = statSync(from);
  utimesSync(to, mtime, mtime);
  return {};
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "GET") return give(request, response);
  const verb = (request.url ?? "").slice(1);
  const input: Input = JSON.parse((await bodyOf(request)) || "{}");
  if (verb !== "rc/noop") appendFileSync(join(home, "calls.log"), `${JSON.stringify({ verb, input })}\n`);
  const fault = faultOf(verb);
  if (fault === "die") {
    say("critical", "out of memory");
    process.exit(2);
  }
  if (fault === "hang") return;
  const send = (status: number, value: unknown) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  try {
    if (fault !== null && fault !== "lose") throw new Error(fault);
    const value = answer(verb, input);
    if (fault === "lose") return void request.socket.destroy();
    send(200, value);
  } catch (error) {
    send(500, { error: error instanceof Error ? error.message : "", input, path: verb, status: 500 });
  }
}

function give(request: IncomingMessage, response: ServerResponse): void {
  const [, fs = "", path = ""] = /^\/\[(.*?)\]\/(.*)$/.exec(decodeURIComponent(request.url ?? "")) ?? [];
  appendFileSync(join(home, "calls.log"), `${JSON.stringify({ verb: "GET", input: { fs, path } })}\n`);
  const file = join(root, folderOf(fs), path);
  if (!existsSync(file)) {
    response.writeHead(404, { "content-type": "application/json" });
    return void response.end(JSON.stringify({ error: "failed to find object: object not found", status: 404 }));
  }
  const bytes = readFileSync(file);
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers = { "content-length": bytes.length - from, "last-modified": statSync(file).mtime.toUTCString() };
  const range = { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
  response.writeHead(from > 0 ? 206 : 200, { ...headers, ...(from > 0 ? range : {}) });
  response.end(faultOf("GET") === "cut" ? bytes.subarray(from, from + 10) : bytes.subarray(from));
}

function list(fs: string): void {
  appendFileSync(join(home, "calls.log"), `${JSON.stringify({ verb: "lsjson", input: { fs } })}\n`);
  const { cut = false, exit = 0, says } = faults.lsjson ?? {};
  const folder = folderOf(fs);
  if (!existsSync(join(root, folder))) {
    say("critical", "Failed to lsjson: error in ListJSON: directory not found");
    process.exit(3);
  }
  const files = filesBelow(join(root, folder)).map((path) => ({ ...entry(join(folder, path)), Path: path }));
  const lines = [...files, ...(faults.twins ?? [])].map((one) => JSON.stringify(one));
  process.stdout.write(`[\n${lines.join(",\n")}\n${cut ? "" : "]\n"}`);
  if (says !== undefined) say("notice", says);
  process.exitCode = exit;
}

const [command = "", ...args] = process.argv.slice(2);
if (command === "version") process.stdout.write(`rclone v${faults.version ?? "1.75.2"}\n- os/version: none\n`);
else if (faults.faults?.some(({ verb }) => verb === command)) {
  say("critical", faults.faults.find(({ verb }) => verb === command)?.how ?? "");
  process.exitCode = 1;
} else if (command === "lsjson") list(args.at(-1) ?? "");
else if (command === "rcd") {
  const socket = (args[args.indexOf("--rc-addr") + 1] ?? "").replace("unix://", "");
  createServer((request, response) => void serve(request, response)).listen(socket);
  process.on("SIGTERM", () => process.exit(0));
}
