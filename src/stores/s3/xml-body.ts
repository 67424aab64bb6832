/** A document of XML as a request sends it. */

import { createHash } from "node:crypto";
import type { BucketRequest } from "./bucket.ts";

/** With its MD5, which S3 wants of some and takes with all. */
export function xmlBody(text: string): Required<Pick<BucketRequest, "body" | "headers">> {
  const xml = Buffer.from(text);
  const digest = (name: string) => createHash(name).update(xml);
  return {
    body: { size: xml.length, sha256: digest("sha256").digest("hex"), open: () => xml },
    headers: { "content-type": "application/xml", "content-md5": digest("md5").digest("base64") },
  };
}
