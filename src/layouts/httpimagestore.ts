/**
 * httpimagestore (jpastuszek): s3-native. Read in jpastuszek/httpimagestore. That the 16 digits are a hash of the
 * content is unverified.
 */

import { defineLayout } from "./layout.ts";

export const httpimagestore = defineLayout({
  id: "httpimagestore",
  title: "httpimagestore (jpastuszek)",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<dir>.+)\/(?<id>[0-9a-f]{16}\/[^/]+?)\.(?<ext>jpe?g|png|gif|webp)$/u,
      stem: "{prefix}/{dir}/{id}",
      telling: false,
      examples: [
        "test/image/4006450256177f4a/test.jpg",
        "photos/9c4be07d21f85a66/IMG_1234.jpg",
        "a/0011223344556677/scan.png",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<dir>.+)\/(?<id>[0-9a-f]{16}\/[^/]+)-(?<rendition>[a-z]+)\.(?<ext>jpe?g|png|gif|webp)$/u,
      stem: "{prefix}/{dir}/{id}",
      family: "{rendition}",
      needs: "larger",
      role: "thumbnail",
      examples: [
        "test/image/4006450256177f4a/test-small.jpg",
        "test/image/4006450256177f4a/test-tiny.jpg",
        "photos/9c4be07d21f85a66/IMG_1234-large.jpg",
      ],
    },
  ],
  originalTrust: "byte-exact (unverified)",
  originalsMayBeMissing: "no",
});
