import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

const filled = () =>
  rig({}, (server) => {
    server.bucket("photos").put("2012/IMG_1.jpg", datedPhoto(140_000, "a"));
    server.bucket("photos").put("2012/IMG_2.jpg", datedPhoto(120_000, "b"));
    server.bucket("cold");
    server.bucket("warm");
  });

const to = (on: Rig, targets: string[], ...more: string[]) => {
  const reach = ["--target-endpoint", on.server.endpoint];
  return on.run(["mirror", "s3://photos", ...targets, ...on.endpoint, ...reach, "--json", ...more]);
};
const classes = (on: Rig, bucket: string) => {
  const found = on.server.bucket(bucket);
  return Object.fromEntries(found.keys().map((key) => [key, found.get(key)?.storageClass]));
};

test("an archive gets large photos alone, whatever else is said to be kept warm, and each target its own class", async () => {
  await using on = await filled();
  const said = ["--storage-class", "s3://cold=DEEP_ARCHIVE", "--storage-class", "s3://warm/=STANDARD_IA"];
  expect((await to(on, ["s3://cold", "s3://warm"], ...said)).summary).toMatchObject({ exit: 0 });
  expect(classes(on, "cold")).toMatchObject({ "2012/IMG_1.jpg": "DEEP_ARCHIVE", "2012/IMG_2.jpg": "STANDARD" });
  expect(classes(on, "warm")).toMatchObject({ "2012/IMG_1.jpg": "STANDARD_IA", "2012/IMG_2.jpg": "STANDARD_IA" });
  for (const bucket of ["cold", "warm"]) {
    const own = Object.entries(classes(on, bucket)).filter(([key]) => key.startsWith(".photohaul/"));
    expect(own.length).toBeGreaterThan(3);
    expect(new Set(own.map(([, name]) => name))).toEqual(new Set(["STANDARD"]));
  }
  const proven = await on.run(["verify", "s3://cold", "--target-endpoint", on.server.endpoint, "--json"]);
  expect(proven.summary).toMatchObject({ exit: 0 });
}, 60_000);

test.each([
  ["130K", "DEEP_ARCHIVE"],
  ["s3://cold=0", "DEEP_ARCHIVE"],
  ["1M", "STANDARD"],
])(
  "with --cold-above %s a photo of 140,000 bytes lies in %s",
  async (above, storageClass) => {
    await using on = await filled();
    const ran = await to(on, ["s3://cold"], "--storage-class", "DEEP_ARCHIVE", "--cold-above", above);
    expect(ran.exit).toBe(0);
    expect(classes(on, "cold")).toMatchObject({ "2012/IMG_1.jpg": storageClass });
  },
  60_000,
);

test.each([
  [["--cold-above", "128K"], "which class is cold?"],
  [["--cold-above", "lots", "--storage-class", "GLACIER"], "a size such as 128K"],
  [["--storage-class", "glacier"], "a class such as STANDARD_IA"],
  [["--storage-class", "s3://clod=GLACIER"], "s3://clod is no target of this line"],
  [["--storage-class", "GLACIER", "--storage-class", "STANDARD_IA"], "given 2 times"],
])("%j is wrong use, and nothing is written", async (said, words) => {
  await using on = await filled();
  const ran = await to(on, ["s3://cold"], ...said);
  expect([ran.exit, ran.stderr]).toEqual([2, expect.stringContaining(words)]);
  expect(on.server.bucket("cold").keys()).toEqual([]);
  const drive = await to(on, [join(on.folder, "usb")], "--storage-class", "GLACIER", "--cold-above", "128K");
  expect([drive.exit, drive.stderr]).toEqual([2, expect.stringContaining("there is none")]);
});
