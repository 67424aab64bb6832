import { startTahoe, type TahoeServer } from "../../fixtures/tahoe/server.ts";
import { type GridRig, gridRig } from "./grid-rig.ts";

export interface FakeGridRig extends GridRig {
  readonly server: TahoeServer;
}

/** An empty place on an embedded grid. */
export async function fakeGridRig(): Promise<FakeGridRig> {
  const server = await startTahoe();
  const rig = await gridRig(server.url);
  return {
    ...rig,
    server,
    async close() {
      await rig.close();
      await server.close();
    },
  };
}
