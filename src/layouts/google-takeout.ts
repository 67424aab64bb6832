/**
 * Google Takeout (Google Photos) uploaded to a bucket: export. Read in simulot/immich-go,
 * TheLastGimbus/GooglePhotosTakeoutHelper. A sidecar is named as its photo, but the index moves (`IMG(1).jpg`,
 * `IMG.jpg(1).json`) and titles are cut at 46 to 51 characters.
 */

import { defineLayout } from "./layout.ts";

export const googleTakeout = defineLayout({
  id: "google-takeout",
  title: "Google Takeout (Google Photos) uploaded to a bucket",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?Google [^/]+\/(?<album>[^/]+)\/(?<id>[^/]+?)(?!\.json$)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{album}/{id}",
      examples: [
        "Takeout/Google Photos/Photos from 2023/PXL_20231006_063000139.jpg",
        "Takeout/Google Photos/Photos from 2023/DSC_0238(1).JPG",
        "Takeout/Google Photos/Album test 6-10-23/PXL_20231006_063909898.LS.mp4",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?Google [^/]+\/(?<album>[^/]+)\/(?<id>[^/]+?)\.[A-Za-z0-9]{2,4}(?:\.s[a-z-]*)?\((?<n>\d+)\)\.(?<ext>json)$/u,
      stem: "{prefix}/{album}/{id}({n})",
      family: "json sidecar",
      action: "sidecar",
      role: "sidecar",
      examples: [
        "Takeout/Google Photos/Photos from 2023/DSC_0238.JPG(1).json",
        "Takeout/Google Photos/Photos from 2023/DSC_0238.JPG.supplemental-metadata(2).json",
      ],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?Google [^/]+\/(?<album>[^/]+)\/(?<id>[^/]+?)(?:\.(?:s|su|sup|supp|suppl|supple|supplem[a-z-]*))?\.(?<ext>json)$/u,
      stem: "{prefix}/{album}/{id}",
      family: "json sidecar",
      action: "sidecar",
      role: "sidecar",
      examples: [
        "Takeout/Google Photos/Photos from 2025/PinClipart.com_gopher-clipart_4000224.jpg.supplemental-metadata.json",
        "Takeout/Google Photos/Photos from 2023/PXL_20231006_063000139.jpg.json",
        "Takeout/Google Photos/Photos from 2024/Screenshot_20240101-123456_Some long app.png.supplemen.json",
      ],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?Google [^/]+\/(?<album>[^/]+)\/(?<id>[^/]+?)(?<rendition>-(?:edited|effects|smile|mix|edytowane|bearbeitet|bewerkt|編集済み|modificato|modifié|ha editado|editat|editado))(?:\((?<n>\d+)\))?\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{album}/{id}",
      family: "edited",
      action: "keep",
      role: "edited (NOT a rendition: keep)",
      examples: [
        "Takeout/Google Photos/Photos from 2022/PXL_20220405_090123740.PORTRAIT-modifié.jpg",
        "Takeout/Google Photos/Photos from 2020/IMG_0001-edited.jpg",
        "Takeout/Google Fotos/Fotos von 2021/IMG_20210101_120000-bearbeitet(1).jpg",
      ],
    },
  ],
  originalTrust: 'byte-exact or "storage saver" recompressed',
  originalsMayBeMissing:
    "same photo repeated in album dir and year dir; -edited has no json of its own; live photo MP4 beside HEIC/JPG",
});
