/** Paperclip (kt-paperclip) default layout: s3/filesystem. Read in kreeti/kt-paperclip. */

import { defineLayout } from "./layout.ts";

export const paperclip = defineLayout({
  id: "paperclip",
  title: "Paperclip (kt-paperclip) default layout",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<class>[a-z_]+)\/(?<attachment>[a-z_]+)\/(?<id>\d{3}(?:\/\d{3}){2,5})\/original\/(?<name>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{class}/{attachment}/{id}/{name}",
      examples: [
        "system/photos/images/000/001/234/original/IMG_1234.JPG",
        "users/avatars/000/000/042/original/me.png",
        "photos/files/001/234/567/original/DSC_0001.jpeg",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<class>[a-z_]+)\/(?<attachment>[a-z_]+)\/(?<id>\d{3}(?:\/\d{3}){2,5})\/(?<rendition>(?!original\/)[a-z0-9_]+)\/(?<name>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{class}/{attachment}/{id}/{name}",
      family: "{rendition}",
      needs: "larger-if-any",
      role: "thumbnail/large",
      examples: [
        "system/photos/images/000/001/234/thumb/IMG_1234.JPG",
        "users/avatars/000/000/042/medium/me.png",
        "photos/files/001/234/567/large/DSC_0001.jpg",
      ],
    },
  ],
  originalTrust: "byte-exact only if no :original style",
});
