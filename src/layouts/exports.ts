/** What services and devices hand out, as people copy it into a bucket. */

import type { WrittenLayout } from "./layout.ts";

export const EXPORTS: readonly WrittenLayout[] = [
  /**
   * Names only. Read in brownphotographic/Flickr2Any-Tool. And known from the documentation; the secret in a name
   * differs, the number does not.
   */
  {
    id: "flickr",
    title: "Flickr (CDN names; account export)",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<id>\d{6,})_(?<secret>[0-9a-f]{6,12})_o(?:_d)?\.(?<ext>jpe?g|png|gif|mp4|mov)$/u,
        stem: "{id}",
        role: "CDN original: own secret ≠ rendition secret",
        examples: [
          "1534/24148019753_bc3bb60f50_o.jpg",
          "121/301545781_9d32d647f1_o_d.jpg",
          "65535/51234567890_0a1b2c3d4e_o.png",
        ],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?(?<name>.+)_(?<id>\d{8,11})_o\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{id}",
        role: "account export",
        examples: [
          "data-download-1/img_1234_51234567890_o.jpg",
          "data-download-2/sunset-at-the-beach_4937213456_o.png",
          "data-download-1/dsc0042_24148019753_o.jpg",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<id>\d{6,})_(?<secret>[0-9a-f]{6,12})(?:_(?<rendition>s|q|t|m|n|w|z|c|b|h|k|3k|4k|5k|6k)(?:_d)?)?\.(?<ext>jpg)$/u,
        stem: "{id}",
        family: "{rendition}",
        needs: "larger",
        role: "thumbnail/large",
        examples: [
          "2/1418878_1e92283336_m.jpg",
          "2843/72157639326167284_5789bed1bd_z.jpg",
          "121/301545781_9d32d647f1_b.jpg",
          "65535/51234567890_aabbccddee_k.jpg",
          "65535/51234567890_aabbccddee.jpg",
        ],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?photo_(?<id>\d{6,})\.json$/u,
        stem: "{id}",
        family: "json sidecar",
        action: "sidecar",
        role: "sidecar",
        examples: ["data-download-1/photo_51234567890.json", "photo_4937213456.json"],
      },
    ],
    originalTrust: "_o byte-exact (pro)",
  },
  /** Names only. Read in morphar/SmugMugMugger. And known from documentation by others. */
  {
    id: "smugmug",
    title: "SmugMug (CDN names)",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?i-(?<id>[A-Za-z0-9]{7})\/(?<n>\d+)\/(?:(?<hash>[0-9a-f]{8,})\/)?O\/(?<name>[^/]+)-O\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        examples: [
          "Portfolio/Output/i-4pJNdH6/0/O/20150109-090134-xt1-O.jpg",
          "photos/i-Zk3sQw9/0/O/IMG_1234-O.jpg",
          "photos/i-aB3dE5g/1/O/DSC_0001-O.png",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?i-(?<id>[A-Za-z0-9]{7})\/(?<n>\d+)\/(?:(?<hash>[0-9a-f]{8,})\/)?(?<rendition>Ti|Th|S|M|L|XL|X2|X3|X4|X5|\d+x\d+)\/(?<name>[^/]+)-(?:Ti|Th|S|M|L|XL|X2|X3|X4|X5|\d+x\d+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        family: "{rendition}",
        role: "thumbnail/large",
        examples: [
          "Portfolio/Output/i-4pJNdH6/0/Th/20150109-090134-xt1-Th.jpg",
          "photos/i-Zk3sQw9/0/X3/IMG_1234-X3.jpg",
          "photos/i-aB3dE5g/1/500x250/DSC_0001-500x250.jpg",
        ],
      },
    ],
    originalTrust: "O may be unavailable by gallery setting; API ArchivedUri is the stored original",
    originalsMayBeMissing: "yes",
  },
  /**
   * Export. Read in simulot/immich-go, TheLastGimbus/GooglePhotosTakeoutHelper. A sidecar is named as its photo, but
   * the index moves (`IMG(1).jpg`, `IMG.jpg(1).json`) and titles are cut at 46 to 51 characters.
   */
  {
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
  },
  /** Export. Read in icloud-photos-downloader/icloud_photos_downloader, simulot/immich-go. */
  {
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
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<date>\d{4}\/\d{2}\/\d{2})\/(?<id>[^/]+?)(?<rendition>_HEVC)\.(?<ext>MOV|mov)$/u,
        stem: "{prefix}/{date}/{id}",
        family: "live part",
        action: "keep",
        role: "motion (keep)",
        examples: ["2023/07/14/IMG_1234_HEVC.MOV", "2024/02/29/IMG_9001_HEVC.MOV", "2022/01/01/IMG_0001_HEVC.mov"],
      },
    ],
    originalTrust: "byte-exact",
  },
  /** Export. Known from mentions by others. */
  {
    id: "apple-photos-library",
    title: "macOS Photos.app library copied to a bucket",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?[^/]*\.photoslibrary\/originals\/(?<shard>[0-9A-F])\/(?<id>[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})(?:_\d+)?\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        examples: [
          "Photos Library.photoslibrary/originals/1/115E15BB-B6D2-41F2-A071-4A9E4500B1C9.heic",
          "Photos Library.photoslibrary/originals/F/FBA3FA0E-0CB9-4F59-BC3B-46CF8953670A.jpeg",
          "Photos Library.photoslibrary/originals/1/115E15BB-B6D2-41F2-A071-4A9E4500B1C9_3.mov",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?[^/]*\.photoslibrary\/resources\/derivatives\/(?:masters\/)?(?<shard>[0-9A-F])\/(?<id>[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})_(?<rendition>\d+_\d+_[a-z])\.(?<ext>jpe?g)$/u,
        stem: "{prefix}/{id}",
        family: "derivatives",
        role: "preview",
        examples: [
          "Photos Library.photoslibrary/resources/derivatives/1/115E15BB-B6D2-41F2-A071-4A9E4500B1C9_1_105_c.jpeg",
          "Photos Library.photoslibrary/resources/derivatives/F/FBA3FA0E-0CB9-4F59-BC3B-46CF8953670A_1_105_c.jpeg",
          "Photos Library.photoslibrary/resources/derivatives/masters/2/2089A163-DD7F-4B98-ABE7-58A541E7536A_4_5005_c.jpeg",
        ],
      },
    ],
    originalTrust: "byte-exact",
    originalsMayBeMissing: 'YES: "Optimise Mac storage" leaves only derivatives',
  },
  /**
   * S3-native. Only originals are backed up. Known from the documentation, whose picture of a path was not seen:
   * unverified.
   */
  {
    id: "cloudinary-backup",
    title: "Cloudinary backup bucket",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<resource>image|video|raw)\/(?<type>upload|private|authenticated)\/(?<id>.+)\/(?<version>[^/]+)$/u,
        examples: [
          "mycloud/image/upload/folder/sample/1312461204",
          "mycloud/video/upload/dog/1571218330",
          "mycloud/raw/upload/doc.pdf/1600000000",
        ],
      },
    ],
    originalTrust: "byte-exact uploads, several versions per asset",
  },
];
