/**
 * OpenPhoto / Trovebox (photo/frontend): s3-native. Read in photo/frontend. An original and its base have different
 * random ends, so they join by month and name only, which may be ambiguous.
 */

import { defineLayout } from "./layout.ts";

export const trovebox = defineLayout({
  id: "trovebox",
  title: "OpenPhoto / Trovebox (photo/frontend)",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?original\/(?<yyyymm>\d{6})\/(?<name>.+)-(?<id>[0-9a-f]{13})\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{yyyymm}/{name}-{id}",
      examples: [
        "original/201203/IMG_1234-4f5a1c2b3d4e5.jpg",
        "original/201108/DSC-0042-4e43b1a97f3c2.JPG",
        "original/201305/Family-Reunion-2013-51a2f3b4c5d6e.png",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<rendition>base)\/(?<yyyymm>\d{6})\/(?<name>.+)-(?<id>[0-9a-f]{5,6})\.(?<ext>jpg)$/u,
      family: "base",
      action: "skip-no-join",
      role: "large",
      examples: [
        "base/201203/IMG_1234-7a3f21.jpg",
        "base/201108/DSC-0042-f4240.jpg",
        "base/201305/Family-Reunion-2013-4c91be.jpg",
      ],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?custom\/(?<yyyymm>\d{6})\/(?<name>.+)-(?<id>[0-9a-f]{5,6})_(?<rendition>\d+x\d+(?:x[A-Z]{2})*)\.(?<ext>jpg)$/u,
      family: "custom",
      action: "skip-no-join",
      role: "thumbnail",
      examples: [
        "custom/201203/IMG_1234-7a3f21_100x100xCR.jpg",
        "custom/201108/DSC-0042-f4240_960x180.jpg",
        "custom/201305/Family-Reunion-2013-4c91be_870x550xCRxBW.jpg",
      ],
    },
  ],
  originalTrust: "byte-exact",
  originalsMayBeMissing:
    "yes: S3Dropbox/S3Box/S3AppDotNet/S3CX/S3ArchiveOrg adapters write /original/ to the other provider only; also putPhoto returns early for /original/ when storeThumbs===false",
});
