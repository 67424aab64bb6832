/** aws serverless-image-resizing (blog) : s3-native. Read in amazon-archives/serverless-image-resizing. */

import type { Layout } from "./layout.ts";

export const awsServerlessImageResizing: Layout = {
  id: "aws-serverless-image-resizing",
  title: "aws serverless-image-resizing (blog)",
  evidence: "source",
  originals: [
    {
      regex: /^(?!\d+x\d+\/)(?<id>.+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{id}",
      rank: 0,
      telling: false,
      examples: ["photos/IMG_1234.jpg", "a.png", "2016/08/DSC_0001.JPG"],
    },
  ],
  renditions: [
    {
      regex: /^(?<rendition>\d+x\d+)\/(?<id>.+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{id}",
      family: "WxH",
      action: "skip-if-original-present",
      needs: "larger",
      role: "thumbnail",
      examples: ["300x300/photos/IMG_1234.jpg", "25x25/a.png", "1024x768/2016/08/DSC_0001.JPG"],
    },
  ],
  tokens: [],
  join: "strip first segment",
  originalTrust: "byte-exact",
  hides: { originalName: "key" },
};
