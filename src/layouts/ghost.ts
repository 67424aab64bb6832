/** Ghost: filesystem; S3 adapter (media/files; images adapter varies). Read in TryGhost/SDK, TryGhost/Ghost. */

import type { Layout } from "./layout.ts";

export const ghost: Layout = {
  id: "ghost",
  title: "Ghost",
  evidence: "source",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?content\/(?<kind>images|media|files)\/(?<date>\d{4}\/\d{2})\/(?<id>[^/]+?)_o\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{kind}/{date}/{id}",
      rank: 0,
      telling: true,
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
      telling: true,
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
      action: "skip-if-original-present",
      needs: "nothing",
      role: "responsive",
      examples: [
        "content/images/size/w600/2024/06/beach.jpg",
        "content/images/size/w1000/format/webp/2023/12/IMG_1234-1.png",
        "content/images/size/w256h256/2022/01/logo.jpeg",
      ],
    },
  ],
  tokens: [],
  join: "strip size/<dim>/[format/<f>/] and _o",
  originalTrust: "only the _o file is byte-exact",
  originalsMayBeMissing: "_o absent when optimisation off/unsupported type",
  hides: {
    originalName: "key (slugified, -1 dedupe)",
    captureDate: "EXIF of _o",
    uploadDate: "key YYYY/MM",
  },
};
