/** digiKam: filesystem. */

import type { Layout } from "./layout.ts";

export const digikam: Layout = {
  id: "digikam",
  title: "digiKam",
  evidence: "docs/3rd party",
  originals: [],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:(?<rendition>thumbnails-digikam|digikam4|recognition|similarity)\.db|(?<id>[^/]+\.[A-Za-z0-9]+)\.xmp)$/u,
      stem: "{path}",
      family: "sidecar",
      action: "sidecar",
      needs: "nothing",
      role: "sidecar/litter",
      examples: ["Pictures/thumbnails-digikam.db", "Pictures/2023/IMG_1234.JPG.xmp", "Pictures/recognition.db"],
    },
  ],
  tokens: [],
  join: "<file>.<ext>.xmp",
  hides: { captureDate: "EXIF or XMP sidecar" },
};
