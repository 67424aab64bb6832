import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

test("a photo that a bucket took and does not have is not kept, and comes with the next run", async () => {
  let lies = true;
  const onWritten = (key: string) => void (lies && key.endsWith("IMG_7.jpg") && on.server.bucket("second").delete(key));
  await using on = await rig({ features: { onWritten } }, () => undefined);
  const modified = "2016-01-01T00:00:00.000Z";
  for (let n = 0; n < 12; n += 1) {
    on.server.bucket("photos").put(`IMG_${n}.jpg`, datedPhoto(2000, `${n}`), { modified });
  }
  on.server.bucket("second");
  const home = () =>
    on.run(["mirror", "s3://photos", "s3://second", "--json", ...on.endpoint, "--target-endpoint", on.server.endpoint]);
  const first = await home();
  expect(first.exit, first.stderr).toBe(3);
  expect(first.photos.filter(({ outcome }) => outcome === "stored")).toHaveLength(11);
  expect(first.photos.find(({ outcome }) => outcome === "failed")).toMatchObject({
    key: "IMG_7.jpg",
    reason: expect.stringContaining("the store said that it was written, and nothing lies there"),
  });
  lies = false;
  const second = await home();
  expect(second.exit, second.stderr).toBe(0);
  expect(second.photos.filter(({ outcome }) => outcome === "stored").map(({ key }) => key)).toEqual(["IMG_7.jpg"]);
});
