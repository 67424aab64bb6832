/**
 * Cloudinary backup bucket: s3-native. Only originals are backed up. Known from the documentation, whose picture of a
 * path was not seen: unverified.
 */

import { defineLayout } from "./layout.ts";

export const cloudinaryBackup = defineLayout({
  id: "cloudinary-backup",
  title: "Cloudinary backup bucket",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<resource>image|video|raw)\/(?<type>upload|private|authenticated)\/(?<id>.+)\/(?<version>[^/]+)$/u,
      examples: [
        "mycloud/image/upload/folder/sample/1312461204",
        "mycloud/video/upload/dog/1571218330",
        "mycloud/raw/upload/doc.pdf/1600000000",
      ],
    },
  ],
  originalTrust: "byte-exact uploads, several versions per asset",
});
