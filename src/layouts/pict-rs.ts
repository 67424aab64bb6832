/** pict-rs (Lemmy): s3-native. Read in robinst/pict-rs. */

import type { Layout } from "./layout.ts";

export const pictRs: Layout = {
  id: "pict-rs",
  title: "pict-rs (Lemmy)",
  evidence: "source",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<id>(?:[0-9a-f]{2}\/){10}[0-9a-f]{12})(?:\.(?<ext>[a-z0-9]+))?$/u,
      stem: "{path}",
      rank: 0,
      telling: true,
      role: "ORIGINAL OR VARIANT (indistinguishable)",
      examples: [
        "01/89/53/d7/d1/00/7a/bc/8d/ef/0123456789ab.jpg",
        "01/8d/f7/4f/80/18/7a/bc/8d/ef/0123456789ab.webp",
        "01/8d/f7/4f/80/18/7a/bc/8d/ee/ba9876543210",
      ],
    },
  ],
  renditions: [],
  tokens: [],
  join: "repo DB only",
  originalTrust: "may be transcoded on ingest",
  hides: {
    originalName: "lost (alias in DB)",
    captureDate: "stripped",
    uploadDate:
      "KEY: UUIDv7, ms = parseInt(first 12 hex) (0189 53d7 d100 → 2023-07-14T10:00:00Z); for variants = generation time",
  },
};
