/** Servers and cloud functions that make a size of a photo when it is asked for, and keep it. */

import type { WrittenLayout } from "./layout.ts";

export const IMAGE_SERVERS: readonly WrittenLayout[] = [
  /** S3-native. Read in jpastuszek/httpimagestore. That the 16 digits are a hash of the content is unverified. */
  {
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
  },
  /** S3 (tc_aws). Read in thumbor-community/aws, thumbor/thumbor. */
  {
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
  },
  /** In any store. Known from the documentation. */
  {
    id: "tiles",
    title: "Deep-zoom tile pyramids (libvips dzsave layouts)",
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+)_files\/(?<level>\d{1,2})\/(?<rendition>\d+_\d+)\.(?<ext>jpe?g|png|webp)$/u,
        stem: "{prefix}/{id}",
        family: "tile",
        needs: "larger",
        role: "tile",
        examples: ["pano/DSC_0001_files/12/3_4.jpeg", "x/scan_files/0/0_0.png", "a_files/9/10_2.jpg"],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+)\/TileGroup(?<group>\d+)\/(?<rendition>\d+-\d+-\d+)\.(?<ext>jpe?g|png)$/u,
        stem: "{prefix}/{id}",
        family: "tile",
        needs: "larger",
        role: "tile",
        examples: ["images/zoomify/1/TileGroup0/0-0-0.jpg", "pano/TileGroup3/5-12-9.jpg", "a/TileGroup0/2-1-1.jpg"],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+)\/(?<rendition>\d{1,2}\/\d+\/\d+)\.(?<ext>jpe?g|png|webp)$/u,
        stem: "{prefix}/{id}",
        family: "tile by number",
        needs: "larger",
        role: "tile",
        examples: ["pano/3/2/5.jpg", "map/0/0/0.png", "a/b/12/655/1583.webp"],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+)\/(?<region>full|square|\d+,\d+,\d+,\d+)\/(?<rendition>full|max|\d*,\d*)\/(?<rot>!?\d+(?:\.\d+)?)\/(?:default|native|gray|color|bitonal)\.(?<ext>jpe?g|png|webp)$/u,
        stem: "{prefix}/{id}",
        family: "tile",
        needs: "larger",
        role: "tile",
        examples: [
          "iiif/abc/0,0,512,512/512,/0/default.jpg",
          "iiif/abc/full/200,/0/default.jpg",
          "iiif/x/1024,0,512,512/256,256/0/default.png",
        ],
      },
    ],
  },
  /** S3-native. Read in aws-amplify/amplify-js. */
  {
    id: "amplify",
    title: "AWS Amplify Storage",
    originals: [
      {
        regex:
          /^(?<level>public|protected|private)\/(?:(?<identity>[a-z]{2}-[a-z]+-\d:[0-9a-f-]{36})\/)?(?<id>.+?)(?:\.(?<ext>[A-Za-z0-9]+))?$/u,
        examples: [
          "public/photos/IMG_1234.jpg",
          "protected/us-east-1:3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/avatar.png",
          "private/eu-west-1:00000000-1111-4222-8333-444444444444/2024/DSC_0001.HEIC",
        ],
      },
    ],
    originalTrust: "byte-exact",
  },
  /** S3-native. Read in amazon-archives/serverless-image-resizing. */
  {
    id: "aws-serverless-image-resizing",
    title: "aws serverless-image-resizing (blog)",
    originals: [
      {
        regex: /^(?!\d+x\d+\/)(?<id>.+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{id}",
        telling: false,
        examples: ["photos/IMG_1234.jpg", "a.png", "2016/08/DSC_0001.JPG"],
      },
    ],
    renditions: [
      {
        regex: /^(?<rendition>\d+x\d+)\/(?<id>.+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{id}",
        family: "WxH",
        needs: "larger",
        role: "thumbnail",
        examples: ["300x300/photos/IMG_1234.jpg", "25x25/a.png", "1024x768/2016/08/DSC_0001.JPG"],
      },
    ],
    originalTrust: "byte-exact",
  },
  /** GCS (S3-interop). Read in firebase/extensions. */
  {
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
  },
];
