/**
 * A photo that goes to the server while it comes, before its digest is known: it lies among what has no name, whole and
 * forced to the medium, when it is to have one. Its file on this computer stays what counts: whatever fails here is sent
 * again from there.
 */

import { unlessAborted } from "../../cancel.ts";
import type { Ahead } from "../store.ts";
import { OPEN } from "./sftp-packets.ts";
import { type Handle, PIECE_AT, type SftpWire } from "./sftp-wire.ts";

export interface AheadPlace {
  readonly wire: SftpWire;
  readonly path: Buffer;
}

export class SentAhead implements Ahead {
  readonly #place: Promise<AheadPlace>;
  readonly #opening: Promise<Handle>;
  readonly #durable: boolean;
  readonly #signal: AbortSignal;
  readonly #acks = new Set<Promise<void>>();
  #closing: Promise<void> | null = null;
  #piece: Buffer | null = null;
  #filled = 0;
  #sent = 0;
  #state: "open" | "whole" | "gone" = "open";

  /** @param durable true to have it forced to the medium, by a server that does */
  constructor(place: Promise<AheadPlace>, durable: boolean, signal: AbortSignal) {
    this.#place = place;
    this.#durable = durable;
    this.#signal = signal;
    this.#opening = place.then(({ wire, path }) => wire.open(path, OPEN.write | OPEN.create | OPEN.exclusive));
    this.#opening.catch(() => undefined);
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#trying(async () => {
      const { wire } = await this.#place;
      for (let at = 0; at < chunk.length && this.#state === "open"; ) {
        this.#piece ??= wire.takePiece();
        const taken = chunk.subarray(at, at + wire.piece - this.#filled);
        this.#piece.set(taken, PIECE_AT + this.#filled);
        this.#filled += taken.length;
        at += taken.length;
        if (this.#filled === wire.piece) await this.#send(wire);
      }
    });
  }

  async finish(): Promise<void> {
    await this.#trying(async () => {
      const { wire } = await this.#place;
      const handle = await this.#opening;
      if (this.#filled > 0) await this.#send(wire);
      // There are servers that do other things while they still write.
      await Promise.all(this.#acks);
      const [{ size }] = await Promise.all([
        wire.fstat(handle),
        this.#durable ? wire.fsync(handle) : null,
        this.#close(wire, handle),
      ]);
      if (size === this.#sent && this.#state === "open") this.#state = "whole";
      else await this.#giveUp();
    });
  }

  async discard(): Promise<void> {
    await this.#giveUp();
  }

  /** Gives it away: where it lies, if all of it does, and that line still stands. Null after that. */
  async take(wire: SftpWire, size: number): Promise<Buffer | null> {
    if (this.#state !== "whole") return null;
    const place = await this.#place;
    if (place.wire !== wire || this.#sent !== size) return null;
    this.#state = "gone";
    return place.path;
  }

  async #send(wire: SftpWire): Promise<void> {
    const handle = await this.#opening;
    await wire.whenFree();
    const piece = this.#piece;
    if (piece === null || this.#state !== "open") return;
    const ack = wire.writePiece(handle, this.#sent, piece, this.#filled);
    this.#sent += this.#filled;
    this.#filled = 0;
    this.#piece = null;
    this.#acks.add(ack);
    ack.then(
      () => this.#acks.delete(ack),
      () => void this.#giveUp(),
    );
  }

  /** Nothing of it is anybody's trouble but a person's who wants to stop. */
  async #trying(work: () => Promise<void>): Promise<void> {
    if (this.#state !== "open") return;
    try {
      await unlessAborted(work(), this.#signal);
    } catch {
      await this.#giveUp();
    }
  }

  /** Once only: a server gives the handle to the next file that is opened. */
  #close(wire: SftpWire, handle: Handle): Promise<void> {
    this.#closing ??= wire.close(handle);
    return this.#closing;
  }

  /** A disk that is full has the room again at once. */
  async #giveUp(): Promise<void> {
    const before = this.#state;
    this.#state = "gone";
    if (before === "gone") return;
    try {
      const { wire, path } = await this.#place;
      const handle = await this.#opening;
      if (before === "open") await this.#close(wire, handle).catch(() => undefined);
      await wire.remove(path);
    } catch {
      // What a line that broke leaves there, the next run sweeps.
    }
  }
}
