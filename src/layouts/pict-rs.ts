/** pict-rs (Lemmy): s3-native. Read in robinst/pict-rs. Only its own database joins. */

import { defineLayout } from "./layout.ts";

export const pictRs = defineLayout({
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
});
