/** Objects of a target's own in its `.photohaul` that are written once. */

import { OWN_FOLDER } from "../../manifest-entry.ts";
import type { OwnFile, OwnFiles } from "../target.ts";
import { type PrefixWriter, textUpload } from "./prefix-writer.ts";

export class OwnObjects implements OwnFiles {
  readonly #place: PrefixWriter;

  constructor(place: PrefixWriter) {
    this.#place = place;
  }

  async list(beginning: string, signal: AbortSignal): Promise<readonly OwnFile[]> {
    const files: OwnFile[] = [];
    for await (const { objects } of this.#place.list({ prefix: `${OWN_FOLDER}/${beginning}` }, signal)) {
      for (const { key, size, etag } of objects) {
        files.push({ name: key.slice(OWN_FOLDER.length + 1), tag: `${size} ${etag}` });
      }
    }
    return files;
  }

  read(name: string, signal: AbortSignal): Promise<Buffer | null> {
    return this.#place.readBytes(`${OWN_FOLDER}/${name}`, signal);
  }

  async put(name: string, bytes: Buffer, signal: AbortSignal): Promise<boolean> {
    const { kept } = await this.#place.put(textUpload(`${OWN_FOLDER}/${name}`, bytes), signal);
    return kept !== "occupied";
  }
}
