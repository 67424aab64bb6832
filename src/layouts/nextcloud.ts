/**
 * Nextcloud S3 primary storage (Photos/Memories on top): s3-native. Read in nextcloud/server. Older previews are named
 * urn:oid:N as originals are; only the metadata `original-path` tells them apart.
 */

import { defineLayout } from "./layout.ts";

export const nextcloud = defineLayout({
  id: "nextcloud",
  title: "Nextcloud S3 primary storage (Photos/Memories on top)",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?urn:oid:(?<id>\d+)$/u,
      role: "any file: original, old-style preview, version, trash, appdata",
      examples: ["urn:oid:213", "urn:oid:48210", "urn:oid:1000001"],
    },
  ],
  renditions: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?urn:oid:(?<rendition>preview):(?<id>\d+)$/u,
      family: "preview",
      action: "skip-no-join",
      role: "preview",
      examples: ["urn:oid:preview:77", "urn:oid:preview:1234567", "urn:oid:preview:7280213498"],
    },
  ],
  originalTrust: "byte-exact unless server-side encryption enabled",
  originalsMayBeMissing: "zero-byte files may have no object",
});
