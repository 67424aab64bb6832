/** Buffalo LinkStation WebAccess: where its files lie, as backed up to a bucket. */

import type { Layout } from "./layout.ts";

export const buffalo: Layout = {
  id: "buffalo",
  title: "Buffalo LinkStation WebAccess",
  evidence: "forum post",
  originals: [],
  renditions: [
    {
      regex:
        /^(?:(?<dir>.+?)\/)?(?<rendition>\.thumbnail|\.webaxs_(?:3L|LL|L|M|S)|\.webview)\/(?<id>.+?)(?:\.(?<ext>[A-Za-z0-9]{1,5}))?$/u,
      stem: "{dir}/{id}",
      family: "{rendition}",
      action: "skip-if-original-present",
      needs: "larger-if-any",
      role: "thumbnail",
      examples: ["share/photo/.webaxs_LL/IMG_1234.jpg", "share/photo/.thumbnail/IMG_1234.jpg", "share/.webview/a.jpg"],
    },
  ],
  tokens: [],
  join: "dir + name",
  hides: {},
};
