/** Buffalo LinkStation WebAccess: where its files lie, as backed up to a bucket. Known from a forum post. */

import { defineLayout } from "./layout.ts";

export const buffalo = defineLayout({
  id: "buffalo",
  title: "Buffalo LinkStation WebAccess",
  renditions: [
    {
      regex:
        /^(?:(?<dir>.+?)\/)?(?<rendition>\.thumbnail|\.webaxs_(?:3L|LL|L|M|S)|\.webview)\/(?<id>.+?)(?:\.(?<ext>[A-Za-z0-9]{1,5}))?$/u,
      stem: "{dir}/{id}",
      family: "{rendition}",
      needs: "larger-if-any",
      role: "thumbnail",
      examples: ["share/photo/.webaxs_LL/IMG_1234.jpg", "share/photo/.thumbnail/IMG_1234.jpg", "share/.webview/a.jpg"],
    },
  ],
});
