/** OpenPhoto / Trovebox (photo/frontend): s3-native. Read in photo/frontend. */

import type { Layout } from "./layout.ts";

export const trovebox: Layout = {
  id: "trovebox",
  title: "OpenPhoto / Trovebox (photo/frontend)",
  evidence: "source",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?original\/(?<yyyymm>\d{6})\/(?<name>.+)-(?<id>[0-9a-f]{13})\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{yyyymm}/{name}-{id}",
      rank: 0,
      telling: true,
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
      stem: null,
      family: "base",
      action: "skip-no-join",
      needs: "nothing",
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
      stem: null,
      family: "custom",
      action: "skip-no-join",
      needs: "nothing",
      role: "thumbnail",
      examples: [
        "custom/201203/IMG_1234-7a3f21_100x100xCR.jpg",
        "custom/201108/DSC-0042-f4240_960x180.jpg",
        "custom/201305/Family-Reunion-2013-4c91be_870x550xCRxBW.jpg",
      ],
    },
  ],
  tokens: [],
  join: "custom↔base share name+id (base id); ORIGINAL HAS A DIFFERENT RANDOM SUFFIX (uniqid vs dechex(rand)) so original↔base only joins on yyyymm + sanitised name and is ambiguous",
  originalTrust: "byte-exact",
  originalsMayBeMissing:
    "yes: S3Dropbox/S3Box/S3AppDotNet/S3CX/S3ArchiveOrg adapters write /original/ to the other provider only; also putPhoto returns early for /original/ when storeThumbs===false",
  hides: {
    originalName: 'sanitised in key (chars outside [a-zA-Z0-9.-_] → "-"); exact name only in DB (filenameOriginal) ',
    captureDate: 'key dir = date("Ym", dateTaken) i.e. capture month; exact in DB/EXIF',
    uploadDate: "uniqid() = 8 hex epoch seconds + 5 hex µs → parseInt(id.slice(0,8),16)",
    contentDisposition: "none on object (set by app on download)",
    contentType: "ALWAYS image/jpeg, even for png originals",
  },
};
