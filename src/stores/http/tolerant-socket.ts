/**
 * Connections to servers that say `100 Continue` before an answer though nobody asked them to. RFC 9110 has clients take
 * that; undici calls it a bad response, whatever follows. So it is taken out before undici reads it: it can only stand at
 * the beginning of what comes after a request was written.
 */

import type { OnReadOpts, Socket } from "node:net";
// By its file, as the agent.
import buildConnector from "undici/lib/core/connect.js";

type Connector = ReturnType<typeof buildConnector>;

/** As undici connects by itself. Sockets that read into one buffer are prepared when that takes them over. */
export function tolerantConnector(how: { readonly timeout: number; readonly onread?: OnReadOpts }): Connector {
  const connect = buildConnector(how);
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error === null && how.onread === undefined) takeOutContinues(socket);
      callback(...([error, socket] as Parameters<typeof callback>));
    });
}

const NOTHING = Buffer.alloc(0);
const CONTINUE = /^HTTP\/1\.\d 100 /;
const LONGEST = "HTTP/1.1 100 ".length;
/** Of the head of such an answer, in bytes; what is longer is left to undici. */
const MOST = 8192;

/** Replaces `read` of a socket, by which undici takes what came. */
export function takeOutContinues(socket: Pick<Socket, "read" | "write">): void {
  const read = socket.read.bind(socket);
  const write: (...args: Parameters<Socket["write"]>) => boolean = socket.write.bind(socket);
  let awaiting = true;
  let held: Buffer = NOTHING;
  socket.write = (...args: never[]) => {
    awaiting = true;
    return Reflect.apply(write, socket, args);
  };
  socket.read = (size?: number): Buffer | null => {
    for (;;) {
      const chunk: Buffer | null = read(size);
      if (!awaiting || chunk === null) return chunk;
      if (held.length === 0 && isOther(chunk)) {
        awaiting = false;
        return chunk;
      }
      // Its memory may be that of the next chunk.
      held = Buffer.concat([held, chunk]);
      const rest = afterContinues(held);
      if (rest === null) continue;
      [awaiting, held] = [false, NOTHING];
      return rest;
    }
  };
}

/** True at a glance for nearly every answer: its status is not 100. */
function isOther(chunk: Uint8Array): boolean {
  return chunk.length >= LONGEST && (chunk[9] !== 0x31 || chunk[10] !== 0x30 || chunk[11] !== 0x30);
}

/** What comes behind all that says to go on; null where more has to come before that is known. */
function afterContinues(bytes: Buffer): Buffer | null {
  for (let at = 0; ; ) {
    const begins = bytes.toString("latin1", at, at + LONGEST);
    if (!CONTINUE.test(begins)) return begins.length < LONGEST && mayBecome(begins) ? null : bytes.subarray(at);
    const end = bytes.indexOf("\r\n\r\n", at);
    if (end < 0) return bytes.length - at > MOST ? bytes.subarray(at) : null;
    at = end + 4;
    if (at === bytes.length) return null;
  }
}

function mayBecome(begins: string): boolean {
  return "HTTP/1.1 100 ".startsWith(begins.replace(/^(HTTP\/1\.)\d/, "$11"));
}
