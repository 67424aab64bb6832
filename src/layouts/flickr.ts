/**
 * Flickr (CDN names; account export): names only. Read in brownphotographic/Flickr2Any-Tool. And known from the
 * documentation; the secret in a name differs, the number does not.
 */

import { defineLayout } from "./layout.ts";

export const flickr = defineLayout({
  id: "flickr",
  title: "Flickr (CDN names; account export)",
  originals: [
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<id>\d{6,})_(?<secret>[0-9a-f]{6,12})_o(?:_d)?\.(?<ext>jpe?g|png|gif|mp4|mov)$/u,
      stem: "{id}",
      role: "CDN original: own secret ≠ rendition secret",
      examples: [
        "1534/24148019753_bc3bb60f50_o.jpg",
        "121/301545781_9d32d647f1_o_d.jpg",
        "65535/51234567890_0a1b2c3d4e_o.png",
      ],
    },
    {
      regex: /^(?:(?<prefix>.+?)\/)?(?<name>.+)_(?<id>\d{8,11})_o\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{id}",
      role: "account export",
      examples: [
        "data-download-1/img_1234_51234567890_o.jpg",
        "data-download-2/sunset-at-the-beach_4937213456_o.png",
        "data-download-1/dsc0042_24148019753_o.jpg",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?<id>\d{6,})_(?<secret>[0-9a-f]{6,12})(?:_(?<rendition>s|q|t|m|n|w|z|c|b|h|k|3k|4k|5k|6k)(?:_d)?)?\.(?<ext>jpg)$/u,
      stem: "{id}",
      family: "{rendition}",
      needs: "larger",
      role: "thumbnail/large",
      examples: [
        "2/1418878_1e92283336_m.jpg",
        "2843/72157639326167284_5789bed1bd_z.jpg",
        "121/301545781_9d32d647f1_b.jpg",
        "65535/51234567890_aabbccddee_k.jpg",
        "65535/51234567890_aabbccddee.jpg",
      ],
    },
    {
      regex: /^(?:(?<prefix>.+?)\/)?photo_(?<id>\d{6,})\.json$/u,
      stem: "{id}",
      family: "json sidecar",
      action: "sidecar",
      role: "sidecar",
      examples: ["data-download-1/photo_51234567890.json", "photo_4937213456.json"],
    },
  ],
  originalTrust: "_o byte-exact (pro)",
});
