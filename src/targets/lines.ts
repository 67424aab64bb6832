/** Text as lines, which may end in the middle of one, or in what a power cut left. */

import { TextDecoder } from "node:util";

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** In characters. No line of ours is longer: a key has 1,024 bytes. */
export const LONGEST_LINE = 1024 * 1024;

export interface OnLines {
  /** Told when something follows the last newline, which is no line. */
  readonly onRest: () => void;
  /** Told when the text is not in plain UTF-8. */
  readonly onForm: () => void;
}

/**
 * The lines of a text, without their newline; what follows the last newline is left out. A text that an editor wrote
 * anew as UTF-16, or with a mark of its encoding in front, is read as what it is.
 */
export async function* linesOf(chunks: Chunks, { onRest, onForm }: OnLines): AsyncGenerator<string> {
  let rest = "";
  for await (const text of decoded(chunks, onForm)) {
    const lines = (rest + text).split("\n");
    // A line that long is none of ours; its beginning is enough to show that it is broken.
    rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    yield* lines;
  }
  if (rest !== "") onRest();
}

async function* decoded(chunks: Chunks, onForm: () => void): AsyncGenerator<string> {
  let start: Buffer = Buffer.alloc(0);
  let decoder: TextDecoder | null = null;
  for await (const chunk of chunks) {
    if (decoder !== null) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < LONGEST_MARK) continue;
    const encoding = encodingOf(start);
    if (encoding !== null) onForm();
    decoder = new TextDecoder(encoding ?? "utf-8");
    yield decoder.decode(start, { stream: true });
  }
  yield decoder === null ? start.toString("utf8") : decoder.decode();
}

const LONGEST_MARK = 3;

/** By the mark at its beginning; null for plain UTF-8. */
function encodingOf(start: Buffer): "utf-8" | "utf-16le" | "utf-16be" | null {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  return start.subarray(0, LONGEST_MARK).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? "utf-8" : null;
}
