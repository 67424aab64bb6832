import { expect, test } from "vitest";
import { videoFile } from "../../fixtures/media/video.ts";
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
