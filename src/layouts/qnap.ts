/** QNAP Photo Station: filesystem. Known from pieces of source that others show. */

import { defineLayout } from "./layout.ts";

export const qnap = defineLayout({
  id: "qnap",
  title: "QNAP Photo Station",
  renditions: [
    {
      regex:
        /^(?:(?<dir>.+?)\/)?\.@__thumb\/(?<rendition>s100|s800|default)?(?<id>[^/]+?)(?:\.(?<ext>[A-Za-z0-9]{1,5}))?$/u,
      stem: "{dir}/{id}",
      family: ".@__thumb",
      needs: "larger-if-any",
      role: "thumbnail",
      examples: [
        "Multimedia/2023/.@__thumb/s800IMG_1234.JPG",
        "Multimedia/2023/.@__thumb/defaultIMG_1234.HEIC",
        "Photos/.@__thumb/s100DSC_0001.jpg",
      ],
    },
  ],
  originalTrust: "byte-exact",
});
