/** Misskey: s3-native. Read in misskey-dev/misskey. */

import type { Layout } from "./layout.ts";

export const misskey: Layout = {
  id: "misskey",
  title: "Misskey",
  evidence: "source",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.(?<ext>[a-z0-9]+))?$/u,
      stem: "{path}",
      rank: 0,
      telling: true,
      examples: [
        "files/9c4be07d-21f8-4a66-90dd-14c27e9b0f11.jpg",
        "misskey/0ab7e291-4cc0-4a3f-8d88-12be40997acd.png",
        "files/c45d1190-aa7b-4e3f-86c6-840d55e1728b",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<rendition>webpublic|thumbnail)-(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?<ext>[a-z0-9]+)$/u,
      stem: null,
      family: "{rendition}",
      action: "skip-no-join",
      needs: "nothing",
      role: "large(2048)/thumbnail",
      examples: [
        "files/webpublic-1122aabb-ccdd-4eef-8001-223344556677.jpg",
        "files/thumbnail-7788aabb-ccdd-4eef-8001-223344556677.webp",
        "misskey/thumbnail-0001aabb-ccdd-4eef-8001-223344556677.webp",
      ],
    },
  ],
  tokens: [],
  join: "NONE by key (each object gets a fresh uuid); original and webpublic carry the same file name in Content-Disposition",
  originalTrust: "byte-exact",
  originalsMayBeMissing: "link files (isLink) keep none",
  hides: {
    originalName: 'Content-Disposition: inline; filename="…" on ORIGINAL and webpublic (not thumbnail)',
    captureDate: "EXIF of original (webpublic strips it)",
    uploadDate: "LastModified/DB",
    contentDisposition: "YES",
  },
};
