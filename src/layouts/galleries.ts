/** Galleries that show albums on the web, and hosts of single images. */

import type { WrittenLayout } from "./layout.ts";

export const GALLERIES: readonly WrittenLayout[] = [
  /** S3-native (optional) / filesystem. Read in LycheeOrg/Lychee. */
  {
    id: "lychee",
    title: "Lychee (LycheeOrg)",
    originals: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?raw\/(?<id>[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{28})\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        role: "true original when RAW/PSD/HEIC was uploaded",
        examples: [
          "raw/3f/a1/9c4be07d21f85a6630dd14c27e9b.nef",
          "raw/0b/77/e2914cc05a3f6d8812be40997acd.cr2",
          "raw/c4/5d/1190aa7be3f2c6840d55e1728b3f.dng",
        ],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?original\/(?<id>[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{28})_orig\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        rank: 1,
        role: "byte-exact backup kept when auto_fix_orientation re-encoded original/ (not uploaded by UploadSizeVariantToS3Job: usually only on local disk)",
        examples: [
          "original/3f/a1/9c4be07d21f85a6630dd14c27e9b_orig.jpg",
          "original/0b/77/e2914cc05a3f6d8812be40997acd_orig.jpg",
          "original/c4/5d/1190aa7be3f2c6840d55e1728b3f_orig.jpeg",
        ],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?original\/(?<id>[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{28})\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        rank: 2,
        role: "original (photo or video); also holds the live-photo MOV/MP4 with the same id",
        examples: [
          "original/3f/a1/9c4be07d21f85a6630dd14c27e9b.jpg",
          "original/3f/a1/9c4be07d21f85a6630dd14c27e9b.mov",
          "original/c4/5d/1190aa7be3f2c6840d55e1728b3f.png",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<rendition>medium2x|medium|small2x|small|thumb2x|thumb|placeholder)\/(?<id>[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{28})\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        family: "{rendition}",
        role: "thumbnail/large",
        examples: [
          "medium2x/3f/a1/9c4be07d21f85a6630dd14c27e9b.jpg",
          "small/0b/77/e2914cc05a3f6d8812be40997acd.jpeg",
          "thumb2x/c4/5d/1190aa7be3f2c6840d55e1728b3f.jpeg",
          "placeholder/c4/5d/1190aa7be3f2c6840d55e1728b3f.webp",
        ],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<rendition>original|medium2x|medium|small2x|small|thumb2x|thumb)\/(?<id>[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{28})_wmk\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        family: "watermarked {rendition}",
        role: "watermark",
        examples: [
          "original/3f/a1/9c4be07d21f85a6630dd14c27e9b_wmk.jpg",
          "medium/3f/a1/9c4be07d21f85a6630dd14c27e9b_wmk.jpg",
          "thumb/3f/a1/9c4be07d21f85a6630dd14c27e9b_wmk.jpeg",
        ],
      },
    ],
    originalTrust: "byte-exact unless EXIF orientation≠1 with auto_fix_orientation, or RAW conversion",
    originalsMayBeMissing: "original/ may be a JPEG conversion → prefer raw/",
  },
  /** Filesystem (often synced to a bucket). Read in Piwigo/Piwigo. */
  {
    id: "piwigo",
    title: "Piwigo",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?upload\/(?<date>\d{4}\/\d{2}\/\d{2})\/(?<id>\d{14}-[0-9a-f]{8})\.(?<ext>[a-z0-9]+)$/u,
        stem: "{prefix}/upload/{date}/{id}",
        examples: [
          "upload/2017/06/11/20170611084034-73b60542.jpg",
          "upload/2021/12/25/20211225093012-0a1b2c3d.heic",
          "upload/2023/08/02/20230802190455-fe12ab90.mp4",
        ],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?upload\/(?<date>\d{4}\/\d{2}\/\d{2})\/pwg_format\/(?<id>\d{14}-[0-9a-f]{8})\.(?<ext>cr2|tiff?|nef|dng|ai|psd)$/u,
        stem: "{prefix}/upload/{date}/{id}",
        rank: 1,
        role: "alternative original (user-uploaded RAW/PSD format)",
        examples: [
          "upload/2022/05/16/pwg_format/20100122003814-449ada00.cr2",
          "upload/2021/12/25/pwg_format/20211225093012-0a1b2c3d.nef",
          "upload/2020/01/01/pwg_format/20200101101010-abcdef01.dng",
        ],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?galleries\/(?!.*(?:pwg_representative|pwg_high|thumbnail)\/)(?<id>.+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/galleries/{id}",
        role: "FTP-synchronised originals, user naming",
        examples: ["galleries/wedding/IMG_0012.JPG", "galleries/2019/rome/DSC_0001.jpg", "galleries/clips/trip.mp4"],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?_data\/i\/(?<dir>.+)\/pwg_representative\/(?<id>[^/]+)-(?<rendition>sq|th|2s|xs|sm|me|la|xl|xx|3x|4x|cu_[a-z0-9x_]+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{dir}/{id}",
        family: "{rendition}",
        role: "thumbnail/large",
        examples: [
          "_data/i/upload/2021/12/25/pwg_representative/20211225093012-0a1b2c3d-me.jpg",
          "_data/i/galleries/clips/pwg_representative/trip-sq.jpg",
        ],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?_data\/i\/(?<id>.+)-(?<rendition>sq|th|2s|xs|sm|me|la|xl|xx|3x|4x|cu_[a-z0-9x_]+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        family: "{rendition}",
        role: "thumbnail/large",
        examples: [
          "_data/i/upload/2017/06/11/20170611084034-73b60542-sq.jpg",
          "_data/i/upload/2017/06/11/20170611084034-73b60542-la.jpg",
          "_data/i/galleries/wedding/IMG_0012-cu_s9999x200.JPG",
        ],
      },
      {
        regex: /^(?:(?<prefix>.+?)\/)?(?<dir>.+)\/(?<rendition>pwg_representative)\/(?<id>[^/]+)\.(?<ext>jpe?g|png)$/u,
        stem: "{prefix}/{dir}/{id}",
        family: "pwg_representative",
        role: "poster",
        examples: [
          "upload/2023/08/02/pwg_representative/20230802190455-fe12ab90.jpg",
          "upload/2021/12/25/pwg_representative/20211225093012-0a1b2c3d.jpg",
          "galleries/clips/pwg_representative/trip.jpg",
        ],
      },
    ],
    originalTrust: "byte-exact unless original_resize enabled (then downscaled in place)",
    originalsMayBeMissing: "no normally",
  },
  /** Filesystem. Read in zenphoto/zenphoto. */
  {
    id: "zenphoto",
    title: "Zenphoto",
    originals: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?albums\/(?<id>.+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{id}",
        examples: ["albums/Rome 2019/IMG_1234.JPG", "albums/a/b/c.png", "albums/clips/x.mp4"],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?cache\/(?<id>.+?)(?<rendition>(?:_\d+)?(?:_w\d+)?(?:_h\d+)?(?:_cw\d+)?(?:_ch\d+)?(?:_cx\d+)?(?:_cy\d+)?(?:_thumb)?(?:_admin)?(?:_[a-z]+)?)\.(?<ext>jpe?g|png|gif|webp)$/u,
        stem: "{prefix}/{id}",
        family: "cache",
        needs: "larger-if-any",
        role: "thumbnail/sized",
        examples: [
          "cache/Rome 2019/IMG_1234_595.jpg",
          "cache/a/b/c_w100_h100_cw100_ch100_thumb.png",
          "cache/clips/x_85_cw72_ch72_thumb_watermark.jpg",
        ],
      },
    ],
    originalTrust: "byte-exact",
  },
  /**
   * S3-native. Read in photo/frontend. An original and its base have different random ends, so they join by month
   * and name only, which may be ambiguous.
   */
  {
    id: "trovebox",
    title: "OpenPhoto / Trovebox (photo/frontend)",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?original\/(?<yyyymm>\d{6})\/(?<name>.+)-(?<id>[0-9a-f]{13})\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{yyyymm}/{name}-{id}",
        examples: [
          "original/201203/IMG_1234-4f5a1c2b3d4e5.jpg",
          "original/201108/DSC-0042-4e43b1a97f3c2.JPG",
          "original/201305/Family-Reunion-2013-51a2f3b4c5d6e.png",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<rendition>base)\/(?<yyyymm>\d{6})\/(?<name>.+)-(?<id>[0-9a-f]{5,6})\.(?<ext>jpg)$/u,
        family: "base",
        action: "skip-no-join",
        role: "large",
        examples: [
          "base/201203/IMG_1234-7a3f21.jpg",
          "base/201108/DSC-0042-f4240.jpg",
          "base/201305/Family-Reunion-2013-4c91be.jpg",
        ],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?custom\/(?<yyyymm>\d{6})\/(?<name>.+)-(?<id>[0-9a-f]{5,6})_(?<rendition>\d+x\d+(?:x[A-Z]{2})*)\.(?<ext>jpg)$/u,
        family: "custom",
        action: "skip-no-join",
        role: "thumbnail",
        examples: [
          "custom/201203/IMG_1234-7a3f21_100x100xCR.jpg",
          "custom/201108/DSC-0042-f4240_960x180.jpg",
          "custom/201305/Family-Reunion-2013-4c91be_870x550xCRxBW.jpg",
        ],
      },
    ],
    originalTrust: "byte-exact",
    originalsMayBeMissing:
      "yes: S3Dropbox/S3Box/S3AppDotNet/S3CX/S3ArchiveOrg adapters write /original/ to the other provider only; also putPhoto returns early for /original/ when storeThumbs===false",
  },
  /** S3 in paid edition; OSS edition ships local storage only; same key builder. Read in chevereto/chevereto. */
  {
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
  },
];
