/**
 * One of several files of one name, as Google Drive has them, by its number there: of its name rclone would open any of
 * them. It comes to lie on this computer first, as no number opens a stream.
 */

import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { closedBy } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import type { Asked } from "../http/wire.ts";
import type { Opened } from "../source.ts";
import type { MeantObject } from "../store.ts";
import type { Rclone } from "./rclone-daemon.ts";
import type { RemotePlace } from "./remote-place.ts";

export interface Twin {
  readonly path: string;
  /** Its number at the service. */
  readonly id: string;
}

interface MeantTwin extends MeantObject {
  readonly offset: number;
}

/** One attempt. @throws HaulError `server` where rclone knows no way to it */
export async function openTwin(
  rclone: Rclone,
  { fs, name }: RemotePlace,
  { id }: Twin,
  { key, etag, modified = "", offset }: MeantTwin,
  signal: AbortSignal,
): Promise<Opened> {
  const file = join(rclone.folder, randomUUID());
  const asked: Asked = { kind: "object", name: `${name}/${key}` };
  const input = { command: "copyid", fs, arg: [id, file] };
  try {
    await rclone.call({ verb: "backend/command", input, asked, withinMs: 0 }, signal);
    const { size } = await stat(file);
    const words = { contentType: "", contentDisposition: "", metadata: {}, checksums: {} };
    const head = { size, etag, modified, ...words, ...(/^[0-9a-f]{32}$/.test(etag) ? {} : { opaqueEtag: true }) };
    const reading = createReadStream(file, { start: offset, signal });
    const drop = async () => {
      reading.destroy();
      await unlink(file).catch(() => undefined);
    };
    return { head, bytes: closedBy(chunksOf(reading, drop, asked.name), drop) };
  } catch (cause) {
    await unlink(file).catch(() => undefined);
    if (!(cause instanceof HaulError) || cause.retry || cause.code === "interrupted") throw cause;
    const says = `${asked.name}: several files have this name there, and rclone cannot give them one by one (${cause.message}). \`rclone dedupe --dedupe-mode rename\` gives each a name of its own`;
    throw new HaulError("server", says, { place: "rclone", cause });
  }
}

async function* chunksOf(
  reading: AsyncIterable<Buffer>,
  drop: () => Promise<void>,
  name: string,
): AsyncGenerator<Uint8Array, undefined> {
  try {
    for await (const chunk of reading) yield chunk;
  } catch (cause) {
    const stopped = cause instanceof Error && cause.name === "AbortError";
    if (stopped) throw new HaulError("interrupted", "interrupted", { cause });
    throw new HaulError("broken", `${name}: what came of it cannot be read on this computer`, { retry: true, cause });
  } finally {
    await drop();
  }
}
