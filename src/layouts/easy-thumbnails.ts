/** django easy-thumbnails / filer: s3 via django-storages. Read in SmileyChris/easy-thumbnails. */

import { defineLayout } from "./layout.ts";

export const easyThumbnails = defineLayout({
  id: "easy-thumbnails",
  title: "django easy-thumbnails / filer",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+?)\.(?<ext>jpe?g|png|gif|webp|avif|heic|heif|tiff?|bmp)$/u,
      stem: "{prefix}/{id}",
      telling: false,
      examples: ["photos/IMG_1234.jpg", "filer_public/ab/cd/cat.png", "a/b/DSC_0001.jpeg"],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:filer_public_thumbnails\/)?(?:(?<prefix>.+?)\/)?(?<id>[^/]+)\.(?:jpe?g|png|gif|webp|avif|heic|heif|tiff?|bmp)\.(?<rendition>\d+x\d+(?:_[A-Za-z0-9,-]+)*)\.(?<ext>[a-z]+)$/u,
      stem: "{prefix}/{id}",
      family: "thumbnails",
      needs: "larger",
      role: "thumbnail",
      examples: [
        "photos/IMG_1234.jpg.100x100_q85_crop.jpg",
        "filer_public_thumbnails/filer_public/ab/cd/cat.png.64x64_q85_crop.png",
        "a/b/DSC_0001.jpeg.800x0_q80_upscale.jpg",
      ],
    },
  ],
  originalTrust: "byte-exact",
});
