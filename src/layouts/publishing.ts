/** Sites that people write: photos lie among posts, by the month of their upload or by the post. */

import type { WrittenLayout } from "./layout.ts";

export const PUBLISHING: readonly WrittenLayout[] = [
  /** S3 via plugin. Read in WordPress/WordPress, deliciousbrains/wp-amazon-s3-and-cloudfront. */
  {
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
  },
  /** Filesystem; S3 adapter (media/files; images adapter varies). Read in TryGhost/SDK, TryGhost/Ghost. */
  {
    id: "ghost",
    title: "Ghost",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?content\/(?<kind>images|media|files)\/(?<date>\d{4}\/\d{2})\/(?<id>[^/]+?)_o\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{kind}/{date}/{id}",
        role: "TRUE ORIGINAL (unprocessed upload)",
        examples: [
          "content/images/2024/06/beach_o.jpg",
          "content/images/2023/12/IMG_1234-1_o.png",
          "content/images/2022/01/logo_o.jpeg",
        ],
      },
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?content\/(?<kind>images|media|files)\/(?<date>\d{4}\/\d{2})\/(?<id>[^/]+?)(?<!_o)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{kind}/{date}/{id}",
        rank: 1,
        role: "processed (≤2000 px wide) copy if _o sibling exists, otherwise the original",
        examples: [
          "content/images/2024/06/beach.jpg",
          "content/media/2024/06/video.mp4",
          "content/files/2023/03/doc.pdf",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?content\/images\/size\/(?<rendition>w\d+(?:h\d+)?|h\d+)\/(?:format\/(?<format>[a-z]+)\/)?(?<date>\d{4}\/\d{2})\/(?<id>[^/]+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/images/{date}/{id}",
        family: "size",
        role: "responsive",
        examples: [
          "content/images/size/w600/2024/06/beach.jpg",
          "content/images/size/w1000/format/webp/2023/12/IMG_1234-1.png",
          "content/images/size/w256h256/2022/01/logo.jpeg",
        ],
      },
    ],
    originalTrust: "only the _o file is byte-exact",
    originalsMayBeMissing: "_o absent when optimisation off/unsupported type",
  },
  /**
   * Filesystem (S3 plugin stores originals). Read in modufolio/Koken-App. A fork of the app by its community.
   * Folders of originals are random, those of the cache are ids of the database: only the name before the comma
   * joins them.
   */
  {
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
  },
  /** S3-native. Read in discourse/discourse. */
  {
    id: "discourse",
    title: "Discourse",
    originals: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?original\/(?<depth>\d)X\/(?:[0-9a-f]\/)*(?<id>[0-9a-f]{40})\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{depth}/{id}",
        examples: [
          "original/1X/da39a3ee5e6b4b0d3255bfef95601890afd80709.jpeg",
          "original/3X/9/c/9c4be07d21f85a6630dd14c27e9b0f1122334455.png",
          "uploads/default/original/4X/0/b/7/0b77e2914cc05a3f6d8812be40997acd00112233.heic",
        ],
      },
    ],
    renditions: [
      {
        regex:
          /^(?:(?<prefix>.+?)\/)?optimized\/(?<depth>\d)X\/(?:[0-9a-f]\/)*(?<id>[0-9a-f]{40})_(?<version>\d+)_(?<rendition>\d+x\d+)\.(?<ext>[A-Za-z0-9]+)$/u,
        stem: "{prefix}/{depth}/{id}",
        family: "optimized",
        role: "thumbnail",
        examples: [
          "optimized/1X/da39a3ee5e6b4b0d3255bfef95601890afd80709_2_690x388.jpeg",
          "optimized/3X/9/c/9c4be07d21f85a6630dd14c27e9b0f1122334455_2_10x10.png",
          "uploads/default/optimized/4X/0/b/7/0b77e2914cc05a3f6d8812be40997acd00112233_2_500x500.png",
        ],
      },
    ],
    originalTrust:
      "sha1 of stored bytes (integrity check possible, except secure uploads); images may be recompressed before storing",
    originalsMayBeMissing: "tombstone/ holds deleted",
  },
];
