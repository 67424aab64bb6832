/** Ghost: filesystem; S3 adapter (media/files; images adapter varies). Read in TryGhost/SDK, TryGhost/Ghost. */

import { defineLayout } from "./layout.ts";

export const ghost = defineLayout({
  id: "ghost",
  title: "Ghost",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?content\/(?<kind>images|media|files)\/(?<date>\d{4}\/\d{2})\/(?<id>[^/]+?)_o\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{kind}/{date}/{id}",
      role: "TRUE ORIGINAL (unprocessed upload)",
      examples: [
        "content/images/2024/06/beach_o.jpg",
        "content/images/2023/12/IMG_1234-1_o.png",
        "content/images/2022/01/logo_o.jpeg",
      ],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?content\/(?<kind>images|media|files)\/(?<date>\d{4}\/\d{2})\/(?<id>[^/]+?)(?<!_o)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{kind}/{date}/{id}",
      rank: 1,
      role: "processed (≤2000 px wide) copy if _o sibling exists, otherwise the original",
      examples: [
        "content/images/2024/06/beach.jpg",
        "content/media/2024/06/video.mp4",
        "content/files/2023/03/doc.pdf",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?content\/images\/size\/(?<rendition>w\d+(?:h\d+)?|h\d+)\/(?:format\/(?<format>[a-z]+)\/)?(?<date>\d{4}\/\d{2})\/(?<id>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/images/{date}/{id}",
      family: "size",
      role: "responsive",
      examples: [
        "content/images/size/w600/2024/06/beach.jpg",
        "content/images/size/w1000/format/webp/2023/12/IMG_1234-1.png",
        "content/images/size/w256h256/2022/01/logo.jpeg",
      ],
    },
  ],
  originalTrust: "only the _o file is byte-exact",
  originalsMayBeMissing: "_o absent when optimisation off/unsupported type",
});
