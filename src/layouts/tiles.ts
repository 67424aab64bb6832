/** Deep-zoom tile pyramids (libvips dzsave layouts): any. Known from the documentation. */

import { defineLayout } from "./layout.ts";

export const tiles = defineLayout({
  id: "tiles",
  title: "Deep-zoom tile pyramids (libvips dzsave layouts)",
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+)_files\/(?<level>\d{1,2})\/(?<rendition>\d+_\d+)\.(?<ext>jpe?g|png|webp)$/u,
      stem: "{prefix}/{id}",
      family: "tile",
      needs: "larger",
      role: "tile",
      examples: ["pano/DSC_0001_files/12/3_4.jpeg", "x/scan_files/0/0_0.png", "a_files/9/10_2.jpg"],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+)\/TileGroup(?<group>\d+)\/(?<rendition>\d+-\d+-\d+)\.(?<ext>jpe?g|png)$/u,
      stem: "{prefix}/{id}",
      family: "tile",
      needs: "larger",
      role: "tile",
      examples: ["images/zoomify/1/TileGroup0/0-0-0.jpg", "pano/TileGroup3/5-12-9.jpg", "a/TileGroup0/2-1-1.jpg"],
    },
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+)\/(?<rendition>\d{1,2}\/\d+\/\d+)\.(?<ext>jpe?g|png|webp)$/u,
      stem: "{prefix}/{id}",
      family: "tile by number",
      needs: "larger",
      role: "tile",
      examples: ["pano/3/2/5.jpg", "map/0/0/0.png", "a/b/12/655/1583.webp"],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>[^/]+)\/(?<region>full|square|\d+,\d+,\d+,\d+)\/(?<rendition>full|max|\d*,\d*)\/(?<rot>!?\d+(?:\.\d+)?)\/(?:default|native|gray|color|bitonal)\.(?<ext>jpe?g|png|webp)$/u,
      stem: "{prefix}/{id}",
      family: "tile",
      needs: "larger",
      role: "tile",
      examples: [
        "iiif/abc/0,0,512,512/512,/0/default.jpg",
        "iiif/abc/full/200,/0/default.jpg",
        "iiif/x/1024,0,512,512/256,256/0/default.png",
      ],
    },
  ],
});
