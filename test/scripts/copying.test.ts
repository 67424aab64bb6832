import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

const photo = (n: number) => datedPhoto(2000, `photo ${n}`);

test("a bucket beside the source's is filled by copies, and by sending where it is reached otherwise", async () => {
  await using on = await rig({}, (server) => {
    for (const n of [1, 2, 3]) server.bucket("photos").put(`2012/IMG_${n}.jpg`, photo(n));
    for (const name of ["near", "far"]) server.bucket(name);
  });
  const to = async (target: string, endpoint: string) => {
    on.server.resetCounts();
    const reach = ["--target-endpoint", endpoint, "--json"];
    const { exit } = await on.run(["mirror", "s3://photos", target, ...on.endpoint, ...reach]);
    expect(exit).toBe(0);
    return on.server.counts.copy;
  };
  // What the store can do is tried with three copies of the README.
  expect(await to("s3://near", on.server.endpoint)).toBe(3 + 3);
  expect(await to("s3://far", on.server.endpoint.replace("127.0.0.1", "localhost"))).toBe(3);
  for (const name of ["near", "far"]) {
    const body = on.server.bucket(name).get("2012/IMG_2.jpg")?.body;
    expect(Buffer.from(body?.read(0, body.size) ?? [])).toEqual(photo(2));
  }
});
