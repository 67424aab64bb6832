/** CarrierWave: s3/filesystem. Read in carrierwaveuploader/carrierwave. */

import type { Layout } from "./layout.ts";

export const carrierwave: Layout = {
  id: "carrierwave",
  title: "CarrierWave",
  evidence: "source",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?uploads\/(?<class>[a-z_/]+)\/(?<mount>[a-z_]+)\/(?<id>\d+)\/(?<name>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{class}/{mount}/{id}/{name}",
      rank: 0,
      telling: false,
      examples: [
        "uploads/photo/image/1234/IMG_1234.JPG",
        "uploads/user/avatar/42/me.png",
        "uploads/album/cover/7/DSC_0001(2).jpeg",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?uploads\/(?<class>[a-z_/]+)\/(?<mount>[a-z_]+)\/(?<id>\d+)\/(?<rendition>thumb|small|medium|large|preview|square|mini|tiny|big|normal)_(?<name>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{class}/{mount}/{id}/{name}",
      family: "{rendition}",
      action: "skip-if-original-present",
      needs: "larger",
      role: "thumbnail",
      examples: [
        "uploads/photo/image/1234/thumb_IMG_1234.JPG",
        "uploads/user/avatar/42/small_me.png",
        "uploads/album/cover/7/large_DSC_0001(2).jpeg",
      ],
    },
  ],
  tokens: [],
  join: "same dir; rendition = <version>_<original name>",
  originalTrust: "may be processed",
  hides: { originalName: "key (sanitised)", captureDate: "EXIF", uploadDate: "LastModified" },
};
