/** QNAP Photo Station: filesystem. */

import type { Layout } from "./layout.ts";

export const qnap: Layout = {
  id: "qnap",
  title: "QNAP Photo Station",
  evidence: "3rd-party source snippets",
  originals: [],
  renditions: [
    {
      regex:
        /^(?:(?<dir>.+?)\/)?\.@__thumb\/(?<rendition>s100|s800|default)?(?<id>[^/]+?)(?:\.(?<ext>[A-Za-z0-9]{1,5}))?$/u,
      stem: "{dir}/{id}",
      family: ".@__thumb",
      action: "skip-if-original-present",
      needs: "larger-if-any",
      role: "thumbnail",
      examples: [
        "Multimedia/2023/.@__thumb/s800IMG_1234.JPG",
        "Multimedia/2023/.@__thumb/defaultIMG_1234.HEIC",
        "Photos/.@__thumb/s100DSC_0001.jpg",
      ],
    },
  ],
  tokens: [],
  join: "dir + name after prefix",
  originalTrust: "byte-exact",
  hides: { originalName: "key" },
};
