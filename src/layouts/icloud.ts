/** icloudpd downloads / Apple privacy export: export. Read in icloud-photos-downloader/icloud_photos_downloader, simulot/immich-go. */

import { defineLayout } from "./layout.ts";

export const icloud = defineLayout({
  id: "icloud",
  title: "icloudpd downloads / Apple privacy export",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<date>\d{4}\/\d{2}\/\d{2})\/(?<id>[^/]+?)(?<!-(?:medium|thumb|adjusted|alternative))(?<!_HEVC)\.(?<ext>HEIC|HEIF|JPE?G|PNG|DNG|CR2|CR3|CRW|ARW|RAF|RW2|NRF|PEF|NEF|ORF|MOV|MP4|heic|jpe?g|png|mov|mp4)$/u,
      stem: "{prefix}/{date}/{id}",
      examples: ["2023/07/14/IMG_1234.HEIC", "2023/07/14/IMG_1234-67890.JPG", "2024/02/29/IMG_9001_QAZXSW.DNG"],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<date>\d{4}\/\d{2}\/\d{2})\/(?<id>[^/]+?)-(?<rendition>medium|thumb)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{date}/{id}",
      family: "{rendition}",
      needs: "larger-if-any",
      role: "thumbnail",
      examples: ["2023/07/14/IMG_1234-medium.JPG", "2023/07/14/IMG_1234-thumb.JPG", "2024/02/29/IMG_9001-medium.MOV"],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<date>\d{4}\/\d{2}\/\d{2})\/(?<id>[^/]+?)-(?<rendition>adjusted|alternative)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{date}/{id}",
      family: "{rendition}",
      action: "keep",
      role: "edited / RAW-or-JPEG twin (keep)",
      examples: [
        "2023/07/14/IMG_1234-adjusted.JPG",
        "2024/02/29/IMG_9001-alternative.JPG",
        "2022/01/01/IMG_0001-adjusted.HEIC",
      ],
    },
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<date>\d{4}\/\d{2}\/\d{2})\/(?<id>[^/]+?)(?<rendition>_HEVC)\.(?<ext>MOV|mov)$/u,
      stem: "{prefix}/{date}/{id}",
      family: "live part",
      action: "keep",
      role: "motion (keep)",
      examples: ["2023/07/14/IMG_1234_HEVC.MOV", "2024/02/29/IMG_9001_HEVC.MOV", "2022/01/01/IMG_0001_HEVC.mov"],
    },
  ],
  originalTrust: "byte-exact",
});
