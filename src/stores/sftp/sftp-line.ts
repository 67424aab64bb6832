/** The connection of a store: made when it is first needed, and anew where it broke; one for all who ask. */

import { unlessAborted } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import type { SftpWire } from "./sftp-wire.ts";
import { connect, type SshReach } from "./ssh-connection.ts";

export class SftpLine {
  readonly #reach: SshReach;
  readonly #closing = new AbortController();
  #wire: SftpWire | null = null;
  #coming: Promise<SftpWire> | null = null;

  constructor(reach: SshReach) {
    this.#reach = reach;
  }

  /** @throws HaulError as `connect` */
  async wire(signal: AbortSignal): Promise<SftpWire> {
    if (signal.aborted) throw new HaulError("interrupted", "interrupted");
    if (this.#wire?.isOpen === true) return this.#wire;
    this.#coming ??= connect(this.#reach, this.#closing.signal)
      .then((wire) => {
        this.#wire = wire;
        return wire;
      })
      .finally(() => {
        this.#coming = null;
      });
    return unlessAborted(this.#coming, signal);
  }

  close(): void {
    const closed = new HaulError("interrupted", `${this.#reach.name} was closed`);
    this.#closing.abort(closed);
    this.#wire?.end(closed);
  }
}
