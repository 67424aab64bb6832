/**
 * LibrePhotos: filesystem. Read in LibrePhotos/librephotos. Thumbnails are named by a hash of the content and the user.
 */

import { defineLayout } from "./layout.ts";

export const librephotos = defineLayout({
  id: "librephotos",
  title: "LibrePhotos",
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<rendition>thumbnails_big|square_thumbnails_small|square_thumbnails|square_thumbnails_tiny)\/(?<id>[0-9a-f]{32}\d*)\.(?<ext>webp|mp4|jpg)$/u,
      family: "{rendition}",
      action: "skip-no-join",
      role: "thumbnail",
      examples: [
        "protected_media/thumbnails_big/9c4be07d21f85a6630dd14c27e9b0f111.webp",
        "protected_media/square_thumbnails/0b77e2914cc05a3f6d8812be40997acd2.mp4",
        "square_thumbnails_small/c45d1190aa7be3f2c6840d55e1728b3f1.webp",
      ],
    },
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<rendition>embedded_media|faces)\/(?<id>[0-9a-f]{32}\d*_\d+)\.(?<ext>mp4|jpg)$/u,
      family: "{rendition}",
      action: "skip-no-join",
      role: "motion / face crop",
      examples: [
        "protected_media/embedded_media/9c4be07d21f85a6630dd14c27e9b0f111_1.mp4",
        "protected_media/faces/9c4be07d21f85a6630dd14c27e9b0f111_0.jpg",
      ],
    },
  ],
  originalTrust: "byte-exact",
});
