/**
 * Koken: filesystem (S3 plugin stores originals). Read in modufolio/Koken-App. A fork of the app by its community.
 * Folders of originals are random, those of the cache are ids of the database: only the name before the comma joins
 * them.
 */

import { defineLayout } from "./layout.ts";

export const koken = defineLayout({
  id: "koken",
  title: "Koken",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:storage\/)?originals\/(?<id>[0-9a-z]{2}\/[0-9a-z]{2}\/[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
      examples: [
        "storage/originals/3f/a1/IMG-1234.jpg",
        "storage/originals/0b/77/clip.mp4",
        "originals/c4/5d/DSC_0001.JPG",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:storage\/)?cache\/images\/(?<id>\d{3}\/\d{3,})\/(?<name>[^/]+),(?<rendition>(?:tiny|small|medium_large|medium|large|xlarge|huge|\d+\.\d+\.\d{1,3}\.\d{1,3})(?:\.crop)?(?:\.2x)?)\.(?:(?<mtime>\d{9,10})\.)?(?<ext>jpe?g|gif|png|svg)$/u,
      family: "cache",
      action: "skip-no-join",
      role: "tiny…huge",
      examples: [
        "storage/cache/images/000/123/IMG-1234,large.1380000000.jpg",
        "storage/cache/images/000/123/IMG-1234,medium.crop.2x.1380000000.jpg",
        "storage/cache/images/001/042/DSC_0001,800.600.85.60.1399999999.jpg",
      ],
    },
  ],
  originalTrust: "byte-exact",
});
