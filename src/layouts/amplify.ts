/** AWS Amplify Storage: s3-native. Read in aws-amplify/amplify-js. */

import { defineLayout } from "./layout.ts";

export const amplify = defineLayout({
  id: "amplify",
  title: "AWS Amplify Storage",
  originals: [
    {
      regex:
        /^(?<level>public|protected|private)\/(?:(?<identity>[a-z]{2}-[a-z]+-\d:[0-9a-f-]{36})\/)?(?<id>.+?)(?:\.(?<ext>[A-Za-z0-9]+))?$/u,
      examples: [
        "public/photos/IMG_1234.jpg",
        "protected/us-east-1:3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f/avatar.png",
        "private/eu-west-1:00000000-1111-4222-8333-444444444444/2024/DSC_0001.HEIC",
      ],
    },
  ],
  originalTrust: "byte-exact",
});
