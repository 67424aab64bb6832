/** Firebase "Resize Images" extension: GCS (S3-interop). Read in firebase/extensions. */

import type { Layout } from "./layout.ts";

export const firebaseResize: Layout = {
  id: "firebase-resize",
  title: 'Firebase "Resize Images" extension',
  evidence: "source",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+?)(?<!_\d{1,5}x\d{1,5})\.(?<ext>jpe?g|png|gif|webp|avif|heic|heif|tiff?|bmp)$/u,
      stem: "{prefix}/{id}",
      rank: 0,
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
      action: "skip-if-original-present",
      needs: "larger",
      role: "thumbnail",
      examples: ["photos/thumbs/cat_640x480.webp", "thumbs/DSC_0001_200x200.jpeg"],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+?)_(?<rendition>\d{1,5}x\d{1,5})\.(?<ext>jpe?g|png|gif|webp|avif|heic|heif|tiff?|bmp)$/u,
      stem: "{prefix}/{id}",
      family: "WxH",
      action: "skip-if-original-present",
      needs: "larger",
      role: "thumbnail",
      examples: ["users/abc/IMG_1234_200x200.jpg", "DSC_0001_1080x1080.jpeg"],
    },
  ],
  tokens: [],
  join: "dir (minus RESIZED_IMAGES_PATH e.g. thumbs/) + stem",
  originalTrust: "byte-exact",
  originalsMayBeMissing: "YES: DELETE_ORIGINAL_FILE option",
  hides: {
    originalName: "key",
    captureDate: "EXIF",
    uploadDate: "LastModified",
    s3UserMetadata:
      "resizedImage=true on every rendition, firebaseStorageDownloadTokens, original custom metadata is copied to the rendition",
    contentDisposition: "filename*=utf-8''<name>",
  },
};
