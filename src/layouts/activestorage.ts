/**
 * Rails Active Storage: s3-native. Read in rails/rails. Tracked variants have names like originals; only the database
 * tells them.
 */

import { defineLayout } from "./layout.ts";

export const activestorage = defineLayout({
  id: "activestorage",
  title: "Rails Active Storage",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<id>[a-z0-9]{28})$/u,
      stem: "{prefix}/{id}",
      role: "ANY blob: original, tracked variant, preview image (indistinguishable)",
      examples: ["x8q1w0e9r2t3y4u5i6o7p8a9s0d1", "zk3sqw9lmt1x0fjq2vtyb7rk9lmx", "0123456789abcdefghijklmnopqr"],
    },
  ],
  renditions: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?variants\/(?<id>[a-z0-9]{28})\/(?<rendition>[0-9a-f]{64})$/u,
      stem: "{prefix}/{id}",
      family: "variants",
      role: "variant",
      examples: [
        "variants/x8q1w0e9r2t3y4u5i6o7p8a9s0d1/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "variants/zk3sqw9lmt1x0fjq2vtyb7rk9lmx/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "variants/0123456789abcdefghijklmnopqr/2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
      ],
    },
  ],
  originalTrust: "byte-exact",
});
