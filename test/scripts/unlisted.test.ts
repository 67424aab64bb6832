import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

const modified = "2016-01-01T00:00:00.000Z";

test.each<[string, (xml: string) => string]>([
  ["two under one key", (xml) => xml.replace("<Key>b.jpg<", "<Key>a.jpg<")],
  ["one without a key", (xml) => xml.replace("<Key>b.jpg</Key>", "")],
])("what the listing names twice or not at all is said, with exit 3: %s", async (_, writesPage) => {
  await using on = await rig({ features: { writesPage } }, () => undefined);
  for (const name of ["a", "b", "c"])
    on.server.bucket("photos").put(`${name}.jpg`, datedPhoto(2000, name), { modified });
  const ran = await on.mirror();
  expect(ran.exit, ran.stderr).toBe(3);
  expect(ran.events).toContainEqual(expect.objectContaining({ type: "warning", code: "unlisted" }));
  expect(ran.photos.map(({ key }) => key)).toContain("c.jpg");
});
