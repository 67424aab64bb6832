/** What applications are built with: a record has an attachment, and the attachment has its versions. */

import type { WrittenLayout } from "./layout.ts";

export const FRAMEWORKS: readonly WrittenLayout[] = [
  /** S3-native. Read in rails/rails. Tracked variants have names like originals; only the database tells them. */
  {
    id: "activestorage",
    title: "Rails Active Storage",
    originals: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?(?<id>[a-z0-9]{28})$/u,
        stem: "{prefix}/{id}",
        role: "ANY blob: original, tracked variant, preview image (indistinguishable)",
        examples: ["x8q1w0e9r2t3y4u5i6o7p8a9s0d1", "zk3sqw9lmt1x0fjq2vtyb7rk9lmx", "0123456789abcdefghijklmnopqr"],
      },
    ],
    renditions: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?variants\/(?<id>[a-z0-9]{28})\/(?<rendition>[0-9a-f]{64})$/u,
        stem: "{prefix}/{id}",
        family: "variants",
        role: "variant",
        examples: [
          "variants/x8q1w0e9r2t3y4u5i6o7p8a9s0d1/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "variants/zk3sqw9lmt1x0fjq2vtyb7rk9lmx/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
          "variants/0123456789abcdefghijklmnopqr/2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        ],
      },
    ],
    originalTrust: "byte-exact",
  },
  /** S3/filesystem. Read in kreeti/kt-paperclip. */
  {
    id: "paperclip",
    title: "Paperclip (kt-paperclip) default layout",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<class>[a-z_]+)\/(?<attachment>[a-z_]+)\/(?<id>\d{3}(?:\/\d{3}){2,5})\/original\/(?<name>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{class}/{attachment}/{id}/{name}",
        examples: [
          "system/photos/images/000/001/234/original/IMG_1234.JPG",
          "users/avatars/000/000/042/original/me.png",
          "photos/files/001/234/567/original/DSC_0001.jpeg",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<class>[a-z_]+)\/(?<attachment>[a-z_]+)\/(?<id>\d{3}(?:\/\d{3}){2,5})\/(?<rendition>(?!original\/)[a-z0-9_]+)\/(?<name>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{class}/{attachment}/{id}/{name}",
        family: "{rendition}",
        needs: "larger-if-any",
        role: "thumbnail/large",
        examples: [
          "system/photos/images/000/001/234/thumb/IMG_1234.JPG",
          "users/avatars/000/000/042/medium/me.png",
          "photos/files/001/234/567/large/DSC_0001.jpg",
        ],
      },
    ],
    originalTrust: "byte-exact only if no :original style",
  },
  /** S3/filesystem. Read in carrierwaveuploader/carrierwave. */
  {
    id: "carrierwave",
    title: "CarrierWave",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?uploads\/(?<class>[a-z_/]+)\/(?<mount>[a-z_]+)\/(?<id>\d+)\/(?<name>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{class}/{mount}/{id}/{name}",
        telling: false,
        examples: [
          "uploads/photo/image/1234/IMG_1234.JPG",
          "uploads/user/avatar/42/me.png",
          "uploads/album/cover/7/DSC_0001(2).jpeg",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?uploads\/(?<class>[a-z_/]+)\/(?<mount>[a-z_]+)\/(?<id>\d+)\/(?<rendition>thumb|small|medium|large|preview|square|mini|tiny|big|normal)_(?<name>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{class}/{mount}/{id}/{name}",
        family: "{rendition}",
        needs: "larger",
        role: "thumbnail",
        examples: [
          "uploads/photo/image/1234/thumb_IMG_1234.JPG",
          "uploads/user/avatar/42/small_me.png",
          "uploads/album/cover/7/large_DSC_0001(2).jpeg",
        ],
      },
    ],
    originalTrust: "may be processed",
  },
  /**
   * S3-native. Read in shrinerb/shrine. Each derivative has a random id of its own: only the folder of the record
   * joins.
   */
  {
    id: "shrine",
    title: "Shrine",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<class>[a-z_]+)\/(?<rec>[^/]+)\/(?<attr>[a-z_]+)\/(?<id>[0-9a-f]{32})(?:\.(?<ext>[a-z0-9]+))?$/u,
        role: "pretty_location plugin",
        examples: [
          "photo/1234/image/9c4be07d21f85a6630dd14c27e9b0f11.jpg",
          "user/42/avatar/0b77e2914cc05a3f6d8812be40997acd.png",
          "album/7/cover/c45d1190aa7be3f2c6840d55e1728b3f.jpeg",
        ],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?(?<id>[0-9a-f]{32})(?:\.(?<ext>[a-z0-9]+))?$/u,
        role: "default flat location: original or derivative, indistinguishable",
        examples: [
          "store/9c4be07d21f85a6630dd14c27e9b0f11.jpg",
          "store/0b77e2914cc05a3f6d8812be40997acd.heic",
          "c45d1190aa7be3f2c6840d55e1728b3f.png",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<class>[a-z_]+)\/(?<rec>[^/]+)\/(?<attr>[a-z_]+)\/(?<rendition>[a-z][a-z0-9_]*(?:-[a-z0-9_]+)*)-(?<id>[0-9a-f]{32})(?:\.(?<ext>[a-z0-9]+))?$/u,
        family: "{rendition}",
        action: "skip-no-join",
        role: "derivative",
        examples: [
          "photo/1234/image/thumb-1122334455667788990011223344aabb.jpg",
          "user/42/avatar/small-ffeeddccbbaa00112233445566778899.webp",
          "album/7/cover/large-0123456789abcdef0123456789abcdef.jpeg",
        ],
      },
    ],
    originalTrust: "byte-exact",
  },
  /** S3/filesystem. Read in spatie/laravel-medialibrary. */
  {
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
  },
  /** S3 via django-storages. Read in SmileyChris/easy-thumbnails. */
  {
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
  },
];
