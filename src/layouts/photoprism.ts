/** PhotoPrism: filesystem (WebDAV/rclone). Read in photoprism/photoprism. */

import type { Layout } from "./layout.ts";

export const photoprism: Layout = {
  id: "photoprism",
  title: "PhotoPrism",
  evidence: "source",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?originals\/(?<id>.+)\.(?!(?:xmp|yml|json|txt)$)(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{id}",
      rank: 0,
      telling: true,
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
      stem: null,
      family: "thumbnails",
      action: "skip-no-join",
      needs: "nothing",
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
      action: "skip-if-original-present",
      needs: "nothing",
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
      needs: "nothing",
      role: "sidecar",
      examples: ["sidecar/2023/07/20230714_101530_9A0B1C2D.heic.yml", "sidecar/Holidays/IMG_4120.MOV.json"],
    },
  ],
  tokens: [],
  join: "thumbs keyed by SHA-1 of file content (not derivable from key or MD5 ETag); sidecar path = originals path + ext",
  originalTrust: "byte-exact",
  originalsMayBeMissing: "no",
  hides: {
    originalName: "DB (OriginalName) after import; key when indexed in place",
    captureDate: "KEY on import: YYYY/MM/YYYYMMDD_HHMMSS_CRC32 (capture time); also sidecar .yml",
    uploadDate: "DB",
    sidecar: "sidecar/**/*.yml (YAML with TakenAt), cache/json/*",
  },
};
