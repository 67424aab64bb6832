/** WordPress + WP Offload Media: s3 via plugin. Read in WordPress/WordPress, deliciousbrains/wp-amazon-s3-and-cloudfront. */

import { defineLayout } from "./layout.ts";

export const wordpress = defineLayout({
  id: "wordpress",
  title: "WordPress + WP Offload Media",
  originals: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:wp-content\/uploads|uploads)\/(?:sites\/\d+\/)?(?<date>\d{4}\/\d{2})\/(?:(?<version>\d{8}(?:\d{6})?)\/)?(?<id>[^/]+?)(?<!-\d{1,5}x\d{1,5})(?<!-scaled)(?<!-rotated)(?<!-e\d{13})\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{date}/{version}/{id}",
      examples: [
        "wp-content/uploads/2023/07/IMG_1234.jpg",
        "wp-content/uploads/2023/07/14101530/DSC_0042.jpeg",
        "wp-content/uploads/2021/11/my-photo-1.png",
      ],
    },
  ],
  renditions: [
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:wp-content\/uploads|uploads)\/(?:sites\/\d+\/)?(?<date>\d{4}\/\d{2})\/(?:(?<version>\d{8}(?:\d{6})?)\/)?(?<id>[^/]+?)(?:-scaled|-rotated|-e\d{13})?-(?<rendition>\d{1,5}x\d{1,5})(?:@2x)?\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{date}/{version}/{id}",
      family: "WxH",
      needs: "larger",
      role: "thumbnail/large",
      examples: [
        "wp-content/uploads/2023/07/IMG_1234-150x150.jpg",
        "wp-content/uploads/2023/07/14101530/DSC_0042-1024x683.jpeg",
        "wp-content/uploads/2021/11/my-photo-1-300x200@2x.png",
      ],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:wp-content\/uploads|uploads)\/(?:sites\/\d+\/)?(?<date>\d{4}\/\d{2})\/(?:(?<version>\d{8}(?:\d{6})?)\/)?(?<id>[^/]+?)-(?<rendition>scaled|rotated)\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{date}/{version}/{id}",
      family: "{rendition}",
      needs: "larger-if-any",
      role: 'large (≤2560 px "full" copy); the un-suffixed file is meta.original_image',
      examples: [
        "wp-content/uploads/2023/07/IMG_1234-scaled.jpg",
        "wp-content/uploads/2023/07/14101530/DSC_0042-scaled.jpeg",
        "wp-content/uploads/2020/02/portrait-rotated.jpg",
      ],
    },
    {
      regex:
        /^(?:(?<prefix>.+?)\/)?(?:wp-content\/uploads|uploads)\/(?:sites\/\d+\/)?(?<date>\d{4}\/\d{2})\/(?:(?<version>\d{8}(?:\d{6})?)\/)?(?<id>[^/]+?)-(?<rendition>e\d{13})\.(?<ext>[A-Za-z0-9]+)$/u,
      stem: "{prefix}/{date}/{version}/{id}",
      family: "edited",
      action: "keep",
      role: "edited",
      examples: [
        "wp-content/uploads/2023/07/IMG_1234-e1689325530123.jpg",
        "wp-content/uploads/2019/01/cat-e1546300800000.png",
        "wp-content/uploads/2022/03/14101530/a-e1646300800000.jpg",
      ],
    },
  ],
  originalTrust: "byte-exact file is kept as original_image since WP 5.3; before that -scaled does not exist",
  originalsMayBeMissing:
    "yes if optimiser plugins delete original_image; sizes larger than the image are not generated",
});
