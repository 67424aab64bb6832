/** Puts objects into a real store with the AWS SDK, as a photo service would have. */

import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { Running } from "./start.ts";

export const REGION = "us-east-1";

export function clientOf({ endpoint, accessKey, secretKey }: Running): S3Client {
  return new S3Client({
    endpoint,
    region: REGION,
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
}

export async function makeBucket(client: S3Client, bucket: string): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
}

/** The keys that the store took; what it refuses it does not hold, and nobody can ask it for that. */
export async function putAll(
  client: S3Client,
  bucket: string,
  objects: ReadonlyMap<string, Buffer>,
): Promise<Map<string, Buffer>> {
  const taken = new Map<string, Buffer>();
  const waiting = objects.entries();
  const worker = async () => {
    for (const [key, body] of waiting) {
      const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body });
      const done = await client.send(put).then(
        () => true,
        (error: unknown) => {
          if (Object(Object(error).$metadata).httpStatusCode >= 500) throw error;
          return false;
        },
      );
      if (done) taken.set(key, body);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return taken;
}

/** An object of several parts, so that its ETag is no MD5 of its bytes. Parts but the last: 5 MiB or more. */
export async function putInParts(
  client: S3Client,
  bucket: string,
  key: string,
  parts: readonly Buffer[],
): Promise<void> {
  const target = { Bucket: bucket, Key: key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  const done: { ETag: string | undefined; PartNumber: number }[] = [];
  for (const [index, body] of parts.entries()) {
    const PartNumber = index + 1;
    const part = new UploadPartCommand({ ...target, UploadId, PartNumber, Body: body });
    const { ETag } = await client.send(part);
    done.push({ ETag, PartNumber });
  }
  const MultipartUpload = { Parts: done.map((part) => ({ ...part, ETag: part.ETag ?? "" })) };
  await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
}

/** The keys as the SDK's own serial listing gives them, in its order. */
export async function keysBySdk(client: S3Client, bucket: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        EncodingType: "url",
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    for (const { Key } of page.Contents ?? []) {
      keys.push(decodeURIComponent((Key ?? "").replaceAll("+", " ")));
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
  return keys;
}
