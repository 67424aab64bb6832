/** ownCloud 10 object store: s3-native. Read in owncloud/core. */

import type { Layout } from "./layout.ts";

export const owncloud: Layout = {
  id: "owncloud",
  title: "ownCloud 10 object store",
  evidence: "source",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?urn:oid:(?<id>\d+)$/u,
      stem: "{path}",
      rank: 0,
      telling: true,
      examples: ["urn:oid:15", "urn:oid:90210", "urn:oid:123456"],
    },
  ],
  renditions: [],
  tokens: [],
  join: "none by key",
  originalTrust: "byte-exact",
  hides: {
    originalName: "DB only",
    captureDate: "EXIF",
    uploadDate: "LastModified",
    s3UserMetadata: "none found",
  },
};
