import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunEvent } from "../../src/events.ts";
import { openSource } from "../../src/stores/all.ts";
import { refused } from "../contract/source.contract.ts";
import { keysOf } from "../contract/source-rig.ts";

test.each([
  ["s3://photos", "s3://photos"],
  ["s3://photos/", "s3://photos"],
  ["s3://photos/2012", "s3://photos/2012"],
  ["s3://photos/2012/", "s3://photos/2012/"],
  ["S3://photos/a b/é", "s3://photos/a b/é"],
])("%s is the bucket %s", async (address, name) => {
  const source = await openSource(address, { region: "us-east-1" });
  expect(source.name).toBe(name);
  await source.close();
});

test.each([
  ["s3://", "name a bucket"],
  ["s3:///2012", "name a bucket"],
  ["swift://", "name a container"],
  ["sftp://", "name a server"],
  ["sftp://me@host:port/photos", "name a server"],
  ["sftp://me:secret@host/photos", "seen by everybody"],
  ["tahoe://alias/photos", "tahoe:alias/photos"],
  ["tahoe:alias/photos", "is a target, and no source"],
  ["gs://photos", "rclone:REMOTE:path"],
  ["ftp://photos", "does not know ftp://"],
  ["", "Name a source"],
])("%j is refused", async (address, says) => {
  expect((await refused(openSource(address, {}), "usage", false)).message).toContain(says);
});

test("anything else is a folder, and what is not read there is a warning", async () => {
  const folder = await mkdtemp(join(tmpdir(), "photohaul-all-"));
  try {
    await writeFile(join(folder, "a.jpg"), "photo");
    await symlink("a.jpg", join(folder, "b.jpg"));
    const events: RunEvent[] = [];
    const source = await openSource(folder, { emit: (event) => events.push(event) });
    expect(source.name).toBe(folder);
    expect(await keysOf(source)).toEqual(["a.jpg"]);
    expect(events).toEqual([
      {
        type: "warning",
        code: "passed-over",
        message: "b.jpg is a symbolic link and is not read",
        key: "b.jpg",
      },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
