import { expect, test } from "vitest";
import type { Process } from "../../src/commands/command.ts";
import { catalogueOf, isOnAws } from "../../src/commands/survey-setup.ts";

const URL = "https://s3.example.com";
const of = (source: string, endpoint: string | null, env: Process["env"] = {}) => {
  const process = { env: { HOME: "/home/me", ...env }, platform: "linux" } as unknown as Process;
  return catalogueOf({ source, endpoint, catalogue: null }, process);
};

test("the service is part of a source's identity, whether it was typed or stands in the environment", () => {
  const typed = of("s3://photos", URL);
  expect(of("s3://photos", null, { AWS_ENDPOINT_URL: URL })).toBe(typed);
  expect(of("s3://photos", null, { AWS_ENDPOINT_URL_S3: `${URL}/` })).toBe(typed);
  expect(of("s3://photos", null)).not.toBe(typed);
  expect(of("s3://photos", "https://other.example.com", { AWS_ENDPOINT_URL: URL })).not.toBe(typed);
  expect(of("/photos", null, { AWS_ENDPOINT_URL: URL })).toBe(of("/photos", null));
});

test("the prices of AWS are asked for by AWS alone", () => {
  const bucket = { source: "s3://photos", endpoint: null };
  expect(isOnAws(bucket, {})).toBe(true);
  expect(isOnAws(bucket, { AWS_ENDPOINT_URL: URL })).toBe(false);
  expect(isOnAws({ ...bucket, endpoint: URL }, {})).toBe(false);
  expect(isOnAws({ ...bucket, source: "/photos" }, {})).toBe(false);
});
