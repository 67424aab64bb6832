/** Lychee (LycheeOrg): s3-native (optional) / filesystem. Read in LycheeOrg/Lychee. */

import { defineLayout } from "./layout.ts";

export const lychee = defineLayout({
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
});
