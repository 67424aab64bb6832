/** What is remembered on this computer: the catalogues there are, and of which source each is. */

import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { type CatalogueState, readCatalogueState } from "../catalogue/read-state.ts";
import { jsonOf } from "../manifest-entry.ts";
import type { Process } from "../run/command.ts";
import { sourceName, stateFolder } from "./catalogue-file.ts";
import { catalogueOf } from "./survey-setup.ts";

/** How a source is named and reached, as for `mirror`. */
export interface Meant {
  /** A source, or the file of a catalogue. */
  readonly what: string;
  readonly endpoint: string | null;
  readonly profile: string | null;
}

/** The catalogues where they lie when nobody says otherwise, in the order of their names. */
export async function allCatalogues(process: Process): Promise<string[]> {
  const folder = stateFolder(process.env, process.platform);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".sqlite"))
    .toSorted()
    .map((name) => join(folder, name));
}

/** The catalogue's file, whether or not there is one. */
export async function fileOf({ what, ...reach }: Meant, process: Process): Promise<string> {
  if (what.endsWith(".sqlite")) return resolve(what);
  return catalogueOf({ source: what, catalogue: null, ...reach }, process);
}

/** The files of a source by its name alone, wherever its service answers. */
export async function filesOf(what: string, process: Process): Promise<string[]> {
  const found: string[] = [];
  for (const file of await allCatalogues(process)) {
    const state = readCatalogueState(file);
    if (state !== null && sourceName(sourceOf(state)) === sourceName(what)) found.push(file);
  }
  return found;
}

const shape = z.object({ source: z.string() });

/** As it was given to the last run; the name of the file where no run says it. */
export function sourceOf({ runs, file }: CatalogueState): string {
  for (const { summary } of runs) {
    const { data } = shape.safeParse(summary === null ? null : jsonOf(summary));
    if (data !== undefined) return data.source;
  }
  return basename(file, ".sqlite");
}
