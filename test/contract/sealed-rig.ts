/** A sealed target in another place, looked at with age's own package and without the target's verbs. */

import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";
import { openSealedLines } from "../../src/catalogue/sealed-lines.ts";
import { parseRecipient } from "../../src/seal/recipients.ts";
import type { TargetOptions } from "../../src/targets/all.ts";
import type { TargetRig } from "./target-rig.ts";

/** Of tests only. */
export const KEYS = [
  "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
  "AGE-SECRET-KEY-1QYPQXPQ9QCRSSZG2PVXQ6RS0ZQG3YYC5Z5TPWXQERGD3C8G7RUSQGPQYEE",
];
/** To whom these open. */
export const RECIPIENTS = await Promise.all(KEYS.map(identityToRecipient));
/** As `mirror` is told it. */
export const SEALING = RECIPIENTS.flatMap((recipient) => ["--encrypt-to", recipient]);

/**
 * @param make the place that it lies in, whose rig may say of other files that they are debris
 * @param remembers true for the computer that writes it, which knows what it wrote; else all is read with the key
 */
export async function sealedRig<Rig extends TargetRig>(
  make: () => Promise<Rig>,
  remembers: boolean,
): Promise<TargetRig> {
  const rig = await make();
  const known = openSealedLines();
  const sealing = {
    recipients: RECIPIENTS.map(parseRecipient),
    identities: KEYS.slice(1),
    ...(remembers ? { lines: () => known } : {}),
  };
  const sealed = async (bytes: string | Buffer) => {
    const encrypter = new Encrypter();
    for (const recipient of RECIPIENTS) encrypter.addRecipient(recipient);
    return Buffer.from(await encrypter.encrypt(bytes));
  };
  return {
    open: (options: TargetOptions = {}) => rig.open({ sealing, ...options }),
    async read(path) {
      const bytes = await rig.read(`${path}.age`);
      if (bytes === null) return null;
      const decrypter = new Decrypter();
      decrypter.addIdentity(KEYS[0] ?? "");
      return Buffer.from(await decrypter.decrypt(bytes));
    },
    mtime: async () => null,
    plant: async (path, bytes) => rig.plant(`${path}.age`, await sealed(bytes)),
    debris: async () => (await rig.debris()).filter((file) => !/manifest-\d{6}-[0-9a-f]{16}\.ndjson\.age$/.test(file)),
    async close() {
      known.close();
      await rig.close();
    },
  };
}
