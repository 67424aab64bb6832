/** ListObjects over a bucket that is a rule: version 1 and 2, prefix, delimiter, start-after, url encoding. */

import type { Bucket } from "./buckets.ts";

/** The XML of one page. */
export function listing(bucket: Bucket, name: string, query: URLSearchParams): string {
  const asked = (field: string) => query.get(field) ?? "";
  const most = Math.min(Number(query.get("max-keys") ?? 1000), 1000);
  const encode = asked("encoding-type") === "url" ? forUrl : forXml;
  const token = asked("continuation-token");
  const after = asked("start-after") || asked("marker");
  const prefix = asked("prefix");
  let at = token === "" ? firstAfter(bucket, after, prefix) : Number(token);
  let entries = 0;
  let last = "";
  let rows = "";
  for (; entries < most && at < bucket.count; entries++) {
    const key = bucket.key(at);
    if (!key.startsWith(prefix)) break;
    const cut = asked("delimiter") === "" ? -1 : key.indexOf(asked("delimiter"), prefix.length);
    if (cut < 0) {
      rows += row(bucket, at, encode(key));
      last = key;
      at++;
    } else {
      last = key.slice(0, cut + asked("delimiter").length);
      rows += `<CommonPrefixes><Prefix>${encode(last)}</Prefix></CommonPrefixes>`;
      at = lowerBound(bucket, Buffer.concat([Buffer.from(last), Buffer.from([0xff])]));
    }
  }
  const more = at < bucket.count && bucket.key(at).startsWith(prefix);
  const next = more
    ? `<NextContinuationToken>${at}</NextContinuationToken><NextMarker>${encode(last)}</NextMarker>`
    : "";
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
    `<Name>${name}</Name><Prefix>${encode(prefix)}</Prefix><KeyCount>${entries}</KeyCount><MaxKeys>${most}</MaxKeys>` +
    (encode === forUrl ? "<EncodingType>url</EncodingType>" : "") +
    `<IsTruncated>${more}</IsTruncated>${next}${rows}</ListBucketResult>`
  );
}

function row(bucket: Bucket, index: number, key: string): string {
  return (
    `<Contents><Key>${key}</Key><LastModified>2014-06-28T12:00:00.000Z</LastModified>` +
    `<ETag>&quot;${bucket.etag(index)}&quot;</ETag><Size>${bucket.size(index)}</Size>` +
    "<StorageClass>STANDARD</StorageClass></Contents>"
  );
}

function firstAfter(bucket: Bucket, after: string, prefix: string): number {
  const from = lowerBound(bucket, Buffer.from(prefix));
  if (after === "") return from;
  const at = lowerBound(bucket, Buffer.from(after));
  const next = at < bucket.count && bucket.key(at) === after ? at + 1 : at;
  return Math.max(from, next);
}

/** The first index whose key is not before these bytes. */
export function lowerBound(bucket: Bucket, bytes: Buffer): number {
  let low = 0;
  let high = bucket.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Buffer.compare(Buffer.from(bucket.key(middle)), bytes) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function forUrl(key: string): string {
  return encodeURIComponent(key).replaceAll("%2F", "/");
}

function forXml(key: string): string {
  return key.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
