/** Networks in which photos are posted. */

import type { WrittenLayout } from "./layout.ts";

export const SOCIAL: readonly WrittenLayout[] = [
  /** S3-native. Read in glitch-soc/mastodon, mastodon/mastodon. */
  {
    id: "mastodon",
    title: "Mastodon",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<cache>cache\/)?media_attachments\/files\/(?<id>\d{3}(?:\/\d{3}){2,6})\/original\/(?<name>[0-9a-f]{16})\.(?<ext>[a-z0-9]+)$/u,
        stem: "{prefix}/{cache}{id}/{name}",
        examples: [
          "media_attachments/files/110/711/852/236/806/699/original/1a2b3c4d5e6f7081.jpeg",
          "media_attachments/files/112/017/486/577/670/699/original/00ff11ee22dd33cc.mp4",
          "cache/media_attachments/files/110/711/852/236/806/700/original/9f8e7d6c5b4a3921.png",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<cache>cache\/)?media_attachments\/files\/(?<id>\d{3}(?:\/\d{3}){2,6})\/(?<rendition>small)\/(?<name>[0-9a-f]{16})\.(?<ext>[a-z0-9]+)$/u,
        stem: "{prefix}/{cache}{id}/{name}",
        family: "small",
        role: "thumbnail/poster",
        examples: [
          "media_attachments/files/110/711/852/236/806/699/small/1a2b3c4d5e6f7081.jpeg",
          "media_attachments/files/112/017/486/577/670/699/small/00ff11ee22dd33cc.png",
          "cache/media_attachments/files/110/711/852/236/806/700/small/9f8e7d6c5b4a3921.png",
        ],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<cache>cache\/)?media_attachments\/(?<rendition>thumbnails)\/(?<id>\d{3}(?:\/\d{3}){2,6})\/original\/(?<name>[0-9a-f]{16})\.(?<ext>[a-z0-9]+)$/u,
        stem: "{path}",
        family: "cover",
        action: "keep",
        role: "poster",
        examples: [
          "media_attachments/thumbnails/112/017/486/577/670/699/original/aa55bb66cc77dd88.jpeg",
          "media_attachments/thumbnails/110/711/852/236/806/699/original/0123456789abcdef.png",
          "cache/media_attachments/thumbnails/110/711/852/236/806/700/original/fedcba9876543210.jpg",
        ],
      },
    ],
    originalTrust:
      'NOT original: "original" style is re-encoded to ≤3840x2160 px (8,294,400 px; older: 1,638,400 px) with metadata stripped; video transcoded',
    originalsMayBeMissing: "true original never stored",
  },
  /**
   * S3-native. Read in misskey-dev/misskey. No key joins: each object has a fresh UUID. Original and webpublic have
   * one name in Content-Disposition.
   */
  {
    id: "misskey",
    title: "Misskey",
    originals: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.(?<ext>[a-z0-9]+))?$/u,
        examples: [
          "files/9c4be07d-21f8-4a66-90dd-14c27e9b0f11.jpg",
          "misskey/0ab7e291-4cc0-4a3f-8d88-12be40997acd.png",
          "files/c45d1190-aa7b-4e3f-86c6-840d55e1728b",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<rendition>webpublic|thumbnail)-(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?<ext>[a-z0-9]+)$/u,
        family: "{rendition}",
        action: "skip-no-join",
        role: "large(2048)/thumbnail",
        examples: [
          "files/webpublic-1122aabb-ccdd-4eef-8001-223344556677.jpg",
          "files/thumbnail-7788aabb-ccdd-4eef-8001-223344556677.webp",
          "misskey/thumbnail-0001aabb-ccdd-4eef-8001-223344556677.webp",
        ],
      },
    ],
    originalTrust: "byte-exact",
    originalsMayBeMissing: "link files (isLink) keep none",
  },
  /** S3-native. Read in pixelfed/pixelfed. */
  {
    id: "pixelfed",
    title: "Pixelfed",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?public\/m\/_v2\/(?<owner>\d+)\/(?<monthhash>[0-9a-f]{9}-[0-9a-f]{6})\/(?<rand>[A-Za-z0-9]{12,20})\/(?<id>[A-Za-z0-9]{40})\.(?<ext>jpe?g|png|gif|webp|avif|heic|mp4|mov)$/u,
        stem: "{prefix}/{owner}/{monthhash}/{rand}/{id}",
        examples: [
          "public/m/_v2/421903/bf0f52ff2-92677b/Zk3sQw9LmT1x/0fJq2VtYb7Rk9LmXc4PzNwHs6GdUe1AoTi8QyB3C.jpg",
          "public/m/_v2/77/4f8b684e5-e9314a/aB3dE5gH7jK9/Q1w2E3r4T5y6U7i8O9p0A1s2D3f4G5h6J7k8L9z0.png",
          "public/m/_v2/421903/bf0f52ff2-92677b/pL0oK9iJ8uH7/MnBvCxZlKjHgFdSaPoIuYtReWq0123456789abcd.mp4",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?public\/m\/_v2\/(?<owner>\d+)\/(?<monthhash>[0-9a-f]{9}-[0-9a-f]{6})\/(?<rand>[A-Za-z0-9]{12,20})\/(?<id>[A-Za-z0-9]{40})_(?<rendition>thumb)\.(?<ext>jpe?g|png|gif|webp|avif)$/u,
        stem: "{prefix}/{owner}/{monthhash}/{rand}/{id}",
        family: "thumb",
        role: "thumbnail/poster",
        examples: [
          "public/m/_v2/421903/bf0f52ff2-92677b/Zk3sQw9LmT1x/0fJq2VtYb7Rk9LmXc4PzNwHs6GdUe1AoTi8QyB3C_thumb.jpg",
          "public/m/_v2/77/4f8b684e5-e9314a/aB3dE5gH7jK9/Q1w2E3r4T5y6U7i8O9p0A1s2D3f4G5h6J7k8L9z0_thumb.png",
          "public/m/_v2/421903/bf0f52ff2-92677b/pL0oK9iJ8uH7/MnBvCxZlKjHgFdSaPoIuYtReWq0123456789abcd_thumb.jpeg",
        ],
      },
    ],
    originalTrust: "processed: handleImageTransform re-encodes and may downscale IN PLACE at the same key",
    originalsMayBeMissing: "true original never stored for images",
  },
  /** S3-native. Read in Chocobozzz/PeerTube. */
  {
    id: "peertube",
    title: "PeerTube",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-(?<res>\d+))?\.(?<ext>mp4|webm|mov|mkv|avi)$/u,
        stem: "{id}",
        role: "original video bucket/prefix (if keep-original) or web video",
        examples: [
          "original-video-files/9c4be07d-21f8-4a66-90dd-14c27e9b0f11.mov",
          "videos/0ab7e291-4cc0-4a3f-8d88-12be40997acd-1080.mp4",
          "c45d1190-aa7b-4e3f-86c6-840d55e1728b-480.mp4",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?(?<rendition>hls)\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(?<file>[^/]+)\.(?<ext>m3u8|mp4|json|ts)$/u,
        stem: "{id}",
        family: "hls",
        role: "encoded-video",
        examples: [
          "hls/9c4be07d-21f8-4a66-90dd-14c27e9b0f11/1122aabb-ccdd-4eef-8001-223344556677-720-fragmented.mp4",
          "streaming-playlists/hls/0ab7e291-4cc0-4a3f-8d88-12be40997acd/master.m3u8",
          "hls/c45d1190-aa7b-4e3f-86c6-840d55e1728b/segments-sha256.json",
        ],
      },
    ],
    originalTrust: "web videos transcoded",
  },
  /** S3-native. Read in robinst/pict-rs. Only its own database joins. */
  {
    id: "pict-rs",
    title: "pict-rs (Lemmy)",
    originals: [
      {
        regex: /^(?:(?<prefix>.+?)\/)?(?<id>(?:[0-9a-f]{2}\/){10}[0-9a-f]{12})(?:\.(?<ext>[a-z0-9]+))?$/u,
        role: "ORIGINAL OR VARIANT (indistinguishable)",
        examples: [
          "01/89/53/d7/d1/00/7a/bc/8d/ef/0123456789ab.jpg",
          "01/8d/f7/4f/80/18/7a/bc/8d/ef/0123456789ab.webp",
          "01/8d/f7/4f/80/18/7a/bc/8d/ee/ba9876543210",
        ],
      },
    ],
    originalTrust: "may be transcoded on ingest",
  },
  /**
   * Filesystem / s3 via synapse-s3-storage-provider (key = prefix+rel path). Read in element-hq/synapse,
   * matrix-org/synapse-s3-storage-provider.
   */
  {
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
  },
];
