/** `photohaul forget`: takes a source out of what is remembered; what was kept of it stays where it is. */

import { rmSync } from "node:fs";
import { z } from "zod";
import { beginsAsDatabase } from "../catalogue/database-file.ts";
import { type CatalogueState, readCatalogueState } from "../catalogue/read-state.ts";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import { holdLock } from "../local/lock.ts";
import { paragraph } from "../report/section.ts";
import { counted } from "../report/units.ts";
import { createCommand, type Process } from "../run/command.ts";
import { answer } from "../run/frame.ts";
import { filesMeant, MEANT_OPTIONS, type Meant, sourceOf } from "./remembered.ts";

export const command = createCommand(
  {
    positional: "<source>",
    description:
      "Removes the catalogue of a source, so that `status` tells of it no more. Nothing on a target or at the source changes: the photos stay, and a later mirror knows them again by the target's manifest.",
    options: z.object({
      source: z.string().meta({ description: "as it was given to mirror, or the file of its catalogue" }),
      ...MEANT_OPTIONS,
    }),
    examples: [["photohaul forget s3://my-old-photos", "the service is closed, and its photos are all home"]],
  },
  (options, process) =>
    answer(process, {}, async ({ page }) => {
      const { source, ...reach } = options;
      const file = await catalogueIn({ what: source, ...reach }, process);
      const state = readCatalogueState(file);
      remove(file);
      page([paragraph(...linesOf(source, file, state))]);
      return EXIT.ok;
    }),
);

function remove(file: string): void {
  const lock = holdLock(`${file}.lock`, `the catalogue ${file}`);
  try {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
  } finally {
    lock.release();
  }
  rmSync(`${file}.lock`, { force: true });
}

/** @throws HaulError `usage` where there is none, or where several are meant */
async function catalogueIn(meant: Meant, process: Process): Promise<string> {
  const found = await filesMeant(meant, process);
  const [file] = found;
  if (found.length === 1) {
    if (beginsAsDatabase(file)) return file;
    throw new HaulError("usage", `${file} is no catalogue, so it is left as it is`);
  }
  const says = `${meant.what} was mirrored from several services: name its --endpoint or --profile, or say one of these instead: ${found.join(", ")}`;
  throw new HaulError("usage", says);
}

function linesOf(source: string, file: string, state: CatalogueState | null): string[] {
  const name = state === null ? source : sourceOf(state);
  const kept = (state?.targets ?? []).filter(({ photos }) => photos > 0);
  return [
    `${name} is forgotten: ${file} is removed.`,
    ...kept.map(({ target, photos, isSealed }) => {
      const key = isSealed ? ", sealed: a later mirror needs --identity FILE once, to know them again" : "";
      return `Left as it is: ${counted(photos, "photo")} on ${target}${key}.`;
    }),
  ];
}
