/** Firebase "Resize Images" extension: GCS (S3-interop). Read in firebase/extensions. */

import { defineLayout } from "./layout.ts";

export const firebaseResize = defineLayout({
  id: "firebase-resize",
  title: 'Firebase "Resize Images" extension',
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+?)(?<!_\d{1,5}x\d{1,5})\.(?<ext>jpe?g|png|gif|webp|avif|heic|heif|tiff?|bmp)$/u,
      stem: "{prefix}/{id}",
      telling: false,
      examples: ["users/abc/IMG_1234.jpg", "photos/cat.png", "DSC_0001.jpeg"],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?thumbs\/(?<id>[^/]+?)_(?<rendition>\d{1,5}x\d{1,5})\.(?<ext>jpe?g|png|gif|webp|avif|heic|heif|tiff?|bmp)$/u,
      stem: "{prefix}/{id}",
      family: "WxH",
      needs: "larger",
      role: "thumbnail",
      examples: ["photos/thumbs/cat_640x480.webp", "thumbs/DSC_0001_200x200.jpeg"],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+?)_(?<rendition>\d{1,5}x\d{1,5})\.(?<ext>jpe?g|png|gif|webp|avif|heic|heif|tiff?|bmp)$/u,
      stem: "{prefix}/{id}",
      family: "WxH",
      needs: "larger",
      role: "thumbnail",
      examples: ["users/abc/IMG_1234_200x200.jpg", "DSC_0001_1080x1080.jpeg"],
    },
  ],
  originalTrust: "byte-exact",
  originalsMayBeMissing: "YES: DELETE_ORIGINAL_FILE option",
});
