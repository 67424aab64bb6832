/** IAM policies for the buckets of a mirror: what it asks for, and nothing that could delete. Pure. */

/** A bucket, and what of it is meant. */
export interface BucketPlace {
  readonly bucket: string;
  /** What the keys begin with; "" for all of it. */
  readonly prefix: string;
}

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: object;
}

export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

export interface Wanted {
  readonly source: BucketPlace | null;
  readonly target: BucketPlace | null;
  /** Versions of the source are read. */
  readonly versions: boolean;
  /** Photos are asked for where they lie in an archive. */
  readonly restore: boolean;
  /** Photos are locked on the target. */
  readonly objectLock: boolean;
}

/** The smallest policy for a source, a target, or both with one user. */
export function policyFor({ source, target, versions, restore, objectLock }: Wanted): Policy {
  const found = source === null ? [] : readingRights(source, versions, restore);
  if (target !== null) found.push(...writingRights(target, restore, objectLock));
  return { Version: "2012-10-17", Statement: found };
}

/**
 * ListBucket is asked of the bucket, GetObject of its objects (AWS, "Actions, resources, and condition keys
 * for Amazon S3"); a condition keeps the listing below the prefix.
 */
function readingRights(place: BucketPlace, versions: boolean, restore: boolean): Statement[] {
  const { bucket, objects, below } = spelled(place);
  const list = versions ? ["s3:ListBucket", "s3:ListBucketVersions"] : ["s3:ListBucket"];
  const read = versions ? ["s3:GetObject", "s3:GetObjectVersion"] : ["s3:GetObject"];
  return [
    { ...allow("ListPhotos", list, bucket), ...below },
    allow("FindRegion", ["s3:GetBucketLocation"], bucket),
    allow("ReadPhotos", read, objects),
    ...(restore ? [allow("RestorePhotos", ["s3:RestoreObject"], objects)] : []),
  ];
}

/**
 * ListBucketMultipartUploads finds the name of an upload again whose beginning got no answer. Of the listing nothing is
 * excepted: Amazon says "not there" of a single key only to those who may list without a condition, and whoever adds photos
 * has to know that.
 */
function writingRights(place: BucketPlace, restore: boolean, objectLock: boolean): Statement[] {
  const { bucket, objects } = spelled(place);
  const ofObjects = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"];
  const locking = ["s3:PutObjectRetention", "s3:GetObjectRetention"];
  const ofBucket = ["s3:GetBucketLocation", ...(objectLock ? ["s3:GetBucketObjectLockConfiguration"] : [])];
  return [
    allow("ListTarget", ["s3:ListBucket", "s3:ListBucketMultipartUploads"], bucket),
    allow("KnowTarget", ofBucket, bucket),
    allow("KeepPhotos", [...ofObjects, ...(objectLock ? locking : [])], objects),
    ...(restore ? [allow("RestoreTarget", ["s3:RestoreObject"], objects)] : []),
  ];
}

function allow(sid: string, actions: readonly string[], resource: string): Statement {
  return { Sid: sid, Effect: "Allow", Action: actions, Resource: [resource] };
}

function spelled({ bucket, prefix }: BucketPlace) {
  const [name, path] = [literally(bucket), literally(prefix)];
  const below = prefix === "" ? {} : { Condition: { StringLike: { "s3:prefix": [`${path}*`] } } };
  return { bucket: `arn:aws:s3:::${name}`, objects: `arn:aws:s3:::${name}/${path}*`, below };
}

/**
 * A text that stands for itself in a resource or a condition: `*` and `?` would match others too, and `${…}` is a
 * variable (IAM User Guide, "Specifying special characters").
 */
function literally(words: string): string {
  return words.replace(/[*?$]/g, (special) => `$\{${special}}`);
}
