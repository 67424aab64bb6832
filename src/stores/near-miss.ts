/**
 * What was meant by an address that is nearly one of a store. Without this it would be a folder of that name, and as a
 * target one that is made on this computer's own drive. Pure.
 *
 *   s3:/bucket  s3:bucket  s3//bucket  S3:\\bucket          s3://bucket; swift and sftp alike
 *   arn:aws:s3:::bucket/prefix                              s3://bucket/prefix
 *   https://bucket.s3.eu-west-1.amazonaws.com/prefix        s3://bucket/prefix
 *   https://s3.example.com/bucket                           s3://BUCKET with --endpoint
 *   user@host:photos                                        sftp://user@host/~/photos, as scp and rsync have it
 *   gs://bucket  b2://bucket  azure://…                     by rclone, or by their S3 side
 */

const KIND = /^(s3|swift|sftp)(?::\/?|:?\/\/|:?\\\\)(?!\/)(?=[^/\\])/i;
const AMAZON = /^https?:\/\/(?:([a-z0-9][\w.-]*)\.)?s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?(?:\/(.*))?$/i;

/** @returns the sentence that says it; null for what is near to nothing, such as a folder's path */
export function nearMiss(typed: string): string | null {
  const kind = KIND.exec(typed);
  if (kind !== null && !typed.startsWith(`${kind[1]}://`)) {
    return `did you mean ${kind[1]?.toLowerCase()}://${typed.slice(kind[0].length)}? A folder of that name is ./${typed}`;
  }
  const [, inArn] = /^arn:aws[\w-]*:s3:::(.+)$/i.exec(typed) ?? [];
  if (inArn !== undefined) return `did you mean s3://${inArn}?`;
  const amazon = AMAZON.exec(typed);
  if (amazon !== null) {
    const path = [amazon[1], amazon[2]]
      .filter(Boolean)
      .join("/")
      .replace(/\/*([?#].*)?$/, "");
    return `did you mean s3://${path}?`;
  }
  if (/^https?:\/\//i.test(typed)) {
    const { origin, pathname } = URL.canParse(typed) ? new URL(typed) : { origin: "URL", pathname: "/" };
    const bucket = pathname.replace(/^\/+|\/+$/g, "") || "BUCKET";
    return `a bucket there is s3://${bucket} with --endpoint ${origin} (of a target --target-endpoint)`;
  }
  const [, host, path] = /^([\w.-]+@[\w.-]+):(?!\/\/)(.*)$/.exec(typed) ?? [];
  if (host !== undefined) return `did you mean sftp://${host}${path?.startsWith("/") ? path : `/~/${path}`}?`;
  if (/^(gs|gcs|b2|azure|wasabi|r2|onedrive|dropbox|gdrive|drive):\/\//i.test(typed)) {
    return "what rclone reaches is rclone:REMOTE:path; most services of buckets also speak S3: s3://BUCKET with --endpoint URL";
  }
  return null;
}
