/** The target contract on real file systems, as drives have them. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Traits } from "../../../src/targets/target.ts";
import { folderRig } from "../../contract/folder-rig.ts";
import { targetContract } from "../../contract/target.contract.ts";
import { type DriveKind, KINDS, lacks, type MountedDrive, mountDrive } from "./drive.ts";

const windows = { foldsCase: true, forbidden: '"*:<>?\\|', trimsEnds: true };
/** What must be found out about each, whatever its driver pretends. */
const EXPECTED: Record<DriveKind, Partial<Traits>> = {
  ext4: { foldsCase: false, forbidden: "", trimsEnds: false, links: true, largestFile: 0 },
  exfat: { ...windows, links: false, earliestTime: "1980-01-02T00:00:00Z", largestFile: 0 },
  fat32: {
    ...windows,
    links: false,
    earliestTime: "1980-01-02T00:00:00Z",
    largestFile: 4 * 1024 ** 3 - 1,
    timeGranularity: 2_000_000_000,
  },
  ntfs: { ...windows, links: true, largestFile: 0 },
};

for (const kind of KINDS) {
  const missing = lacks(kind);
  describe.skipIf(missing !== "")(`${kind}${missing && ` (skipped: no ${missing})`}`, () => {
    let drive: MountedDrive;
    beforeAll(async () => {
      drive = await mountDrive(kind, 96);
    });
    afterAll(() => drive.remove());

    test("is found to be what it is", async () => {
      const rig = await folderRig(drive.folder);
      const target = await rig.open();
      expect(target.traits).toMatchObject(EXPECTED[kind]);
      await target.close();
      await rig.close();
    });

    targetContract(kind, () => folderRig(drive.folder));
  });
}
