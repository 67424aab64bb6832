/**
 * Misskey: s3-native. Read in misskey-dev/misskey. No key joins: each object has a fresh UUID. Original and webpublic
 * have one name in Content-Disposition.
 */

import { defineLayout } from "./layout.ts";

export const misskey = defineLayout({
  id: "misskey",
  title: "Misskey",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.(?<ext>[a-z0-9]+))?$/u,
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
      family: "{rendition}",
      action: "skip-no-join",
      role: "large(2048)/thumbnail",
      examples: [
        "files/webpublic-1122aabb-ccdd-4eef-8001-223344556677.jpg",
        "files/thumbnail-7788aabb-ccdd-4eef-8001-223344556677.webp",
        "misskey/thumbnail-0001aabb-ccdd-4eef-8001-223344556677.webp",
      ],
    },
  ],
  originalTrust: "byte-exact",
  originalsMayBeMissing: "link files (isLink) keep none",
});
