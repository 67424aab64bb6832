/** Zenphoto: filesystem. Read in zenphoto/zenphoto. */

import { defineLayout } from "./layout.ts";

export const zenphoto = defineLayout({
  id: "zenphoto",
  title: "Zenphoto",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?albums\/(?<id>.+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{id}",
      examples: ["albums/Rome 2019/IMG_1234.JPG", "albums/a/b/c.png", "albums/clips/x.mp4"],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?cache\/(?<id>.+?)(?<rendition>(?:_\d+)?(?:_w\d+)?(?:_h\d+)?(?:_cw\d+)?(?:_ch\d+)?(?:_cx\d+)?(?:_cy\d+)?(?:_thumb)?(?:_admin)?(?:_[a-z]+)?)\.(?<ext>jpe?g|png|gif|webp)$/u,
      stem: "{prefix}/{id}",
      family: "cache",
      needs: "larger-if-any",
      role: "thumbnail/sized",
      examples: [
        "cache/Rome 2019/IMG_1234_595.jpg",
        "cache/a/b/c_w100_h100_cw100_ch100_thumb.png",
        "cache/clips/x_85_cw72_ch72_thumb_watermark.jpg",
      ],
    },
  ],
  originalTrust: "byte-exact",
});
