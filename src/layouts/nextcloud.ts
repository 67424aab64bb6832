/** Nextcloud S3 primary storage (Photos/Memories on top): s3-native. Read in nextcloud/server. */

import type { Layout } from "./layout.ts";

export const nextcloud: Layout = {
  id: "nextcloud",
  title: "Nextcloud S3 primary storage (Photos/Memories on top)",
  evidence: "source",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?urn:oid:(?<id>\d+)$/u,
      stem: "{path}",
      rank: 0,
      telling: true,
      role: "any file: original, old-style preview, version, trash, appdata",
      examples: ["urn:oid:213", "urn:oid:48210", "urn:oid:1000001"],
    },
  ],
  renditions: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?urn:oid:(?<rendition>preview):(?<id>\d+)$/u,
      stem: null,
      family: "preview",
      action: "skip-no-join",
      needs: "nothing",
      role: "preview",
      examples: ["urn:oid:preview:77", "urn:oid:preview:1234567", "urn:oid:preview:7280213498"],
    },
  ],
  tokens: [],
  join: "none by key; older previews are urn:oid:N too — only the object metadata original-path (appdata_*/preview/…/256-256-crop.jpg, W-H[-crop][-max].ext) tells them apart",
  originalTrust: "byte-exact unless server-side encryption enabled",
  originalsMayBeMissing: "zero-byte files may have no object",
  hides: {
    originalName:
      'S3 METADATA on newer versions: x-amz-meta-original-path (+ x-amz-meta-original-storage = object::store:… / object::user:…); non-ASCII values are "base64:"+base64',
    captureDate: "EXIF only / DB",
    uploadDate: "LastModified; DB mtime",
    s3UserMetadata: "original-path, original-storage",
    contentType: "set from path",
  },
};
