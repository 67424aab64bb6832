/** Libraries of photos that people run themselves: each photo once, with thumbnails beside it. */

import type { WrittenLayout } from "./layout.ts";

export const PHOTO_LIBRARIES: readonly WrittenLayout[] = [
  /**
   * Filesystem (rclone/s3fs to bucket). Read in immich-app/immich. No key joins a rendition with its original: the
   * UUID in upload/ is not the asset id in thumbs/ and encoded-video/, only the database has both.
   */
  {
    id: "immich",
    title: "Immich",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?upload\/(?<owner>[0-9a-f-]{36})\/[0-9a-f]{2}\/[0-9a-f]{2}\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?!xmp$)(?<ext>[A-Za-z0-9]+)$/u,
        examples: [
          "upload/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/9c/4b/9c4be07d-21f8-4a66-90dd-14c27e9b0f11.heic",
          "upload/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/0a/b7/0ab7e291-4cc0-4a3f-8d88-12be40997acd.mov",
          "upload/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/c4/5d/c45d1190-aa7b-4e3f-86c6-840d55e1728b.jpg",
        ],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?library\/(?<owner>[^/]+)\/(?<id>.+)\.(?!xmp$)(?<ext>[A-Za-z0-9]+)$/u,
        role: "storage template enabled (default {{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}, duplicates +1,+2)",
        examples: [
          "library/admin/2023/2023-07-14/IMG_1234.HEIC",
          "library/admin/2023/2023-07-14/IMG_1234.MOV",
          "library/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/2024/2024-02-29/FullSizeRender+7.heic",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?thumbs\/(?<owner>[0-9a-f-]{36})\/[0-9a-f]{2}\/[0-9a-f]{2}\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[-_](?<rendition>thumbnail|preview|fullsize|tiles)(?<edited>_edited)?\.(?<ext>webp|jpeg|jxl|dz)$/u,
        family: "{rendition}",
        action: "skip-no-join",
        role: "thumbnail/preview/fullsize",
        examples: [
          "thumbs/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/11/22/1122aabb-ccdd-4eef-8001-223344556677-thumbnail.webp",
          "thumbs/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/11/22/1122aabb-ccdd-4eef-8001-223344556677_preview.jpeg",
          "thumbs/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/11/22/1122aabb-ccdd-4eef-8001-223344556677_fullsize_edited.jpeg",
        ],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<rendition>thumbs)\/(?<owner>[0-9a-f-]{36})\/[0-9a-f]{2}\/[0-9a-f]{2}\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?<ext>jpeg)$/u,
        family: "faces",
        action: "skip-no-join",
        role: "thumbnail",
        examples: [
          "thumbs/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/77/88/7788aabb-ccdd-4eef-8001-223344556677.jpeg",
          "thumbs/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/00/01/0001aabb-ccdd-4eef-8001-223344556677.jpeg",
          "thumbs/aaaaaaaa-5a6b-4c7d-8e9f-0a1b2c3d4e5f/ff/ee/ffeeaabb-ccdd-4eef-8001-223344556677.jpeg",
        ],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<rendition>encoded-video)\/(?<owner>[0-9a-f-]{36})\/[0-9a-f]{2}\/[0-9a-f]{2}\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?<motion>-MP)?\.(?<ext>mp4)$/u,
        family: "encoded-video",
        action: "skip-no-join",
        role: "encoded-video / android motion part (-MP)",
        examples: [
          "encoded-video/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/11/22/1122aabb-ccdd-4eef-8001-223344556677.mp4",
          "encoded-video/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/ab/cd/abcdaabb-ccdd-4eef-8001-223344556677-MP.mp4",
          "encoded-video/aaaaaaaa-5a6b-4c7d-8e9f-0a1b2c3d4e5f/00/ff/00ffaabb-ccdd-4eef-8001-223344556677.mp4",
        ],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?(?:upload|library)\/(?<id>.+)\.(?<ext>xmp)$/u,
        stem: "{path}",
        family: "xmp sidecar",
        action: "sidecar",
        role: "sidecar",
        examples: [
          "upload/3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/9c/4b/9c4be07d-21f8-4a66-90dd-14c27e9b0f12.xmp",
          "library/admin/2023/2023-07-14/IMG_1234.HEIC.xmp",
          "library/admin/2024/2024-02-29/DSC_0001.NEF.xmp",
        ],
      },
    ],
    originalTrust: "byte-exact",
    originalsMayBeMissing: "external libraries: originals live elsewhere, thumbs/ only",
  },
  /**
   * Filesystem (WebDAV/rclone). Read in photoprism/photoprism. Thumbnails are named by the SHA-1 of the content,
   * which no key tells.
   */
  {
    id: "photoprism",
    title: "PhotoPrism",
    originals: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?originals\/(?<id>.+)\.(?!(?:xmp|yml|json|txt)$)(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        examples: [
          "originals/2009/11/20091117_203458_12345678.jpg",
          "originals/2023/07/20230714_101530_9A0B1C2D.00001.heic",
          "originals/Holidays/IMG_4120.MOV",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?cache\/thumbnails\/[0-9a-f]\/[0-9a-f]\/[0-9a-f]\/(?<id>[0-9a-f]{40})_(?<rendition>\d+x\d+_(?:center|left|right|fit|resize|crop_[0-9a-z]+))\.(?<ext>jpg|png)$/u,
        family: "thumbnails",
        action: "skip-no-join",
        role: "tile/fit",
        examples: [
          "cache/thumbnails/b/c/c/bccfeaa526a36e19b555fd4ca5e8f767d5604289_500x500_center.jpg",
          "cache/thumbnails/b/c/c/bccfeaa526a36e19b555fd4ca5e8f767d5604289_720x720_fit.jpg",
          "cache/thumbnails/b/c/c/bccfeaa526a36e19b555fd4ca5e8f767d5604289_160x160_crop_0680bc31420d.jpg",
          "cache/thumbnails/0/1/f/01fe00000526a36e19b555fd4ca5e8f767d56042_3x3_resize.png",
        ],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?sidecar\/(?<id>.+)\.[A-Za-z0-9]+\.(?<ext>jpg|png|avc)$/u,
        stem: "{prefix}/{id}",
        family: "conversion",
        role: "conversion",
        examples: [
          "sidecar/2023/07/20230714_101530_9A0B1C2D.heic.jpg",
          "sidecar/2022/01/20220101_000001_00FF00FF.mov.avc",
          "sidecar/Holidays/IMG_4120.MOV.jpg",
        ],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?sidecar\/(?<id>.+\.[A-Za-z0-9]+)\.(?<ext>yml|json|xmp)$/u,
        stem: "{prefix}/{id}",
        family: "sidecar",
        action: "sidecar",
        role: "sidecar",
        examples: ["sidecar/2023/07/20230714_101530_9A0B1C2D.heic.yml", "sidecar/Holidays/IMG_4120.MOV.json"],
      },
    ],
    originalTrust: "byte-exact",
    originalsMayBeMissing: "no",
  },
  /** Filesystem. Read in LibrePhotos/librephotos. Thumbnails are named by a hash of the content and the user. */
  {
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
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<rendition>embedded_media|faces)\/(?<id>[0-9a-f]{32}\d*_\d+)\.(?<ext>mp4|jpg)$/u,
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
  },
  /**
   * Filesystem (originals in place, cache dir separate). Read in photoview/photoview. A copy keeps the name only,
   * with dots and spaces as `_`.
   */
  {
    id: "photoview",
    title: "Photoview",
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<album>\d+)\/(?<media>\d+)\/(?<rendition>thumbnail|highres|web_video|video_thumb)_(?<id>.+)_(?<token>[A-Za-z0-9]{8,})\.(?<ext>jpg|mp4)$/u,
        family: "{rendition}",
        action: "skip-no-join",
        role: "thumbnail/highres/video",
        examples: [
          "12/3456/thumbnail_IMG_1234_jpg_Zk3sQw9L.jpg",
          "12/3456/highres_DSC_0001_NEF_0fJq2VtY.jpg",
          "12/77/web_video_clip_mov_b7Rk9LmX.mp4",
          "12/77/video_thumb_clip_mov_c4PzNwHs.jpg",
        ],
      },
    ],
    originalTrust: "byte-exact",
  },
  /**
   * Filesystem. Read in Webreaper/Damselfly. IMG_1.NEF and IMG_1.JPG have one thumbnail, so its stem may be that of
   * two photos.
   */
  {
    id: "damselfly",
    title: "Damselfly",
    renditions: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?thumbs\/(?<id>.+)_(?<rendition>xl|l|b|m|s|PREVIEW)\.(?<ext>jpg|JPG)$/u,
        stem: "{id}",
        family: "{rendition}",
        needs: "larger",
        role: "thumbnail",
        examples: ["config/thumbs/2023/07/IMG_1234_xl.JPG", "thumbs/a/DSC_0001_m.jpg", "config/thumbs/x_PREVIEW.JPG"],
      },
    ],
    originalTrust: "byte-exact",
  },
  /** S3-native. Read in ente-io/ente. Which objects belong together only the database (object_keys) knows. */
  {
    id: "ente",
    title: "Ente museum (E2EE)",
    originals: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?(?<owner>\d+)\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u,
        role: "ciphertext of FILE or THUMBNAIL (indistinguishable by key)",
        examples: [
          "1580559962386438/5d2f0a4e-9c41-4b7e-8f7a-0d9c3b2a1f00",
          "1580559962386438/7e11c0de-0b2d-4f6a-9c88-aa55bb66cc77",
          "42/00000000-1111-4222-8333-444444444444",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<owner>\d+)\/file-data\/(?<id>\d+)\/(?<rendition>mldata|vid_preview\/pv_[A-Za-z0-9]+(?:_playlist)?|img_preview\/pi_[A-Za-z0-9]+)$/u,
        family: "file-data",
        action: "skip-no-join",
        role: "mldata / preview video / playlist / preview image",
        examples: [
          "1580559962386438/file-data/20001234/mldata",
          "1580559962386438/file-data/20001234/vid_preview/pv_3hJk29LmQ",
          "1580559962386438/file-data/20001234/vid_preview/pv_3hJk29LmQ_playlist",
          "42/file-data/77/img_preview/pi_ZZtop9",
        ],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?(?<owner>\d+)\/(?<rendition>user-attachments)\/(?<type>[^/]+)\/(?<id>.+)$/u,
        family: "user-attachments",
        action: "skip-no-join",
        role: "contact attachment",
        examples: [
          "42/user-attachments/profile_picture/ua_abc123",
          "42/user-attachments/profile_picture/ua_def456",
          "7/user-attachments/profile_picture/ua_ghi789",
        ],
      },
    ],
    originalTrust: "ciphertext (secretstream)",
    originalsMayBeMissing: "replicas in 2nd/3rd buckets may lag",
  },
  /** Filesystem. Known from the documentation. */
  {
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
  },
];
