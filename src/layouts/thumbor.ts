/** Thumbor (file storage; tc_aws S3 storages): s3 (tc_aws). Read in thumbor-community/aws, thumbor/thumbor. */

import { defineLayout } from "./layout.ts";

export const thumbor = defineLayout({
  id: "thumbor",
  title: "Thumbor (file storage; tc_aws S3 storages)",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<id>[0-9a-f]{2}\/[0-9a-f]{38})$/u,
      role: "thumbor file_storage (sha1 of source URL), no ext; + .txt / .detectors.txt siblings. tc_aws storage key = source path",
      examples: [
        "da/39a3ee5e6b4b0d3255bfef95601890afd80709",
        "9c/4be07d21f85a6630dd14c27e9b0f1122334455",
        "0b/77e2914cc05a3f6d8812be40997acd00112233",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<sig>unsafe|[A-Za-z0-9_-]{27}=)\/(?<rendition>(?:(?:trim|meta|fit-in|adaptive-fit-in|full-fit-in|-?\d*x-?\d*|\d+x\d+:\d+x\d+|left|right|center|top|middle|bottom|smart|filters:[^/]*)\/)+)(?<id>.+)$/u,
      family: "results",
      action: "skip-no-join",
      role: "cached result",
      examples: [
        "unsafe/300x200/smart/photos/IMG_1234.jpg",
        "bbvBYK06cBbtxDxWoA3RqrlJHQ8=/50x50/8afd08cb72f146feb704b0506358937e/company_logo.png",
        "unsafe/fit-in/640x480/filters:quality(80)/a/b/DSC_0001.jpeg/webp",
      ],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<rendition>default|auto_webp|auto_avif)\/(?<id>[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{36})$/u,
      family: "results",
      action: "skip-no-join",
      role: "cached result",
      examples: [
        "default/da/39/a3ee5e6b4b0d3255bfef95601890afd80709",
        "auto_webp/9c/4b/e07d21f85a6630dd14c27e9b0f1122334455",
        "default/0b/77/e2914cc05a3f6d8812be40997acd00112233",
      ],
    },
  ],
  originalTrust: "byte-exact copy of fetched source",
  originalsMayBeMissing: "often: originals on origin server, bucket holds only cached results",
});
