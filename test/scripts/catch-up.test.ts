import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

const KEYS = ["2012/IMG_1.jpg", "2012/IMG_2.jpg", "2012/a:b.jpg", "2013/IMG_1.jpg"];

test("a target that fell behind gets from the other one what the source, which is gone, cannot give any more", async () => {
  await using on = await rig({}, (server) => {
    for (const key of KEYS) server.bucket("photos").put(key, datedPhoto(2000, key));
    server.bucket("second");
  });
  const reach = ["--target-endpoint", on.server.endpoint, "--json"];
  const drive = join(on.folder, "drive");
  const mirror = (target: string, ...more: string[]) =>
    on.run(["mirror", "s3://photos", target, ...on.endpoint, ...reach, ...more]);
  expect((await mirror("s3://second", "--include", "2013/**")).exit).toBe(0);
  expect((await mirror(drive)).exit).toBe(0);
  on.server.bucket("second").put("2012/IMG_2.jpg", "a stranger");
  for (const key of KEYS) on.server.bucket("photos").delete(key);

  const catchUp = () => on.run(["verify", "s3://second", "--repair-from", drive, ...reach]);
  const first = await catchUp();
  expect([first.exit, first.stderr]).toEqual([0, ""]);
  expect(first.events.at(-1)).toMatchObject({ each: [{ broughtOver: 3, notBrought: 0 }] });
  const keys = on.server.bucket("second").keys();
  const photos = keys.filter((key) => !key.startsWith(".photohaul/"));
  expect(photos).toEqual([
    "2012/IMG_1.jpg",
    "2012/IMG_2.jpg",
    expect.stringMatching(/^2012\/IMG_2~[0-9a-f]{8}\.jpg$/),
    "2012/a:b.jpg",
    "2013/IMG_1.jpg",
  ]);
  const body = on.server.bucket("second").get("2012/IMG_2.jpg")?.body;
  expect(Buffer.from(body?.read(0, body.size) ?? []).toString()).toBe("a stranger");
  expect((await catchUp()).events.at(-1)).toMatchObject({ each: [{ photos: 4, broughtOver: 0 }] });

  rmSync(drive, { recursive: true });
  const back = await on.run(["restore", "s3://second", drive, ...reach]);
  expect(back.photos.map(({ key }) => key).sort()).toEqual([...KEYS].sort());
});
