/**
 * Photoview: filesystem (originals in place, cache dir separate). Read in photoview/photoview. A copy keeps the name
 * only, with dots and spaces as `_`.
 */

import { defineLayout } from "./layout.ts";

export const photoview = defineLayout({
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
});
