/**
 * Immich: filesystem (rclone/s3fs to bucket). Read in immich-app/immich. No key joins a rendition with its original:
 * the UUID in upload/ is not the asset id in thumbs/ and encoded-video/, only the database has both.
 */

import { defineLayout } from "./layout.ts";

export const immich = defineLayout({
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
});
