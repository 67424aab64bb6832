/** To whom is sealed: age recipients, which are public, checked before anything is sealed to them. */

import { bech32 } from "@scure/base";
import { HaulError } from "../errors.ts";

export interface Recipient {
  /** `age1…`, in lower case. */
  readonly text: string;
  /** `hybrid` is the post-quantum one, `age1pq1…`: age 1.3 or newer reads it. */
  readonly kind: "x25519" | "hybrid";
  readonly bytes: Uint8Array;
}

const KINDS = [
  { prefix: "age", kind: "x25519", length: 32 },
  { prefix: "age1pq", kind: "hybrid", length: 1216 },
] as const;

/** @throws HaulError `usage` where it is none, is mistyped, or is of a kind that this version does not seal to */
export function parseRecipient(text: string): Recipient {
  const plain = text.toLowerCase();
  const shown = plain.length > 70 ? `${plain.slice(0, 30)}…` : plain;
  if (plain.startsWith("age-secret-key-")) {
    throw new HaulError("usage", "a secret key is not what photos are sealed to: name its recipient, age1…");
  }
  const read = decoded(plain);
  for (const { prefix, kind, length } of KINDS) {
    if (read?.prefix === prefix && read.bytes.length === length) return { text: plain, kind, bytes: read.bytes };
  }
  if (read !== null) throw new HaulError("usage", `${shown}: photohaul seals to recipients age1… and age1pq1… only`);
  const says = plain.startsWith("age1")
    ? `the recipient ${shown} is mistyped: its checksum does not fit, so a letter of it is wrong or missing`
    : `${shown} is no recipient of age: one begins with age1`;
  throw new HaulError("usage", says);
}

/**
 * The recipients of one target, each once.
 * @throws HaulError `usage` where one would take away what another is for
 */
export function together(recipients: readonly Recipient[]): readonly Recipient[] {
  const each = [...new Map(recipients.map((recipient) => [recipient.text, recipient])).values()];
  if (new Set(each.map(({ kind }) => kind)).size <= 1) return each;
  const says =
    "recipients age1pq1… and age1… are not mixed: what is sealed to both is no safer than the weaker of them";
  throw new HaulError("usage", `${says}. Name all of one kind`);
}

function decoded(text: string): { readonly prefix: string; readonly bytes: Uint8Array } | null {
  try {
    const at = text.lastIndexOf("1");
    // A hybrid recipient is longer than bech32 itself lets a text be.
    const { prefix, words } = bech32.decode(`${text.slice(0, at)}1${text.slice(at + 1)}`, false);
    return { prefix, bytes: bech32.fromWords(words) };
  } catch {
    return null;
  }
}
