/**
 * Ente museum (E2EE): s3-native. Read in ente-io/ente. Which objects belong together only the database (object_keys)
 * knows.
 */

import { defineLayout } from "./layout.ts";

export const ente = defineLayout({
  id: "ente",
  title: "Ente museum (E2EE)",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<owner>\d+)\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u,
      role: "ciphertext of FILE or THUMBNAIL (indistinguishable by key)",
      examples: [
        "1580559962386438/5d2f0a4e-9c41-4b7e-8f7a-0d9c3b2a1f00",
        "1580559962386438/7e11c0de-0b2d-4f6a-9c88-aa55bb66cc77",
        "42/00000000-1111-4222-8333-444444444444",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<owner>\d+)\/file-data\/(?<id>\d+)\/(?<rendition>mldata|vid_preview\/pv_[A-Za-z0-9]+(?:_playlist)?|img_preview\/pi_[A-Za-z0-9]+)$/u,
      family: "file-data",
      action: "skip-no-join",
      role: "mldata / preview video / playlist / preview image",
      examples: [
        "1580559962386438/file-data/20001234/mldata",
        "1580559962386438/file-data/20001234/vid_preview/pv_3hJk29LmQ",
        "1580559962386438/file-data/20001234/vid_preview/pv_3hJk29LmQ_playlist",
        "42/file-data/77/img_preview/pi_ZZtop9",
      ],
    },
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<owner>\d+)\/(?<rendition>user-attachments)\/(?<type>[^/]+)\/(?<id>.+)$/u,
      family: "user-attachments",
      action: "skip-no-join",
      role: "contact attachment",
      examples: [
        "42/user-attachments/profile_picture/ua_abc123",
        "42/user-attachments/profile_picture/ua_def456",
        "7/user-attachments/profile_picture/ua_ghi789",
      ],
    },
  ],
  originalTrust: "ciphertext (secretstream)",
  originalsMayBeMissing: "replicas in 2nd/3rd buckets may lag",
});
