import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nearMiss } from "../../src/stores/near-miss.ts";
import { rig } from "../scripts/rig.ts";

describe("an address that is nearly one of a store", () => {
  test.each([
    ["s3:/bucket", "s3://bucket"],
    ["s3:bucket/2012", "s3://bucket/2012"],
    ["S3//bucket", "s3://bucket"],
    ["s3:\\\\bucket", "s3://bucket"],
    ["swift:/container", "swift://container"],
    ["sftp:user@host/photos", "sftp://user@host/photos"],
    ["arn:aws:s3:::bucket", "s3://bucket"],
    ["arn:aws-cn:s3:::bucket/2012", "s3://bucket/2012"],
    ["https://bucket.s3.amazonaws.com/2012?list-type=2", "s3://bucket/2012"],
    ["https://my.bucket.s3.eu-west-1.amazonaws.com", "s3://my.bucket"],
    ["https://s3.eu-west-1.amazonaws.com/bucket/2012", "s3://bucket/2012"],
    ["https://s3.example.com/bucket", "s3://bucket with --endpoint https://s3.example.com"],
    ["user@host:photos", "sftp://user@host/~/photos"],
    ["user@host:/srv/photos", "sftp://user@host/srv/photos"],
    ["gs://bucket", "rclone:REMOTE:path"],
    ["b2://bucket", "s3://BUCKET with --endpoint"],
  ])("%s", (typed, meant) => {
    expect(nearMiss(typed)).toContain(meant);
  });

  test.each([
    "/media/usb",
    "photos",
    "./s3:photos",
    "s3",
    "s3://bucket",
    "C:\\photos",
    "../user@host",
    "a:b",
    "it's",
    "",
  ])("but not %j", (typed) => {
    expect(nearMiss(typed)).toBeNull();
  });

  test("is refused as a source and as a target, and makes no folder", async () => {
    await using on = await rig({}, (server) => {
      server.bucket("photos").put("a.jpg", "a");
    });
    for (const line of [
      ["mirror", "s3:/photos", "usb"],
      ["mirror", "s3://photos", "s3:copy"],
      ["inventory", "s3:photos"],
      ["verify", "s3:copy"],
      ["restore", "s3:copy", "there"],
      ["init", "--print", "--source", "s3:photos", "--target", "usb"],
    ]) {
      const ran = await on.run([...line, ...(line[0] === "mirror" ? on.endpoint : [])]);
      expect([line, ran.exit, ran.stderr]).toEqual([
        line,
        2,
        expect.stringMatching(/did you mean s3:\/\/(photos|copy)\?/),
      ]);
    }
  });

  test("is a folder where there is one of that name", async () => {
    await using on = await rig({}, () => undefined);
    const folder = join(on.folder, "s3:photos");
    mkdirSync(folder);
    const ran = await on.run(["inventory", folder]);
    expect(ran.exit).toBe(4);
  });
});
