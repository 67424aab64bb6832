/**
 * Damselfly: filesystem. Read in Webreaper/Damselfly. IMG_1.NEF and IMG_1.JPG have one thumbnail, so its stem may be
 * that of two photos.
 */

import { defineLayout } from "./layout.ts";

export const damselfly = defineLayout({
  id: "damselfly",
  title: "Damselfly",
  renditions: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?thumbs\/(?<id>.+)_(?<rendition>xl|l|b|m|s|PREVIEW)\.(?<ext>jpg|JPG)$/u,
      stem: "{id}",
      family: "{rendition}",
      needs: "larger",
      role: "thumbnail",
      examples: ["config/thumbs/2023/07/IMG_1234_xl.JPG", "thumbs/a/DSC_0001_m.jpg", "config/thumbs/x_PREVIEW.JPG"],
    },
  ],
  originalTrust: "byte-exact",
});
