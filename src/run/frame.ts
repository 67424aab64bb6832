/**
 * The frame of every verb that reads or writes photos: says that a run begins, lets it go, turns whatever ended it into
 * an exit code, closes with the summary, and tells those who want to know how it went.
 */

import { EXIT, explainError } from "../error-messages.ts";
import type { Emit, RunEvent, StartEvent, SummaryEvent } from "../events.ts";
import { createNotifier } from "../notify/notify.ts";
import { errorPage, forTerminal } from "../report/escape.ts";
import { type Process, version } from "./command.ts";
import { type Output, type OutputOptions, openConsole, openOutput } from "./output.ts";

export interface Ended {
  readonly exit: number;
  /** What ended the run early; null where nothing did. */
  readonly error: string | null;
  readonly seconds: number;
}

/**
 * What every summary ends with.
 * @param failed true where the run went through, and not all is well
 * @param waits true where the rest is another run's
 */
export function ending({ exit, error, seconds }: Ended, failed: boolean, waits = false) {
  const code: number = exit !== EXIT.ok ? exit : failed ? EXIT.someFailed : waits ? EXIT.limit : EXIT.ok;
  return { seconds, exit: code, ...(error === null ? {} : { error }) };
}

export interface RunContext<S extends SummaryEvent> {
  readonly start: Omit<StartEvent, "type" | "version" | "startedAt">;
  readonly output: OutputOptions;
  /** What the run opens, to be closed in reverse order when all is said. */
  readonly opened?: AsyncDisposableStack;
  /** Told of each event before it is printed: what the summary counts. */
  count?(event: RunEvent): void;
  run(output: Output, start: StartEvent): Promise<void>;
  /** `exit` is that of what ended the run; the summary decides where nothing did. */
  summary(ended: Ended, output: Output): S | Promise<S>;
  /** What comes after the run, also after one that ended early: reports, a line in the catalogue. */
  readonly afterwards?: readonly ((summary: S, start: StartEvent) => Promise<void>)[];
}

/** @returns the exit code, which the summary names too */
export async function execute<S extends SummaryEvent>(context: RunContext<S>, process: Process): Promise<number> {
  const startedAt = new Date();
  const start: StartEvent = {
    type: "run",
    ...context.start,
    version: version(),
    startedAt: startedAt.toISOString(),
  };
  const output = counted(openOutput(context.output, process), context);
  const notifier = createNotifier(context.output.notify, output.trouble);
  notifier.started();
  const summary = await toTheEnd(context, start, output);
  // When all is closed: a command that is slow holds no lock.
  await notifier.ended(summary);
  return summary.exit;
}

function counted(output: Output, context: Pick<RunContext<never>, "count">): Output {
  const emit = (event: RunEvent) => {
    context.count?.(event);
    output.emit(event);
  };
  return { ...output, emit };
}

async function toTheEnd<S extends SummaryEvent>(context: RunContext<S>, start: StartEvent, output: Output): Promise<S> {
  await using _opened = context.opened ?? new AsyncDisposableStack();
  try {
    output.emit(start);
    const summarise = async (ended: Omit<Ended, "seconds">) => {
      const seconds = Math.round((Date.now() - Date.parse(start.startedAt)) / 100) / 10;
      return context.summary({ ...ended, seconds }, output);
    };
    let summary = await summarise(await outcomeOf(() => context.run(output, start), output));
    for (const work of context.afterwards ?? []) {
      const before = summary;
      const done = await outcomeOf(() => work(before, start), output);
      if (summary.exit === EXIT.ok && done.exit !== EXIT.ok) summary = await summarise(done);
    }
    output.emit(summary);
    return summary;
  } finally {
    output.close();
  }
}

/** What a verb that only answers says it with. */
export interface Answer extends Pick<Output, "page" | "trouble"> {
  /** One sentence on the stream of errors. */
  readonly note: (sentence: string) => void;
  /** Passes warnings on as notes; what else happens on the way is nobody's question. */
  readonly emit: Emit;
}

/**
 * The frame of a verb that only answers: with a page, or with the page's data as JSON. Nothing is counted, and nobody is
 * notified.
 * @returns the exit code that `work` comes to
 */
export async function answer(
  { stdout, stderr }: Process,
  { json = false }: { readonly json?: boolean },
  work: (answer: Answer) => Promise<number>,
): Promise<number> {
  const output = openConsole({ json, verbosity: "normal", progress: false, stdout, stderr });
  const note = (sentence: string) => output.trouble(`note: ${forTerminal(sentence)}`);
  const emit: Emit = (event) => {
    if (event.type === "warning") note(event.message);
  };
  try {
    return await work({ ...output, note, emit });
  } finally {
    output.close();
  }
}

/** An error is told in full on standard error, whatever else the run says where. */
export async function outcomeOf(work: () => Promise<unknown>, output: Output): Promise<Omit<Ended, "seconds">> {
  try {
    await work();
    return { exit: EXIT.ok, error: null };
  } catch (error) {
    const { lines, exit } = explainError(error);
    // Whoever stopped the run knows; the summary says what that means.
    if (exit !== EXIT.interrupted) output.trouble(errorPage(lines));
    return { exit, error: lines[0] ?? "" };
  }
}
