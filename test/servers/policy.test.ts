/** What `photohaul policy` prints is what Amazon's interfaces take, as far as moto has them. */

import {
  GetBucketLifecycleConfigurationCommand,
  HeadBucketCommand,
  PutBucketLifecycleConfigurationCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, inject, test } from "vitest";
import { runHere } from "../scripts/in-process.ts";
import { clientOf, makeBucket } from "./fill.ts";
import type { Running } from "./start.ts";

const printed = async (...args: string[]) => {
  const { exit, stdout } = await runHere(["policy", ...args], { env: process.env, cwd: "/", program: "photohaul" });
  expect(exit).toBe(0);
  return stdout;
};

/** moto tells services apart by what a request was signed for, and looks at nothing else of that. */
async function ask(running: Running, service: string, action: string, more: Record<string, string>): Promise<string> {
  const signed = `AWS4-HMAC-SHA256 Credential=photos/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const body = new URLSearchParams({
    Action: action,
    Version: service === "iam" ? "2010-05-08" : "2010-05-15",
    ...more,
  });
  const answer = await fetch(running.endpoint, { method: "POST", body, headers: { authorization: signed } });
  const text = await answer.text();
  expect([answer.status, answer.status === 200 ? "" : text]).toEqual([200, ""]);
  return text;
}

function documentIn(told: string): string {
  return decodeURIComponent(/<PolicyDocument>([^<]*)</.exec(told)?.[1] ?? "");
}

function takesWhatIsPrinted(running: Running): void {
  test("the rules of a lifecycle, as they are printed", async () => {
    const client = clientOf(running);
    await makeBucket(client, "ruled");
    const text = await printed("--target", "s3://ruled/photos", "--lifecycle", "DEEP_ARCHIVE@30");
    const LifecycleConfiguration = JSON.parse(text);
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: "ruled", LifecycleConfiguration }));
    const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: "ruled" }));
    expect(Rules.map(({ ID }) => ID)).toEqual(LifecycleConfiguration.Rules.map(({ ID }: { ID: string }) => ID));
    client.destroy();
  });

  test("a policy of both, for a user", async () => {
    const document = await printed("s3://photos", "--target", "s3://copy/it's", "--restore", "--object-lock");
    await ask(running, "iam", "CreateUser", { UserName: "plain" });
    await ask(running, "iam", "PutUserPolicy", {
      UserName: "plain",
      PolicyName: "photohaul",
      PolicyDocument: document,
    });
    const told = await ask(running, "iam", "GetUserPolicy", { UserName: "plain", PolicyName: "photohaul" });
    expect(JSON.parse(documentIn(told))).toEqual(JSON.parse(document));
  });

  test("a template makes the bucket and the user with the policy and nothing else", async () => {
    const client = clientOf(running);
    const template = await printed(
      "--target",
      's3://made/it\'s: "x"',
      "--lifecycle",
      "GLACIER@1",
      "--as",
      "cloudformation",
    );
    await ask(running, "cloudformation", "CreateStack", { StackName: "photohaul", TemplateBody: template });
    // moto makes the bucket, and forgets what else a template says of one.
    await client.send(new HeadBucketCommand({ Bucket: "made" }));
    expect(template).toContain("VersioningConfiguration: { Status: Enabled }");
    const names = await ask(running, "iam", "ListUserPolicies", { UserName: "photohaul-made" });
    expect(names.match(/<member>/g)).toHaveLength(1);
    const told = await ask(running, "iam", "GetUserPolicy", { UserName: "photohaul-made", PolicyName: "photohaul" });
    const document = documentIn(told);
    expect(document).toContain("s3:PutObject");
    expect(document).not.toMatch(/Delete|s3:\*/);
    client.destroy();
  });
}

const found = inject("moto");
if ("running" in found) describe("in moto", () => takesWhatIsPrinted(found.running));
else test.skip(`in moto (${found.absent})`, () => undefined);
