/** What the server of a store of files and the drive behind it can do, found out by doing when the target is first used. */

import { retrying } from "../../retry.ts";
import type { Store } from "../../stores/store.ts";
import { probe } from "../folder/probe-drive.ts";
import type { TargetJson } from "../target-json.ts";
import { asTarget } from "../target-trouble.ts";

type Tried = Pick<TargetJson, "traits" | "files">;

interface Ports {
  readonly warn: (message: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Makes ready for writing what a killed run left, and has the store write as it can.
 * @param known what target.json says already
 * @returns nothing of a store whose objects are no files
 * @throws HaulError a target's troubles
 */
export async function tryFiles(
  { files }: Pick<Store, "files">,
  name: string,
  known: TargetJson | null,
  { warn, signal }: Ports,
): Promise<Tried> {
  if (files === undefined) return {};
  const again = <T>(work: () => Promise<T>) => retrying(work, { signal });
  return asTarget(async () => {
    await again(() => files.sweep(signal));
    const { traits, files: can } = known ?? {};
    if (can && traits) {
      files.use(can);
      return { traits, files: can };
    }
    const found = await again(() => files.withFolder((folder) => files.tryOut(folder, signal), signal));
    files.use(found);
    for (const sentence of lacks(found)) warn(`${name} ${sentence}`);
    const disk = (folder: string) => probe(files.disk(folder, signal));
    return { traits: await again(() => files.withFolder(disk, signal)), files: found };
  }, name);
}

function lacks({ rename, fsync, times }: NonNullable<TargetJson["files"]>): string[] {
  return [
    ...(rename === "spares"
      ? []
      : [
          "renames no file without overwriting: photos are written under their names in one go. One that is cut there stays, and counts for nothing; the photo then lies beside it",
        ]),
    ...(fsync
      ? []
      : [
          "does not say when bytes have reached its medium: a photo counts as kept when the server has closed its file without an error",
        ]),
    ...(times
      ? []
      : [
          "takes no file times: the dates of photos are in the manifest only, and `photohaul restore` brings them back",
        ]),
  ];
}
