/**
 * Fates: what became of each photo when it goes to several targets. It is told once, as one event, when every
 * copy has its outcome: the worst of them is the photo's. With one target an event is passed on as it is.
 */

import type { Emit, PhotoEvent } from "../events.ts";
import type { Outcome } from "../model.ts";

export interface Outcomes {
  /** A photo is on its way to these targets, by name. */
  expect(key: string, targets: readonly string[]): void;
  /** Takes the outcome of one copy. */
  of(target: string): (event: PhotoEvent) => void;
  /** Nothing more is heard of a target: its copies have no outcome in this run. */
  forget(target: string): void;
  /** Nothing more is heard of any: what is known of each photo is told. */
  end(): void;
}

const WORST: readonly Outcome[] = ["failed", "stored", "skipped", "already"];

interface Pending {
  readonly awaited: Set<string>;
  readonly copies: { readonly target: string; readonly event: PhotoEvent }[];
}

/** @param several true where the run was given several targets */
export function createOutcomes(emit: Emit, several: boolean): Outcomes {
  const pending = new Map<string, Pending>();
  const settle = (key: string, photo: Pending) => {
    if (photo.awaited.size > 0) return;
    pending.delete(key);
    if (photo.copies.length > 0) emit(combined(photo.copies));
  };
  return {
    expect(key, awaited) {
      if (several) pending.set(key, { awaited: new Set(awaited), copies: [] });
    },
    of: (target) => (event) => {
      if (!several) return emit(event);
      const photo = pending.get(event.key);
      if (photo?.awaited.delete(target) !== true) return;
      photo.copies.push({ target, event });
      settle(event.key, photo);
    },
    end() {
      for (const [key, photo] of pending) {
        photo.awaited.clear();
        settle(key, photo);
      }
    },
    forget(target) {
      for (const [key, photo] of pending) if (photo.awaited.delete(target)) settle(key, photo);
    },
  };
}

function combined(copies: Pending["copies"]): PhotoEvent {
  const rank = ({ event }: (typeof copies)[number]) => WORST.indexOf(event.outcome);
  const worst = copies.toSorted((a, b) => rank(a) - rank(b))[0];
  if (worst === undefined) throw new TypeError("a photo without copies");
  const { target, event } = worst;
  return {
    ...event,
    path: event.path ?? copies.find((copy) => copy.event.path !== null)?.event.path ?? null,
    ...(event.reason === undefined ? {} : { reason: `${target}: ${event.reason}` }),
    copies: copies.map((copy) => ({
      target: copy.target,
      path: copy.event.path,
      outcome: copy.event.outcome,
      ...(copy.event.reason === undefined ? {} : { reason: copy.event.reason }),
    })),
  };
}
