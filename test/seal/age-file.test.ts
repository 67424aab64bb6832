import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import {
  armor,
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import * as vectors from "cctv-age";
import { describe, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import { createOpener, createSealer, overhead, plainSize } from "../../src/seal/age-file.ts";
import { parseRecipient } from "../../src/seal/recipients.ts";

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

interface Vector {
  readonly name: string;
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly file: Uint8Array;
}

/** A text of `name: value` lines, an empty line, and the file (github.com/C2SP/CCTV, age). */
function vectorOf(name: string, bytes: Uint8Array): Vector {
  const text = Buffer.from(bytes);
  const end = text.indexOf("\n\n");
  const fields = new Map<string, string[]>();
  for (const line of text.toString("utf8", 0, end).split("\n")) {
    const [field = "", value = ""] = line.split(/: (.*)/s);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  const rest = text.subarray(end + 2);
  return { name, fields, file: fields.get("compressed")?.[0] === "zlib" ? inflateSync(rest) : rest };
}

const VECTORS = Object.entries((vectors as { default?: Record<string, Uint8Array> }).default ?? vectors)
  .filter((entry): entry is [string, Uint8Array] => entry[1] instanceof Uint8Array)
  .map(([name, bytes]) => vectorOf(name, bytes));

describe("the test vectors of age", () => {
  test("are all there", () => {
    expect(VECTORS.length).toBe(143);
  });

  test.each(VECTORS.map((vector) => [vector.name, vector] as const))("%s", async (_, { fields, file }) => {
    const [wanted = ""] = fields.get("expect") ?? [];
    const open = async () => {
      const bytes = fields.has("armored") ? armor.decode(Buffer.from(file).toString("latin1")) : file;
      const opener = createOpener(fields.get("identity") ?? [], fields.get("passphrase") ?? []);
      return all(opener.open(pieces(bytes, 777), "it"));
    };
    if (wanted !== "success") return expect(open()).rejects.toThrow();
    const digest = createHash("sha256").update(await open());
    expect(digest.digest("hex")).toBe(fields.get("payload")?.[0]);
  });
});

const CHUNK = 64 * 1024;
const SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 200_000, 1_000_003];

describe("a sealed file", () => {
  const bodyOf = (size: number) => Buffer.alloc(size, "photohaul ");

  test.each(SIZES)(
    "of %i bytes is opened by each of its keys, here and by age's own package, and has the length that was told",
    async (size) => {
      const identities = [await generateX25519Identity(), await generateX25519Identity()];
      const recipients = await Promise.all(identities.map(identityToRecipient));
      const sealer = await createSealer(recipients.map(parseRecipient));
      for (const piece of [1_000, CHUNK, 3_000_000]) {
        const sealed = await all(sealer.seal(pieces(bodyOf(size), piece)));
        expect(plainSize(sealed.length, sealer.headerLength)).toBe(size);
        expect(sealed.length).toBeLessThanOrEqual(size + overhead(size, sealer.headerLength));
        for (const identity of identities) {
          expect((await all(createOpener([identity]).open(pieces(sealed, piece), "it"))).equals(bodyOf(size))).toBe(
            true,
          );
          const theirs = new Decrypter();
          theirs.addIdentity(identity);
          expect(Buffer.from(await theirs.decrypt(sealed)).equals(bodyOf(size))).toBe(true);
        }
      }
      const encrypter = new Encrypter();
      for (const recipient of recipients) encrypter.addRecipient(recipient);
      const theirs = await encrypter.encrypt(bodyOf(size));
      expect((await all(createOpener(identities).open(pieces(theirs, 999), "it"))).equals(bodyOf(size))).toBe(true);
    },
  );

  test("of a hybrid recipient opens as well", async () => {
    const identity = await generateHybridIdentity();
    const sealer = await createSealer([parseRecipient(await identityToRecipient(identity))]);
    const sealed = await all(sealer.seal([Buffer.from("photo")]));
    expect((await all(createOpener([identity]).open(pieces(sealed, 50), "it"))).toString()).toBe("photo");
    expect(plainSize(sealed.length, sealer.headerLength)).toBe(5);
  });

  test("is another one each time", async () => {
    const sealer = await createSealer([parseRecipient(await identityToRecipient(await generateX25519Identity()))]);
    const [one, other] = [await all(sealer.seal([Buffer.from("1")])), await all(sealer.seal([Buffer.from("1")]))];
    expect(one.equals(other)).toBe(false);
  });

  test("that is cut anywhere, or has a bit turned over, is refused, and never ends as if it were whole", async () => {
    const identity = await generateX25519Identity();
    const sealer = await createSealer([parseRecipient(await identityToRecipient(identity))]);
    const sealed = await all(sealer.seal([bodyOf(2 * CHUNK)]));
    const start = sealer.headerLength + 16;
    const cuts = [
      0,
      1,
      100,
      start - 16,
      start - 1,
      start,
      start + 1,
      start + CHUNK + 16,
      sealed.length - 17,
      sealed.length - 16,
      sealed.length - 1,
    ];
    const opener = createOpener([identity]);
    for (const cut of cuts) {
      await expect(
        all(opener.open(pieces(sealed.subarray(0, cut), 5_000), "it")),
        `cut at ${cut}`,
      ).rejects.toMatchObject({ code: "broken" });
    }
    for (const at of [0, 30, start - 20, start - 3, start + 5, start + CHUNK + 3, sealed.length - 1]) {
      const flipped = Buffer.from(sealed);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      const error: unknown = await all(opener.open(pieces(flipped, 5_000), "it")).catch((thrown: unknown) => thrown);
      expect(error, `flipped at ${at}`).toBeInstanceOf(HaulError);
    }
    const longer = Buffer.concat([sealed, Buffer.from([0])]);
    await expect(all(opener.open(pieces(longer, 5_000), "it"))).rejects.toMatchObject({ code: "broken" });
  });

  test("is not opened by another key, which is told of this file only", async () => {
    const sealer = await createSealer([parseRecipient(await identityToRecipient(await generateX25519Identity()))]);
    const sealed = await all(sealer.seal([Buffer.from("photo")]));
    const opened = all(createOpener([await generateX25519Identity()]).open(pieces(sealed, 50), "it"));
    await expect(opened).rejects.toMatchObject({ code: "sealed", endsRun: false });
  });
});
