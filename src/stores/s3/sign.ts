/** Signs requests (AWS Signature Version 4). The address comes as it goes out, encoded byte by byte. */

import { createHash, createHmac, createSecretKey, type Hash, type Hmac, type KeyObject } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { keepPassingSecret } from "../../secrets.ts";

type Init = ConstructorParameters<typeof SignatureV4>[0];
type Signable = Parameters<SignatureV4["presign"]>[0];
export type Credentials = Init["credentials"];

/** SHA-256 of no body at all. */
const EMPTY_BODY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

export interface Unsigned {
  readonly method: string;
  readonly protocol: "http:" | "https:";
  /** With the port where it is not the usual one. */
  readonly host: string;
  /** Path and query, encoded; the query's parameters in order (see encoding.ts). */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body, hex; absent where there is none. */
  readonly bodySha256?: string;
}

/**
 * The library encodes a query by itself, from strings; a key that is not UTF-8 cannot be such a string. So
 * the query travels at the end of the path, where the library leaves it alone, and is put in its place here.
 */
class TargetSigner extends SignatureV4 {
  protected override createCanonicalRequest(
    request: Signable,
    canonicalHeaders: Record<string, string>,
    payloadHash: string,
  ): string {
    const [path = "/", query = ""] = request.path.split("?", 2);
    const names = Object.keys(canonicalHeaders).sort();
    const headers = names.map((name) => `${name}:${canonicalHeaders[name]}\n`).join("");
    return `${request.method}\n${path}\n${query}\n${headers}\n${names.join(";")}\n${payloadHash}`;
  }
}

export class Signer {
  readonly #signer: TargetSigner;

  constructor(credentials: Credentials, region: string) {
    this.#signer = new TargetSigner({
      service: "s3",
      region,
      credentials,
      sha256: Sha256,
      uriEscapePath: false,
    });
  }

  /** The headers to send with the request. Rejects when no credentials are found. */
  async sign(request: Unsigned): Promise<Record<string, string>> {
    const digest = request.bodySha256 ?? EMPTY_BODY;
    const signed = await this.#signer.sign({
      method: request.method,
      protocol: request.protocol,
      hostname: request.host,
      path: request.target,
      query: {},
      headers: { ...request.headers, host: request.host, "x-amz-content-sha256": digest },
    });
    const signature = /Signature=([0-9a-f]+)/.exec(signed.headers.authorization ?? "")?.[1];
    if (signature !== undefined) keepPassingSecret(signature);
    return signed.headers;
  }
}

type Secret = NonNullable<ConstructorParameters<NonNullable<Init["sha256"]>>[0]>;

/** SHA-256, or its HMAC where a secret is given, in the form that the library wants. */
class Sha256 {
  readonly #key: KeyObject | null;
  #hash: Hash | Hmac | null = null;

  constructor(secret?: Secret) {
    this.#key = secret === undefined ? null : keyOf(secret);
  }

  update(data: Uint8Array): void {
    this.#hash ??= this.#begin();
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    const hash = this.#hash ?? this.#begin();
    return Promise.resolve(hash.digest());
  }

  reset(): void {
    this.#hash = null;
  }

  #begin(): Hash | Hmac {
    return this.#key === null ? createHash("sha256") : createHmac("sha256", this.#key);
  }
}

/**
 * The library signs with two secrets, one of which lasts for a day. As a key object a secret makes an HMAC in
 * 4 µs, as bytes in 19, which is a tenth of all that fetching a small photo costs (measured, Node 24).
 */
const keys = new WeakMap<object, KeyObject>();
let last = { secret: "", key: createSecretKey("", "utf8") };

function keyOf(secret: Secret): KeyObject {
  if (typeof secret === "string") {
    if (secret !== last.secret) last = { secret, key: createSecretKey(secret, "utf8") };
    return last.key;
  }
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const key = createSecretKey(
    ArrayBuffer.isView(secret)
      ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
      : new Uint8Array(secret),
  );
  keys.set(secret, key);
  return key;
}
