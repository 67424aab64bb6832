/** Damselfly: filesystem. Read in Webreaper/Damselfly. */

import type { Layout } from "./layout.ts";

export const damselfly: Layout = {
  id: "damselfly",
  title: "Damselfly",
  evidence: "source",
  originals: [],
  renditions: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?thumbs\/(?<id>.+)_(?<rendition>xl|l|b|m|s|PREVIEW)\.(?<ext>jpg|JPG)$/u,
      stem: "{id}",
      family: "{rendition}",
      action: "skip-if-original-present",
      needs: "larger",
      role: "thumbnail",
      examples: ["config/thumbs/2023/07/IMG_1234_xl.JPG", "thumbs/a/DSC_0001_m.jpg", "config/thumbs/x_PREVIEW.JPG"],
    },
  ],
  tokens: [],
  join: "relative path + stem; STEM COLLISION: IMG_1.NEF and IMG_1.JPG map to the same thumb",
  originalTrust: "byte-exact",
  hides: {},
};
