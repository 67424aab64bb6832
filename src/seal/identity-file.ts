/** Keys that open what was sealed: read from a file of age's form, and made. They are secrets, and stand in no message. */

import { readFile, stat, writeFile } from "node:fs/promises";
import { HaulError } from "../errors.ts";
import { keepSecret } from "../secrets.ts";

/** As in age-file.ts. */
const age = () => import("age-encryption");

const ARMORED = "-----BEGIN AGE ENCRYPTED FILE-----";
/** More than any list of keys has, in bytes. */
const LONGEST = 2 ** 20;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The keys of a file, as `age -i` takes it; one that is sealed with a passphrase is opened with that of AGE_PASSPHRASE.
 * @throws HaulError `usage` where there is no such file, others can read it, or a line of it is no key
 */
export async function readIdentities(file: string, env: Environment): Promise<readonly string[]> {
  const bytes = await readPrivate(file);
  const text = isSealed(bytes) ? await unlocked(bytes, file, env) : bytes.toString("utf8");
  const identities: string[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const word = line.trim();
    if (word === "" || word.startsWith("#")) continue;
    keepSecret(word);
    identities.push(await checked(word, `line ${at + 1} of ${file}`));
  }
  if (identities.length > 0) return identities;
  throw new HaulError("usage", `${file} holds no key: a line of one begins with AGE-SECRET-KEY-`);
}

async function readPrivate(file: string): Promise<Buffer> {
  const about = await stat(file).catch((cause: unknown) => {
    throw new HaulError("usage", `the key file ${file} cannot be read: ${reasonOf(cause)}`, { cause });
  });
  if (!about.isFile() || about.size > LONGEST) throw new HaulError("usage", `${file} is no key file`);
  if (process.platform !== "win32" && (about.mode & 0o077) !== 0) {
    const hint = `\`chmod 600 ${file}\`; on a stick that knows no permissions, copy it into your home first. Then run the same line again. If others did read it, make a new key and seal to that from now on.`;
    throw new HaulError("usage", `others on this computer can read or change the key file ${file}`, { hint });
  }
  return readFile(file).catch((cause: unknown) => {
    throw new HaulError("usage", `the key file ${file} cannot be read: ${reasonOf(cause)}`, { cause });
  });
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return { ENOENT: "there is none", EACCES: "this user may not" }[code] ?? code;
}

function isSealed(bytes: Buffer): boolean {
  const start = bytes.toString("latin1", 0, 100).trimStart();
  return start.startsWith("age-encryption.org/") || start.startsWith(ARMORED);
}

async function unlocked(bytes: Buffer, file: string, { AGE_PASSPHRASE: passphrase }: Environment): Promise<string> {
  if (passphrase === undefined || passphrase === "") {
    const hint = "Put the passphrase into the environment variable AGE_PASSPHRASE, and run the same line again.";
    throw new HaulError("usage", `the key file ${file} is locked with a passphrase`, { hint });
  }
  keepSecret(passphrase);
  const { armor, Decrypter } = await age();
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    const text = bytes.toString("latin1");
    const plain = await decrypter.decrypt(text.trimStart().startsWith(ARMORED) ? armor.decode(text) : bytes);
    return Buffer.from(plain).toString("utf8");
  } catch (cause) {
    throw new HaulError("usage", `the passphrase in AGE_PASSPHRASE does not open the key file ${file}`, { cause });
  }
}

/** @param where for messages, which hold nothing of the line */
async function checked(word: string, where: string): Promise<string> {
  if (/^age1/i.test(word)) {
    throw new HaulError("usage", `${where} is a recipient, which only seals: to open, the key itself is needed`);
  }
  if (/^AGE-PLUGIN-/i.test(word)) throw new HaulError("usage", `${where} is a key of a plugin; photohaul knows none`);
  if (word.startsWith("-----BEGIN"))
    throw new HaulError("usage", `${where}: photohaul opens with keys of age, and not of SSH`);
  if (!/^AGE-SECRET-KEY-/i.test(word))
    throw new HaulError("usage", `${where} is no key: one begins with AGE-SECRET-KEY-`);
  const identity = word.toUpperCase();
  const { identityToRecipient } = await age();
  await identityToRecipient(identity).catch(() => {
    throw new HaulError("usage", `${where} is mistyped: its checksum does not fit, so a letter is wrong or missing`);
  });
  return identity;
}

export interface NewKey {
  readonly identity: string;
  readonly recipient: string;
}

/**
 * A new key in a new file, which only its owner can read, in the form of `age-keygen`.
 * @param hybrid for one that age reads from version 1.3 on
 * @throws HaulError `usage` where there is such a file; nothing is written over
 */
export async function makeKeyFile(file: string, hybrid: boolean): Promise<NewKey> {
  const { generateHybridIdentity, generateX25519Identity, identityToRecipient } = await age();
  const identity = await (hybrid ? generateHybridIdentity() : generateX25519Identity());
  keepSecret(identity);
  const recipient = await identityToRecipient(identity);
  const text = `# created: ${new Date().toISOString()}\n# public key: ${recipient}\n${identity}\n`;
  await writeNew(file, text);
  return { identity, recipient };
}

/** @throws HaulError `usage` */
export async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: "wx", mode: 0o600, flush: true }).catch((cause: unknown) => {
    const is = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    const says = is ? `${file} is there already, and a key is never written over` : `${file} cannot be written`;
    throw new HaulError("usage", says, { cause });
  });
}
