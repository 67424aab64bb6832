/** CarrierWave: s3/filesystem. Read in carrierwaveuploader/carrierwave. */

import { defineLayout } from "./layout.ts";

export const carrierwave = defineLayout({
  id: "carrierwave",
  title: "CarrierWave",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?uploads\/(?<class>[a-z_/]+)\/(?<mount>[a-z_]+)\/(?<id>\d+)\/(?<name>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{class}/{mount}/{id}/{name}",
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
      needs: "larger",
      role: "thumbnail",
      examples: [
        "uploads/photo/image/1234/thumb_IMG_1234.JPG",
        "uploads/user/avatar/42/small_me.png",
        "uploads/album/cover/7/large_DSC_0001(2).jpeg",
      ],
    },
  ],
  originalTrust: "may be processed",
});
