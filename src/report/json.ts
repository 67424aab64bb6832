/** `--json`: every event as it is, one object a line, nothing else on the stream. */

import type { Writable } from "node:stream";
import type { Emit } from "../events.ts";
import { forJson } from "./escape.ts";

/** Writes each event as a line. Once the reader has gone away (`| head`) it stays silent. */
export function jsonLines(stream: Writable): Emit {
  return (event) => {
    if (stream.writable) stream.write(`${forJson(event)}\n`);
  };
}
