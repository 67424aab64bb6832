import { expect, test } from "vitest";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type Ran, rig } from "../scripts/rig.ts";

test.each<[string, string[], RegExp]>([
  ["of the same source to another target", ["other"], /is using the catalogue/],
  ["to the same target from another catalogue", ["photos", "--catalogue", "own.sqlite"], /is using the target/],
])("a second run is refused while the first goes on, and free once it is killed: %s", async (_, typed, says) => {
  await using there = await rig({}, (server) => server.bucket("photos").put("a.jpg", datedPhoto(9000, "a"), {}));
  there.server.faults.arm({ fault: "stall", on: { op: "get" }, times: 1 });
  const again = () => there.run(["mirror", "s3://photos", ...typed, ...there.endpoint]);
  let second: Promise<Ran> | null = null;
  const first = await there.run(["mirror", "s3://photos", "photos", ...there.endpoint, "--json"], {
    onEvent: (event, kill) => {
      if (event.type !== "plan") return;
      second = again().finally(() => kill("SIGKILL"));
    },
  });
  const refused = await (second ?? again());
  expect(refused.exit).toBe(7);
  expect(refused.stderr).toMatch(says);
  expect(first.exit).toBe(128 + 9);
  // The first run may have been killed before it asked for the photo: nothing waits for the next one then.
  there.server.faults.clear();
  expect((await again()).exit).toBe(0);
});
