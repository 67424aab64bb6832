/** Drives on the network and in the cloud, with the thumbnails that they leave among the files. */

import type { WrittenLayout } from "./layout.ts";

export const DRIVES: readonly WrittenLayout[] = [
  /**
   * S3-native. Read in nextcloud/server. Older previews are named urn:oid:N as originals are; only the metadata
   * `original-path` tells them apart.
   */
  {
    id: "nextcloud",
    title: "Nextcloud S3 primary storage (Photos/Memories on top)",
    originals: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?urn:oid:(?<id>\d+)$/u,
        role: "any file: original, old-style preview, version, trash, appdata",
        examples: ["urn:oid:213", "urn:oid:48210", "urn:oid:1000001"],
      },
    ],
    renditions: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?urn:oid:(?<rendition>preview):(?<id>\d+)$/u,
        family: "preview",
        action: "skip-no-join",
        role: "preview",
        examples: ["urn:oid:preview:77", "urn:oid:preview:1234567", "urn:oid:preview:7280213498"],
      },
    ],
    originalTrust: "byte-exact unless server-side encryption enabled",
    originalsMayBeMissing: "zero-byte files may have no object",
  },
  /** S3-native. Read in owncloud/core. No key joins. */
  {
    id: "owncloud",
    title: "ownCloud 10 object store",
    originals: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?urn:oid:(?<id>\d+)$/u,
        examples: ["urn:oid:15", "urn:oid:90210", "urn:oid:123456"],
      },
    ],
    originalTrust: "byte-exact",
  },
  /** Filesystem. Known from pieces of source that others show. */
  {
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
  },
  /** Where its files lie, as backed up to a bucket. Known from a forum post. */
  {
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
        examples: [
          "share/photo/.webaxs_LL/IMG_1234.jpg",
          "share/photo/.thumbnail/IMG_1234.jpg",
          "share/.webview/a.jpg",
        ],
      },
    ],
  },
];
