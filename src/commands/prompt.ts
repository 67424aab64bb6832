/** Questions to whoever sits at the terminal; nobody is asked where input or output is no terminal. */

import { createInterface } from "node:readline/promises";
import { HaulError } from "../errors.ts";
import { DOUBT_QUESTION, doubtSection } from "../report/family-question.ts";
import type { Process } from "../run/command.ts";
import type { Output } from "../run/output.ts";
import type { Question } from "../steps/infer-layout.ts";

interface Manners {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Asks about a family that is likely to be renditions; undefined where there is nobody to ask. */
export function promptAt(
  process: Process,
  output: Output,
  { json, quiet }: Manners,
): ((question: Question) => Promise<boolean>) | undefined {
  const { stdin, stdout, signal } = process;
  if (json || quiet || stdin?.isTTY !== true || !stdout.isTTY) return undefined;
  return async ({ looks, reason, evidence, shown, keys, bytes }) => {
    const reasons = [...(reason === null ? [] : [reason]), evidence];
    output.page([doubtSection({ looks, reasons, pairs: shown, keys, bytes })]);
    return isYes(await answerTo(DOUBT_QUESTION, stdin, stdout, signal));
  };
}

function isYes(answer: string): boolean {
  return /^\s*y(es)?\s*$/i.test(answer);
}

/** A line; "" where the input ends. The terminal keeps its ways, so that Ctrl-C stops the run as always. */
async function answerTo(
  question: string,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<string> {
  const lines = createInterface({ input, output, terminal: false });
  const ended = new Promise<string>((resolve) => {
    lines.once("close", () => resolve(""));
  });
  try {
    return await Promise.race([lines.question(question, { signal }), ended]);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new HaulError("interrupted", "stopped at a question", { cause: error });
  } finally {
    lines.close();
  }
}
