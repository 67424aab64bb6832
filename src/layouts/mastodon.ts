/** Mastodon: s3-native. Read in glitch-soc/mastodon, mastodon/mastodon. */

import { defineLayout } from "./layout.ts";

export const mastodon = defineLayout({
  id: "mastodon",
  title: "Mastodon",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<cache>cache\/)?media_attachments\/files\/(?<id>\d{3}(?:\/\d{3}){2,6})\/original\/(?<name>[0-9a-f]{16})\.(?<ext>[a-z0-9]+)$/u,
      stem: "{prefix}/{cache}{id}/{name}",
      examples: [
        "media_attachments/files/110/711/852/236/806/699/original/1a2b3c4d5e6f7081.jpeg",
        "media_attachments/files/112/017/486/577/670/699/original/00ff11ee22dd33cc.mp4",
        "cache/media_attachments/files/110/711/852/236/806/700/original/9f8e7d6c5b4a3921.png",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<cache>cache\/)?media_attachments\/files\/(?<id>\d{3}(?:\/\d{3}){2,6})\/(?<rendition>small)\/(?<name>[0-9a-f]{16})\.(?<ext>[a-z0-9]+)$/u,
      stem: "{prefix}/{cache}{id}/{name}",
      family: "small",
      role: "thumbnail/poster",
      examples: [
        "media_attachments/files/110/711/852/236/806/699/small/1a2b3c4d5e6f7081.jpeg",
        "media_attachments/files/112/017/486/577/670/699/small/00ff11ee22dd33cc.png",
        "cache/media_attachments/files/110/711/852/236/806/700/small/9f8e7d6c5b4a3921.png",
      ],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<cache>cache\/)?media_attachments\/(?<rendition>thumbnails)\/(?<id>\d{3}(?:\/\d{3}){2,6})\/original\/(?<name>[0-9a-f]{16})\.(?<ext>[a-z0-9]+)$/u,
      stem: "{path}",
      family: "cover",
      action: "keep",
      role: "poster",
      examples: [
        "media_attachments/thumbnails/112/017/486/577/670/699/original/aa55bb66cc77dd88.jpeg",
        "media_attachments/thumbnails/110/711/852/236/806/699/original/0123456789abcdef.png",
        "cache/media_attachments/thumbnails/110/711/852/236/806/700/original/fedcba9876543210.jpg",
      ],
    },
  ],
  originalTrust:
    'NOT original: "original" style is re-encoded to ≤3840x2160 px (8,294,400 px; older: 1,638,400 px) with metadata stripped; video transcoded',
  originalsMayBeMissing: "true original never stored",
});
