/** What a careful person sets up for a mirror, as commands or as a template: their own rights do it, never photohaul's. Pure. */

import { shellWord } from "../schedule/job.ts";
import type { BucketPlace, Policy } from "./bucket-policy.ts";
import { type Cooling, lifecycleLines, lifecycleOf } from "./cold-rules.ts";

interface Setup {
  readonly policy: Policy;
  /** To be made; null where only a user is. */
  readonly target: BucketPlace | null;
  readonly cold: Cooling | null;
  readonly folders: readonly string[];
  readonly objectLock: boolean;
  readonly region: string;
  /** Of the user that photohaul is. */
  readonly user: string;
}

/** Commands for a shell, one after the other. */
export function asCommands(setup: Setup): string {
  const { policy, user } = setup;
  return `${[
    "# Read it, then paste it: your own credentials do this, photohaul is given none of them.",
    ...(setup.target === null ? [] : bucketCommands(setup, setup.target)),
    "# The user that photohaul is, who can delete nothing:",
    command("aws iam create-user", { "user-name": user }),
    command("aws iam put-user-policy", {
      "user-name": user,
      "policy-name": "photohaul",
      "policy-document": JSON.stringify(policy),
    }),
    "# Its key, which is shown this once: put it into ~/.aws/credentials.",
    command("aws iam create-access-key", { "user-name": user }),
  ].join("\n")}\n`;
}

function bucketCommands(setup: Setup, place: BucketPlace): string[] {
  const { cold, folders, objectLock, region } = setup;
  const { bucket } = place;
  const created = region === "us-east-1" ? {} : { "create-bucket-configuration": `LocationConstraint=${region}` };
  const closed = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true";
  return [
    "# The bucket; leave this line out where it is there already. Nobody but you sees it:",
    command(
      "aws s3api create-bucket",
      { bucket, region, ...created },
      objectLock ? " --object-lock-enabled-for-bucket" : "",
    ),
    command("aws s3api put-public-access-block", { bucket, "public-access-block-configuration": closed }),
    "# What is written over or deleted stays as an older version:",
    command("aws s3api put-bucket-versioning", { bucket, "versioning-configuration": "Status=Enabled" }),
    "# This replaces all lifecycle rules that the bucket has:",
    command("aws s3api put-bucket-lifecycle-configuration", {
      bucket,
      "lifecycle-configuration": JSON.stringify(lifecycleOf(place, cold, folders)),
    }),
  ];
}

function command(name: string, options: Readonly<Record<string, string>>, more = ""): string {
  const given = Object.entries(options).map(([option, value]) => ` \\\n  --${option} ${shellWord(value)}`);
  return `${name}${given.join("")}${more === "" ? "" : ` \\\n ${more}`}`;
}

/**
 * A CloudFormation template in YAML. The bucket stays when the stack is deleted. The user's key is not made here: whoever
 * may look at a stack reads its outputs.
 */
export function asTemplate(setup: Setup): string {
  const { policy, target, user } = setup;
  const lines = [
    "# CloudFormation, Create stack, Upload a template file; say yes to the user with a name of its own",
    "# (CAPABILITY_NAMED_IAM). Then make the key of that user:",
    `#   aws iam create-access-key --user-name ${shellWord(user)}`,
    'AWSTemplateFormatVersion: "2010-09-09"',
    `Description: ${JSON.stringify(target === null ? "photohaul: a user who may read" : "photohaul: a bucket, and a user who may add to it and delete nothing")}`,
    "Resources:",
    ...(target === null ? [] : bucketLines(setup, target)),
    "  User:",
    "    Type: AWS::IAM::User",
    ...(target === null ? [] : ["    DependsOn: Bucket"]),
    "    Properties:",
    `      UserName: ${JSON.stringify(user)}`,
    "  Rights:",
    "    Type: AWS::IAM::Policy",
    "    Properties:",
    "      PolicyName: photohaul",
    "      Users: [!Ref User]",
    "      PolicyDocument:",
    `        Version: ${JSON.stringify(policy.Version)}`,
    "        Statement:",
    ...policy.Statement.map((statement) => `          - ${JSON.stringify(statement)}`),
    "Outputs:",
    "  User:",
    "    Value: !Ref User",
  ];
  return `${lines.join("\n")}\n`;
}

function bucketLines({ cold, folders, objectLock }: Setup, place: BucketPlace): string[] {
  return [
    "  Bucket:",
    "    Type: AWS::S3::Bucket",
    "    DeletionPolicy: Retain",
    "    UpdateReplacePolicy: Retain",
    "    Properties:",
    `      BucketName: ${JSON.stringify(place.bucket)}`,
    ...(objectLock ? ["      ObjectLockEnabled: true"] : []),
    "      VersioningConfiguration: { Status: Enabled }",
    "      PublicAccessBlockConfiguration:",
    "        BlockPublicAcls: true",
    "        BlockPublicPolicy: true",
    "        IgnorePublicAcls: true",
    "        RestrictPublicBuckets: true",
    "      LifecycleConfiguration:",
    "        Rules:",
    ...lifecycleLines(place, cold, folders).map((rule) => `          - ${rule}`),
  ];
}
