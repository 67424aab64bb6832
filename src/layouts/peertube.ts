/** PeerTube: s3-native. Read in Chocobozzz/PeerTube. */

import { defineLayout } from "./layout.ts";

export const peertube = defineLayout({
  id: "peertube",
  title: "PeerTube",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-(?<res>\d+))?\.(?<ext>mp4|webm|mov|mkv|avi)$/u,
      stem: "{id}",
      role: "original video bucket/prefix (if keep-original) or web video",
      examples: [
        "original-video-files/9c4be07d-21f8-4a66-90dd-14c27e9b0f11.mov",
        "videos/0ab7e291-4cc0-4a3f-8d88-12be40997acd-1080.mp4",
        "c45d1190-aa7b-4e3f-86c6-840d55e1728b-480.mp4",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<rendition>hls)\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(?<file>[^/]+)\.(?<ext>m3u8|mp4|json|ts)$/u,
      stem: "{id}",
      family: "hls",
      role: "encoded-video",
      examples: [
        "hls/9c4be07d-21f8-4a66-90dd-14c27e9b0f11/1122aabb-ccdd-4eef-8001-223344556677-720-fragmented.mp4",
        "streaming-playlists/hls/0ab7e291-4cc0-4a3f-8d88-12be40997acd/master.m3u8",
        "hls/c45d1190-aa7b-4e3f-86c6-840d55e1728b/segments-sha256.json",
      ],
    },
  ],
  originalTrust: "web videos transcoded",
});
