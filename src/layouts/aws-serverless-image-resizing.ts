/** aws serverless-image-resizing (blog) : s3-native. Read in amazon-archives/serverless-image-resizing. */

import { defineLayout } from "./layout.ts";

export const awsServerlessImageResizing = defineLayout({
  id: "aws-serverless-image-resizing",
  title: "aws serverless-image-resizing (blog)",
  originals: [
    {
      regex: /^(?!\d+x\d+\/)(?<id>.+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{id}",
      telling: false,
      examples: ["photos/IMG_1234.jpg", "a.png", "2016/08/DSC_0001.JPG"],
    },
  ],
  renditions: [
    {
      regex: /^(?<rendition>\d+x\d+)\/(?<id>.+)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{id}",
      family: "WxH",
      needs: "larger",
      role: "thumbnail",
      examples: ["300x300/photos/IMG_1234.jpg", "25x25/a.png", "1024x768/2016/08/DSC_0001.JPG"],
    },
  ],
  originalTrust: "byte-exact",
});
