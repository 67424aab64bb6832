/** Matrix Synapse media store: filesystem / s3 via synapse-s3-storage-provider (key = prefix+rel path). Read in element-hq/synapse, matrix-org/synapse-s3-storage-provider. */

import { defineLayout } from "./layout.ts";

export const synapse = defineLayout({
  id: "synapse",
  title: "Matrix Synapse media store",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:local_content|remote_content\/(?<server>[^/]+))\/(?<id>[A-Za-z]{2}\/[A-Za-z]{2}\/[A-Za-z]{16,})$/u,
      stem: "{prefix}/{server}/{id}",
      examples: [
        "local_content/Ab/Cd/EfGhIjKlMnOpQrStUvWx",
        "remote_content/matrix.org/Zk/sQ/wLmTxfJqVtYbRkLmXcPz",
        "prefix/local_content/aa/bb/ccddeeffgghhiijjkkll",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:local_thumbnails|remote_thumbnail\/(?<server>[^/]+))\/(?<id>[A-Za-z]{2}\/[A-Za-z]{2}\/[A-Za-z]{16,})\/(?<rendition>\d+-\d+-[a-z]+-[a-z0-9+.-]+?(?:-(?:crop|scale))?)$/u,
      stem: "{prefix}/{server}/{id}",
      family: "thumbnails",
      role: "thumbnail",
      examples: [
        "local_thumbnails/Ab/Cd/EfGhIjKlMnOpQrStUvWx/96-96-image-jpeg-crop",
        "remote_thumbnail/matrix.org/Zk/sQ/wLmTxfJqVtYbRkLmXcPz/320-240-image-png-scale",
        "local_thumbnails/aa/bb/ccddeeffgghhiijjkkll/800-600-image-webp-scale",
      ],
    },
  ],
  originalTrust: "byte-exact (E2EE rooms: ciphertext)",
});
