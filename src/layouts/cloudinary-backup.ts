/** Cloudinary backup bucket: s3-native. */

import type { Layout } from "./layout.ts";

export const cloudinaryBackup: Layout = {
  id: "cloudinary-backup",
  title: "Cloudinary backup bucket",
  evidence: "docs (structure text only, exact path image not in stored text) → unverified",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<resource>image|video|raw)\/(?<type>upload|private|authenticated)\/(?<id>.+)\/(?<version>[^/]+)$/u,
      stem: "{path}",
      rank: 0,
      telling: true,
      examples: [
        "mycloud/image/upload/folder/sample/1312461204",
        "mycloud/video/upload/dog/1571218330",
        "mycloud/raw/upload/doc.pdf/1600000000",
      ],
    },
  ],
  renditions: [],
  tokens: [],
  join: "n/a: only originals are backed up (docs)",
  originalTrust: "byte-exact uploads, several versions per asset",
  hides: {
    originalName: "public_id in key; original filename not kept",
    uploadDate: "version = Unix seconds of upload (cloudinary version number)",
    s3UserMetadata: "unknown",
  },
};
