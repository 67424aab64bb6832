/** Chevereto: s3 in paid edition; OSS edition ships local storage only; same key builder. Read in chevereto/chevereto. */

import { defineLayout } from "./layout.ts";

export const chevereto = defineLayout({
  id: "chevereto",
  title: "Chevereto",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:(?<date>\d{4}\/\d{2}\/\d{2})\/)?(?<id>[^/]+?)(?<!\.(?:th|md|fr|or))\.(?<ext>jpe?g|png|gif|webp|bmp|avif|mp4|webm|mov)$/u,
      stem: "{prefix}/{date}/{id}",
      telling: false,
      examples: ["2024/03/15/IMG_4821.jpg", "2023/11/02/sunset-beachf1c0a2b3.png", "2024/06/30/clip_0042.mp4"],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:(?<date>\d{4}\/\d{2}\/\d{2})\/)?(?<id>[^/]+?)\.(?<rendition>or)\.(?<ext>jpe?g|png|gif|webp|bmp|avif)$/u,
      stem: "{prefix}/{date}/{id}",
      family: "or",
      action: "keep",
      role: "the unprocessed upload of an old version",
      examples: ["2014/03/15/IMG_4821.or.jpg", "2013/11/02/sunset.or.png"],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:(?<date>\d{4}\/\d{2}\/\d{2})\/)?(?<id>[^/]+?)\.(?<rendition>th|md|fr)\.(?<ext>jpe?g|png|gif|webp|bmp|avif)$/u,
      stem: "{prefix}/{date}/{id}",
      family: "{rendition}",
      needs: "larger",
      role: "thumbnail/medium/video frame/legacy original",
      examples: [
        "2024/03/15/IMG_4821.th.jpg",
        "2024/03/15/IMG_4821.md.jpg",
        "2024/06/30/clip_0042.fr.jpeg",
        "2024/06/30/clip_0042.th.jpeg",
      ],
    },
  ],
  originalTrust: "may be resized to upload_max_image_width/height and watermarked",
  originalsMayBeMissing: ".md only exists when image wider than medium size or animated",
});
