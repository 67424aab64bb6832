/**
 * Where a grid is and what opens it: the node that is asked, and the cap of a directory. A cap is a key: whoever has it has
 * what it names. It comes from a file that only its owner can read, is sent to a node on this computer or over TLS, and
 * stands in no text (secrets.ts).
 */

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { HaulError } from "../../errors.ts";
import { keepSecret } from "../../secrets.ts";

export interface GridPlace {
  /** The cap of the directory that the alias or file stands for. */
  readonly cap: string;
  /** Of the node, without a slash at its end. */
  readonly node: URL;
}

export interface GridOptions {
  /** Folder of the node, as `tahoe` has it; `~/.tahoe` where absent. For tests. */
  readonly nodeFolder?: string;
  /** Address of the node; TAHOE_NODE_URL, else node.url of its folder, where absent. For tests. */
  readonly nodeUrl?: string;
}

/**
 * @param container as `splitGrid` gives it
 * @throws HaulError `no-target` or `credentials`, each saying what to do
 */
export function findPlace(container: string, { nodeFolder, nodeUrl }: GridOptions = {}): GridPlace {
  const home = nodeFolder ?? join(homedir(), ".tahoe");
  const cap = isAbsolute(container) ? capIn(container) : capOf(container, home);
  keepSecret(cap);
  return { cap, node: nodeAt(nodeUrl ?? process.env.TAHOE_NODE_URL ?? urlIn(join(home, "node.url"))) };
}

/** A text that tells a cap, and nothing of what is in it. */
export function nameOfCap(cap: string): string {
  return createHash("sha256").update(cap).digest("base64url");
}

/** @throws what reading the file throws, in words */
function capIn(file: string): string {
  const text = read(file, () => {
    throw trouble(
      `there is no file ${file} with a cap in it`,
      "Write the cap into it (`tahoe list-aliases` shows those that there are) and `chmod 600` it.",
    );
  });
  mustBePrivate(file, file);
  const cap = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .find((line) => line !== "" && !line.startsWith("#"));
  if (cap !== undefined && isDirectoryCap(cap)) return cap;
  throw trouble(
    `${file} holds no cap of a directory`,
    "Its first line must be one that begins with URI:DIR2, as `tahoe mkdir` prints it.",
  );
}

function capOf(alias: string, home: string): string {
  const file = join(home, "private", "aliases");
  const text = read(file, () => "");
  const lines = text.split(/\r?\n/).map((line) => /^\s*([^#:\s][^:]*?)\s*:\s*(URI:\S+)/.exec(line));
  const aliases = new Map(lines.flatMap((found) => (found === null ? [] : [[found[1] ?? "", found[2] ?? ""]])));
  const cap = aliases.get(alias);
  if (cap === undefined) {
    const names = [...aliases.keys()].join(", ");
    const known = names === "" ? `${file} has none` : `there are ${names}`;
    throw trouble(
      `Tahoe knows no alias ${JSON.stringify(alias)} (${known})`,
      `Make it: \`tahoe create-alias ${alias || "photos"}\`. Or name a file with a cap in it, such as tahoe:./photos.cap.`,
    );
  }
  // Tahoe closes the folder, not the file.
  mustBePrivate(file, dirname(file));
  if (isDirectoryCap(cap)) return cap;
  throw trouble(
    `the alias ${alias} stands for no directory`,
    "Name another one, or make it: `tahoe create-alias photos`.",
  );
}

function isDirectoryCap(cap: string): boolean {
  return /^URI:DIR2(-(?!Verifier)[A-Z]+)*:\S+$/.test(cap);
}

/** @param guard what keeps others from the file where its own mode does not */
function mustBePrivate(file: string, guard: string): void {
  if (process.platform === "win32") return;
  const open = (path: string, bits: number) => (statSync(path).mode & bits) !== 0;
  if (!open(file, 0o077) || (guard !== file && !open(guard, 0o077))) return;
  const mode = (statSync(guard).mode & 0o777).toString(8);
  throw trouble(
    `${guard} can be read or written by others (mode ${mode}), and a cap in it is a key to every photo there`,
    `Close it: \`chmod ${guard === file ? "600" : "700"} ${guard}\`. If others may have read it, what it opens is open to them: make a new directory, and keep the photos there.`,
  );
}

/** @throws HaulError where the caps would go over a line that others can read */
function nodeAt(typed: string): URL {
  const text = typed.trim();
  if (!URL.canParse(text)) {
    throw trouble(
      `${JSON.stringify(text)} is no address of a Tahoe node`,
      "Set TAHOE_NODE_URL, such as http://127.0.0.1:3456.",
    );
  }
  const node = new URL(text);
  const here = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(node.hostname);
  if (node.protocol === "https:" || (node.protocol === "http:" && here)) return node;
  throw trouble(
    `the Tahoe node at ${node.host} would be sent the caps in clear`,
    "Name one on this computer (http://127.0.0.1:3456), or one behind https://, in TAHOE_NODE_URL.",
  );
}

function urlIn(file: string): string {
  return read(file, () => {
    throw trouble(
      `no Tahoe node is set up for this user: there is no ${file}`,
      "Make one (`tahoe create-client --introducer=FURL`) and start it (`tahoe run`), or set TAHOE_NODE_URL to the address of one.",
    );
  });
}

function read(file: string, otherwise: () => string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, "code") === "ENOENT") return otherwise();
    const why = error instanceof Error ? String(Reflect.get(error, "code")) : "";
    throw trouble(`${file} cannot be read (${why})`, "Make it readable for this user, and for nobody else.");
  }
}

function trouble(says: string, hint: string): HaulError {
  return new HaulError("no-target", says, { place: "tahoe", hint: `${hint} Then run the same line again.` });
}
