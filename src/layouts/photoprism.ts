/**
 * PhotoPrism: filesystem (WebDAV/rclone). Read in photoprism/photoprism. Thumbnails are named by the SHA-1 of the
 * content, which no key tells.
 */

import { defineLayout } from "./layout.ts";

export const photoprism = defineLayout({
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
});
