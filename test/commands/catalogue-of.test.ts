import { expect, test } from "vitest";
import { catalogueOf, identityOf, isOnAws } from "../../src/commands/remembered.ts";
import type { Process } from "../../src/run/command.ts";

const URL = "https://s3.example.com";
const of = (source: string, endpoint: string | null, env: Process["env"] = {}) => {
  const process = { env: { HOME: "/no/home", ...env }, platform: "linux" } as unknown as Process;
  return catalogueOf({ source, endpoint, profile: null, catalogue: null }, process);
};

test("the service is part of a source's identity, whether it was typed or stands in the environment", async () => {
  const typed = await of("s3://photos", URL);
  expect(await of("s3://photos", null, { AWS_ENDPOINT_URL: URL })).toBe(typed);
  expect(await of("s3://photos", null, { AWS_ENDPOINT_URL_S3: `${URL}/` })).toBe(typed);
  expect(await of("s3://photos", null)).not.toBe(typed);
  const other = await of("s3://photos", "https://other.example.com", { AWS_ENDPOINT_URL: URL });
  expect(other).not.toBe(typed);
  expect(await of("/photos", null, { AWS_ENDPOINT_URL: URL })).toBe(await of("/photos", null));
});

test("a slash at the end of a source is no other source of a catalogue", async () => {
  const who = (source: string) => identityOf({ source, endpoint: null, profile: null }, { HOME: "/no/home" });
  for (const source of ["rclone:dropbox:Photos", "sftp://me@nas.example/photos", "s3://photos", "/photos"]) {
    expect(await who(`${source}/`)).toBe(await who(source));
    if (!source.startsWith("s3:")) expect(await who(`${source}/2012`)).not.toBe(await who(source));
  }
  expect(await who("s3://photos/2012")).toBe("s3://photos");
});

test("the prices of AWS are asked for by AWS alone", async () => {
  const bucket = { source: "s3://photos", endpoint: null, profile: null };
  const nowhere = { HOME: "/no/home" };
  expect(await isOnAws(bucket, nowhere)).toBe(true);
  expect(await isOnAws(bucket, { ...nowhere, AWS_ENDPOINT_URL: URL })).toBe(false);
  expect(await isOnAws({ ...bucket, endpoint: URL }, nowhere)).toBe(false);
  expect(await isOnAws({ ...bucket, source: "/photos" }, nowhere)).toBe(false);
});
