/** Piwigo: filesystem (often synced to a bucket). Read in Piwigo/Piwigo. */

import { defineLayout } from "./layout.ts";

export const piwigo = defineLayout({
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
});
