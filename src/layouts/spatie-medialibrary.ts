/** Laravel Medialibrary (Spatie): s3/filesystem. Read in spatie/laravel-medialibrary. */

import { defineLayout } from "./layout.ts";

export const spatieMedialibrary = defineLayout({
  id: "spatie-medialibrary",
  title: "Laravel Medialibrary (Spatie)",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<id>\d+)\/(?<name>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{id}/{name}",
      telling: false,
      examples: ["1234/IMG_1234.jpg", "media/42/holiday-photo.png", "7/DSC_0001.JPG"],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>\d+)\/conversions\/(?<name>[^/]+)-(?<rendition>[A-Za-z0-9_]+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{id}/{name}",
      family: "{rendition}",
      needs: "larger",
      role: "thumbnail",
      examples: [
        "1234/conversions/IMG_1234-thumb.jpg",
        "media/42/conversions/holiday-photo-preview.webp",
        "7/conversions/DSC_0001-large.jpg",
      ],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>\d+)\/responsive-images\/(?<name>[^/]+)___(?<rendition>[A-Za-z0-9_]+_\d+_\d+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{id}/{name}",
      family: "responsive-images",
      needs: "larger",
      role: "responsive",
      examples: [
        "1234/responsive-images/IMG_1234___media_library_original_1600_1067.jpg",
        "media/42/responsive-images/holiday-photo___thumb_340_255.png",
        "7/responsive-images/DSC_0001___media_library_original_836_557.jpg",
      ],
    },
  ],
  originalTrust: "byte-exact",
});
