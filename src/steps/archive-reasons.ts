/** Why a photo that an archive holds does not come in this run, in words; whether it was asked for and is on its way. Pure. */

import type { ArchiveRequest } from "../catalogue/archive-requests.ts";
import { DAY, HOUR } from "../measures.ts";
import type { Thaw } from "../stores/source.ts";

/** So long after it was to be there nothing is made of its not being there yet, in milliseconds. */
const PATIENCE = DAY;

/** @param now milliseconds since 1970 */
export function isOnItsWay({ state, askedAt, readyBy }: ArchiveRequest, now: number): boolean {
  if (state !== "") return state === "ongoing";
  const due = readyBy ?? askedAt;
  return due !== null && now < Date.parse(due) + (readyBy === null ? 3 : 1) * PATIENCE;
}

/** What was said of asking. */
interface Said {
  /** Null where nothing is asked for in this run. */
  readonly thaw: Thaw | null;
  readonly decided: boolean;
}

export function heldReason(request: ArchiveRequest | null, now: number, { thaw, decided }: Said): string {
  if (request !== null && isOnItsWay(request, now)) return waiting(request, now);
  if (request?.askedAt != null) {
    const says = `archived: what was asked for on ${day(request.askedAt)} was not fetched before its copy went`;
    return `${says}; ${thaw === null ? "--restore-tier asks for it again" : "it is asked for again in the next run"}`;
  }
  if (thaw === null && decided) return "archived, and left there (--restore-tier never)";
  return thaw === null ? "archived: --restore-tier asks for it" : "archived, and not asked for in this run";
}

function waiting({ askedAt, readyBy, tier }: ArchiveRequest, now: number): string {
  if (askedAt === null) return "waiting for the archive, which was asked for it elsewhere";
  const asked = `asked ${day(askedAt)}${tier === "" ? "" : `, ${tier}`}`;
  if (readyBy === null) return `waiting for the archive (${asked})`;
  const due = Date.parse(readyBy);
  if (now > due + PATIENCE) {
    return `waiting for the archive, which was to have it ready by ${day(readyBy)} (${asked}): ask the service what became of it`;
  }
  return `waiting for the archive, ready about ${due - now > DAY ? day(readyBy) : hour(due)} (${asked})`;
}

function day(iso: string): string {
  return iso.slice(0, 10);
}

/** The next full one, so that many photos have one reason. */
function hour(at: number): string {
  const iso = new Date(Math.ceil(at / HOUR) * HOUR).toISOString();
  return `${day(iso)} ${iso.slice(11, 16)} UTC`;
}
