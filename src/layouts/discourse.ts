/** Discourse: s3-native. Read in discourse/discourse. */

import { defineLayout } from "./layout.ts";

export const discourse = defineLayout({
  id: "discourse",
  title: "Discourse",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?original\/(?<depth>\d)X\/(?:[0-9a-f]\/)*(?<id>[0-9a-f]{40})\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{depth}/{id}",
      examples: [
        "original/1X/da39a3ee5e6b4b0d3255bfef95601890afd80709.jpeg",
        "original/3X/9/c/9c4be07d21f85a6630dd14c27e9b0f1122334455.png",
        "uploads/default/original/4X/0/b/7/0b77e2914cc05a3f6d8812be40997acd00112233.heic",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?optimized\/(?<depth>\d)X\/(?:[0-9a-f]\/)*(?<id>[0-9a-f]{40})_(?<version>\d+)_(?<rendition>\d+x\d+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{depth}/{id}",
      family: "optimized",
      role: "thumbnail",
      examples: [
        "optimized/1X/da39a3ee5e6b4b0d3255bfef95601890afd80709_2_690x388.jpeg",
        "optimized/3X/9/c/9c4be07d21f85a6630dd14c27e9b0f1122334455_2_10x10.png",
        "uploads/default/optimized/4X/0/b/7/0b77e2914cc05a3f6d8812be40997acd00112233_2_500x500.png",
      ],
    },
  ],
  originalTrust:
    "sha1 of stored bytes (integrity check possible, except secure uploads); images may be recompressed before storing",
  originalsMayBeMissing: "tombstone/ holds deleted",
});
