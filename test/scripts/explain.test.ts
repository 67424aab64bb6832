import { expect, test } from "vitest";
import { videoFile } from "../../fixtures/media/video.ts";
import { nameOf, photo, put } from "./proof-rig.ts";
import { rig } from "./rig.ts";

test("explain dates a long video by what stands at its end", async () => {
  const pictures = Buffer.alloc(6_000_000, "no picture, but as long as some. ");
  const video = videoFile({
    container: "mp4",
    frames: [pictures],
    width: 640,
    height: 480,
    created: "2018-06-16T19:05:12Z",
    indexLast: true,
  });
  await using on = await rig({}, (server) => server.bucket("photos").put("2018/clip.mp4", video));
  const line = ["explain", "s3://photos", "2018/clip.mp4", ...on.endpoint, "--timezone", "UTC"];
  const { exit, stdout } = await on.run(line);
  expect(exit).toBe(0);
  expect(stdout).toContain("Taken 2018-06-16 19:05:12, by QuickTime:CreateDate");
});

test("explain names the copy that stands in where the original is missing, and passes over the smaller one", async () => {
  await using on = await rig({}, (server) => {
    put(server, 0, 40, { original: "original", large: "large", tile: "tile" });
    put(server, 40, 41, { large: "large", tile: "tile" });
  });
  const about = async (folder: string, nth: number) =>
    (await on.run(["explain", "s3://photos", `${folder}/${nameOf(nth)}`, ...on.endpoint])).stdout;
  expect(photo(40).tile.length).toBeLessThan(photo(40).large.length);
  expect(await about("large", 40)).toMatch(/Not kept yet; it would stand in, as no original of it can be read/);
  const passed = `passes it over: no original of it can be read, and large/${nameOf(40)} stands in`;
  expect(await about("tile", 40)).toContain(passed);
  expect(await about("tile", 1)).toContain("passes it over: its original is there");
  expect((await on.mirror()).exit).toBe(0);
  expect(await about("large", 40)).toContain("It stands in: no original of it can be read.");
  expect(await about("tile", 40)).toContain(passed);
});
