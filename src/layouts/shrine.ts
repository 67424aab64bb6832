/**
 * Shrine: s3-native. Read in shrinerb/shrine. Each derivative has a random id of its own: only the folder of the record
 * joins.
 */

import { defineLayout } from "./layout.ts";

export const shrine = defineLayout({
  id: "shrine",
  title: "Shrine",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<class>[a-z_]+)\/(?<rec>[^/]+)\/(?<attr>[a-z_]+)\/(?<id>[0-9a-f]{32})(?:\.(?<ext>[a-z0-9]+))?$/u,
      role: "pretty_location plugin",
      examples: [
        "photo/1234/image/9c4be07d21f85a6630dd14c27e9b0f11.jpg",
        "user/42/avatar/0b77e2914cc05a3f6d8812be40997acd.png",
        "album/7/cover/c45d1190aa7be3f2c6840d55e1728b3f.jpeg",
      ],
    },
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<id>[0-9a-f]{32})(?:\.(?<ext>[a-z0-9]+))?$/u,
      role: "default flat location: original or derivative, indistinguishable",
      examples: [
        "store/9c4be07d21f85a6630dd14c27e9b0f11.jpg",
        "store/0b77e2914cc05a3f6d8812be40997acd.heic",
        "c45d1190aa7be3f2c6840d55e1728b3f.png",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<class>[a-z_]+)\/(?<rec>[^/]+)\/(?<attr>[a-z_]+)\/(?<rendition>[a-z][a-z0-9_]*(?:-[a-z0-9_]+)*)-(?<id>[0-9a-f]{32})(?:\.(?<ext>[a-z0-9]+))?$/u,
      family: "{rendition}",
      action: "skip-no-join",
      role: "derivative",
      examples: [
        "photo/1234/image/thumb-1122334455667788990011223344aabb.jpg",
        "user/42/avatar/small-ffeeddccbbaa00112233445566778899.webp",
        "album/7/cover/large-0123456789abcdef0123456789abcdef.jpeg",
      ],
    },
  ],
  originalTrust: "byte-exact",
});
