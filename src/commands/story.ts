/**
 * Frames a story: says that a run begins, lets it be told, turns whatever ended it into an exit code, and
 * closes with the summary, whose sums it checks.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { EXIT, explainError } from "../error-words.ts";
import type { RunEvent, SummaryEvent } from "../events.ts";
import type { RequestCounts } from "../sources/source.ts";
import { finish, mismatch } from "../report/summary.ts";
import type { Process } from "./command.ts";
import { openVoice, type Voice, type VoiceOptions } from "./voice.ts";

/** What a story leaves behind for its summary; filled in as it goes on, so that it is true however it ends. */
export interface Account {
  catalogue: Catalogue | null;
  requests: Readonly<RequestCounts>;
  kinds: SummaryEvent["kinds"];
  gone: number;
  changed: number;
  /** Photos this run had to account for. */
  photos: number;
  fallbacks: number;
  unprovable: number;
  /** Photos that a limit left for the next run, besides those the plan counts as skipped. */
  leftOver: number;
  limited: boolean;
}

export interface Framed {
  readonly run: Omit<RunEvent, "type" | "version" | "startedAt">;
  readonly version: string;
  readonly voice: VoiceOptions;
  readonly tell: (account: Account, voice: Voice) => Promise<void>;
  /** Writes reports; its errors are told, and count as wrong use. */
  readonly report: (summary: SummaryEvent, voice: Voice) => Promise<void>;
}

/** @returns the exit code, which the summary names too */
export async function frame(story: Framed, process: Process): Promise<number> {
  const startedAt = new Date();
  const run: RunEvent = {
    type: "run",
    ...story.run,
    version: story.version,
    startedAt: startedAt.toISOString(),
  };
  const voice = openVoice(run, story.voice, process);
  const account = emptyAccount();
  try {
    voice.emit(run);
    let ended = await outcomeOf(() => story.tell(account, voice), process);
    const seconds = () => (Date.now() - startedAt.getTime()) / 1000;
    let summary = summarise(account, voice, ended, seconds());
    const reported = await outcomeOf(() => story.report(summary, voice), process);
    if (ended.exit === EXIT.ok && reported.exit !== EXIT.ok) {
      ended = reported;
      summary = summarise(account, voice, ended, seconds());
    }
    await account.catalogue?.endRun(JSON.stringify(summary));
    voice.emit(summary);
    return summary.exit;
  } finally {
    voice.close();
    await account.catalogue?.close();
  }
}

interface Ended {
  readonly exit: number;
  readonly error: string | null;
}

/** An error is told in full on standard error, whatever else the run says where. */
async function outcomeOf(work: () => Promise<void>, process: Process): Promise<Ended> {
  try {
    await work();
    return { exit: EXIT.ok, error: null };
  } catch (error) {
    const explained = explainError(error);
    process.stderr.write(`${errorPage(explained.lines)}\n`);
    return { exit: explained.exit, error: explained.lines[0] ?? "" };
  }
}

function summarise(account: Account, voice: Voice, ended: Ended, seconds: number): SummaryEvent {
  const tally = voice.tally();
  const whole = ended.exit === EXIT.ok;
  const exit = !whole
    ? ended.exit
    : tally.outcomes.failed > 0
      ? EXIT.someFailed
      : account.limited
        ? EXIT.limit
        : EXIT.ok;
  const { kinds, gone, changed, requests, fallbacks, unprovable, leftOver } = account;
  const extras = { kinds, gone, changed, requests, fallbacks, unprovable, leftOver };
  const summary = finish(tally, {
    ...extras,
    requests: { ...requests },
    seconds: Math.round(seconds * 10) / 10,
    exit,
    ...(ended.error === null ? {} : { error: ended.error }),
  });
  const wrong = mismatch(summary, account.photos);
  if (wrong === null) return summary;
  return { ...summary, exit: EXIT.bug, error: `the sums do not agree, which is a bug: ${wrong}` };
}

function emptyAccount(): Account {
  return {
    catalogue: null,
    requests: { list: 0, get: 0, head: 0, retried: 0 },
    kinds: { original: 0, rendition: 0, sidecar: 0, other: 0 },
    gone: 0,
    changed: 0,
    photos: 0,
    fallbacks: 0,
    unprovable: 0,
    leftOver: 0,
    limited: false,
  };
}
