/** macOS Photos.app library copied to a bucket: export. Known from mentions by others. */

import { defineLayout } from "./layout.ts";

export const applePhotosLibrary = defineLayout({
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
});
