/** digiKam: filesystem. Known from the documentation. */

import { defineLayout } from "./layout.ts";

export const digikam = defineLayout({
  id: "digikam",
  title: "digiKam",
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:(?<rendition>thumbnails-digikam|digikam4|recognition|similarity)\.db|(?<id>[^/]+\.[A-Za-z0-9]+)\.xmp)$/u,
      stem: "{path}",
      family: "sidecar",
      action: "sidecar",
      role: "sidecar/litter",
      examples: ["Pictures/thumbnails-digikam.db", "Pictures/2023/IMG_1234.JPG.xmp", "Pictures/recognition.db"],
    },
  ],
});
