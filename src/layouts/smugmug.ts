/** SmugMug (CDN names): names only. Read in morphar/SmugMugMugger. And known from documentation by others. */

import { defineLayout } from "./layout.ts";

export const smugmug = defineLayout({
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
});
