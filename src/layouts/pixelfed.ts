/** Pixelfed: s3-native. Read in pixelfed/pixelfed. */

import { defineLayout } from "./layout.ts";

export const pixelfed = defineLayout({
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
});
