/** Every way in which telling originals from renditions is known to go wrong: each loses no original here. */

import { describe, expect, test } from "vitest";
import type { Listed } from "../../src/model.ts";
import { bucket, photos, type Sizes, seeingAll, tell } from "./listing-rig.ts";

type Make = (i: number, sizes: Sizes) => readonly (readonly [key: string, size: number])[];

/** Listings of nothing but originals, whatever they look like. */
const ONLY_ORIGINALS: Readonly<Record<string, readonly Listed[]>> = {
  "a user's own folder thumbs/": bucket(200, (i, s) => [
    [`thumbs/wedding_${i}.jpg`, s.original],
    [`2012/IMG_${i}.jpg`, photos(1, i + 5)[0]?.original ?? 0],
  ]),
  "folders small/ and web/ whose names join by counters with other photos": bucket(200, (i, s) => [
    [`small/IMG_${i}.jpg`, s.original],
    [`web/IMG_${i}.jpg`, photos(1, i + 5)[0]?.original ?? 0],
    [`IMG_${i}.jpg`, photos(1, i + 900)[0]?.original ?? 0],
  ]),
  "somebody's web exports of every photo": bucket(600, (i, s) => [
    [`2012/IMG_${i}.jpg`, s.original],
    [`web/2012/IMG_${i}.jpg`, s.large],
  ]),
  "camera counters reused in other years": bucket(300, (i, s) => [
    [`2009/IMG_${i}.jpg`, s.original],
    [`2010/IMG_${i}.jpg`, photos(1, i + 5)[0]?.original ?? 0],
  ]),
  "camera counters reused, the old camera's files far smaller": bucket(300, (i, s) => [
    [`ixus/IMG_${i}.jpg`, Math.round((photos(1, i + 5)[0]?.original ?? 0) / 20)],
    [`eos/IMG_${i}.jpg`, s.original],
  ]),
  "sixty photos in folders of each trip": bucket(60, (i, s) => [
    [`rome/IMG_${i}.jpg`, Math.round((photos(1, i + 5)[0]?.original ?? 0) / 30)],
    [`oslo/IMG_${i}.jpg`, s.original],
  ]),
  "RAW and JPEG beside each other": bucket(200, (i, s) => [
    [`2012/IMG_${i}.NEF`, s.original * 6],
    [`2012/IMG_${i}.JPG`, s.original],
  ]),
  "RAW/ and JPG/": bucket(200, (i, s) => [
    [`2012/RAW/IMG_${i}.CR2`, s.original * 6],
    [`2012/JPG/IMG_${i}.JPG`, s.original],
  ]),
  "live photos": bucket(200, (i, s) => [
    [`2023/IMG_${i}.HEIC`, s.original],
    [`2023/IMG_${i}.MOV`, s.original * 2],
    [`2023/IMG_${i}_HEVC.MOV`, s.original],
    [`2023/PXL_${i}.jpg`, s.original],
    [`2023/PXL_${i}-MP.mp4`, s.large],
  ]),
  "edited copies": bucket(200, (i, s) => [
    [`2023/IMG_${i}.jpg`, s.original],
    [`2023/IMG_${i}-edited.jpg`, s.large],
    [`2023/IMG_${i}-bearbeitet.jpg`, s.large],
    [`2023/adjusted/IMG_${i}.jpg`, s.large],
    [`2023/IMG_${i}-print.jpg`, s.large],
    [`2023/IMG_E${i}.jpg`, s.large],
  ]),
  "numbered copies": bucket(200, (i, s) => [
    [`2023/IMG_${i}.jpg`, s.original],
    [`2023/IMG_${i} (1).jpg`, s.large],
    [`2023/IMG_${i}-1.jpg`, s.large],
    [`2023/IMG_${i}~2.jpg`, s.large],
    [`2023/IMG_${i}+1.jpg`, s.thumb],
  ]),
  "bursts and brackets": bucket(200, (i, s) => [
    [`2023/IMG_${i}_BURST001_COVER.jpg`, s.original],
    [`2023/IMG_${i}_BURST002.jpg`, Math.round(s.original * 0.98)],
    [`2023/HDR_${i}_1.jpg`, s.original],
    [`2023/HDR_${i}_2.jpg`, Math.round(s.original * 0.7)],
    [`2023/HDR_${i}_3.jpg`, Math.round(s.original * 0.6)],
  ]),
  "a panorama as tiles without the panorama": bucket(64, (i, s) => [
    [`pano/DSC_1_files/12/${i % 8}_${Math.floor(i / 8)}.jpeg`, s.thumb],
    [`pano/DSC_1_files/11/${i % 4}_${Math.floor(i / 4)}.jpeg`, s.thumb],
  ]),
  "source frames of a panorama": bucket(20, (i, s) =>
    Array.from({ length: 9 }, (_, k) => [`pano/p${i}_${k + 1}.jpg`, s.original - k] as const),
  ),
  "banners and lone @2x": bucket(120, (i, s) => [
    [`ads/banner${i}_300x250.png`, s.thumb],
    [`screens/shot${i}@2x.png`, s.large],
    [`art/cover${i}-1024x768.jpg`, s.large],
  ]),
  "photos sharded by the first letters of a hash": bucket(300, (i, s) => [
    [`${(i % 16).toString(16)}/${((i * 7) % 256).toString(16)}/IMG_${i}.jpg`, s.original],
    [`${((i + 3) % 16).toString(16)}/${((i * 5) % 256).toString(16)}/IMG_${i}.jpg`, s.large],
  ]),
};

describe("a listing of originals only is kept whole", () => {
  test.each(Object.entries(ONLY_ORIGINALS))("%s", async (_, objects) => {
    const told = await tell(objects, { prove: seeingAll(() => false) });
    expect(told.of("original").length + told.of("sidecar").length, told.report.reason).toBe(objects.length);
  });
});

/** A real service's renditions, with photos among them that only look like some. */
const MIXED: Readonly<Record<string, { make: Make; originals: (i: number) => readonly string[] }>> = {
  "RAW in the folder of the small ones": {
    make: (i, s) => [
      [`original/IMG_${i}.jpg`, s.original],
      [`small/IMG_${i}.${i % 5 === 0 ? "NEF" : "jpg"}`, s.thumb],
      [`large/IMG_${i}.jpg`, s.large],
    ],
    originals: (i) => [`original/IMG_${i}.jpg`, ...(i % 5 === 0 ? [`small/IMG_${i}.NEF`] : [])],
  },
  "the moving half of a live photo among the large ones": {
    make: (i, s) => [
      [`original/IMG_${i}.HEIC`, s.original],
      [`large/IMG_${i}.jpg`, s.large],
      [`large/IMG_${i}.MOV`, s.original - 1],
    ],
    originals: (i) => [`original/IMG_${i}.HEIC`, `large/IMG_${i}.MOV`],
  },
  "a user's album called large": {
    make: (i, s) => {
      const album = ["large", "tile", "rome"][i % 3] ?? "";
      return [
        [`original/${album}/IMG_${i}.jpg`, s.original],
        [`large/${album}/IMG_${i}.jpg`, s.large],
        [`tile/${album}/IMG_${i}.jpg`, s.thumb],
      ];
    },
    originals: (i) => [`original/${["large", "tile", "rome"][i % 3]}/IMG_${i}.jpg`],
  },
  "a user's album called original, below the sizes": {
    make: (i, s) => {
      const album = ["original", "large", "rome"][i % 3] ?? "";
      return [
        [`${album}/original/IMG_${i}.jpg`, s.original],
        [`${album}/large/IMG_${i}.jpg`, s.large],
        [`${album}/tile/IMG_${i}.jpg`, s.thumb],
      ];
    },
    originals: (i) => [`${["original", "large", "rome"][i % 3]}/original/IMG_${i}.jpg`],
  },
  "PNG originals whose JPEG copy is larger": {
    make: (i, s) => [
      [`a/IMG_${i}.${i % 50 === 0 ? "png" : "jpg"}`, i % 50 === 0 ? s.thumb : s.original],
      [`a/IMG_${i}_preview.jpg`, i % 50 === 0 ? s.large : Math.min(s.large, s.original - 1)],
      [`a/IMG_${i}_thumb.jpg`, Math.min(s.thumb, 9000)],
    ],
    originals: (i) => (i % 50 === 0 ? [`a/IMG_${i}.png`, `a/IMG_${i}_preview.jpg`] : [`a/IMG_${i}.jpg`]),
  },
  "originals smaller than every rendition, in a folder of their own": {
    make: (i, s) => [
      [`original/IMG_${i}.jpg`, i % 20 === 0 ? 4000 : s.original],
      [`large/IMG_${i}.jpg`, s.large],
      [`tile/IMG_${i}.jpg`, s.thumb],
    ],
    originals: (i) => [`original/IMG_${i}.jpg`, ...(i % 20 === 0 ? [`large/IMG_${i}.jpg`, `tile/IMG_${i}.jpg`] : [])],
  },
  "a banner with a size in its name among real sizes": {
    make: (i, s) => [
      [`a/IMG_${i}.jpg`, Math.max(s.original, 500_000)],
      [`a/IMG_${i}_200x200.jpg`, s.thumb],
      ...(i % 20 === 0 ? [[`ads/banner${i}_300x250.png`, 40_000] as const] : []),
    ],
    originals: (i) => [`a/IMG_${i}.jpg`, ...(i % 20 === 0 ? [`ads/banner${i}_300x250.png`] : [])],
  },
  "names that are composed here and decomposed there, in other cases": {
    make: (i, s) => [
      [`original/caf\u00e9_${i}.JPG`, s.original],
      [`large/cafe\u0301_${i}.jpg`, s.large],
      [`tile/CAF\u00c9_${i}.jpg`, s.thumb],
    ],
    originals: (i) => [`original/caf\u00e9_${i}.JPG`],
  },
  "a panorama beside its tiles": {
    make: (i, s) => [
      [`pano/DSC_${i % 3}.tif`, 90_000_000],
      [`pano/DSC_${i % 3}_files/12/${i % 8}_${Math.floor(i / 8)}.jpeg`, s.thumb],
      [`pano/lost_files/12/${i % 8}_${Math.floor(i / 8)}.jpeg`, s.thumb],
    ],
    // A tile shows a part, which a detail does, too: they are skipped where the layout is named.
    originals: (i) => [
      `pano/DSC_${i % 3}.tif`,
      `pano/DSC_${i % 3}_files/12/${i % 8}_${Math.floor(i / 8)}.jpeg`,
      `pano/lost_files/12/${i % 8}_${Math.floor(i / 8)}.jpeg`,
    ],
  },
  "RAW and JPEG that share one thumbnail": {
    make: (i, s) => [
      [`a/IMG_${i}.NEF`, s.original * 6],
      [`a/IMG_${i}.JPG`, s.original],
      [`a/thumbs/IMG_${i}.jpg`, s.thumb],
    ],
    originals: (i) => [`a/IMG_${i}.NEF`, `a/IMG_${i}.JPG`],
  },
  "copies that are the very same bytes": {
    make: (i, s) => [
      [`original/IMG_${i}.jpg`, s.original],
      [`large/IMG_${i}.jpg`, i % 2 === 0 ? s.original : s.large],
    ],
    originals: (i) => [`original/IMG_${i}.jpg`],
  },
};

describe("among real renditions, what only looks like one is kept, and the renditions are told", () => {
  test.each(Object.entries(MIXED))("%s", async (_, { make, originals }) => {
    const n = 150;
    const objects = bucket(n, make).map((object) => ({ ...object, etag: String(object.size) }));
    const told = await tell(objects);
    const kept = new Set(told.of("original"));
    const expected = [...new Set(Array.from({ length: n }, (__, i) => originals(i)).flat())];
    expect(expected.filter((key) => !kept.has(key))).toEqual([]);
    expect(kept.size, told.report.reason).toBeLessThanOrEqual(expected.length + n * 0.05);
  });
});

test("what looks like renditions and is not proved is named as a suspect, with what would skip it", async () => {
  const objects = ONLY_ORIGINALS["somebody's web exports of every photo"] ?? [];
  const told = await tell(objects, { prove: seeingAll(() => false) });
  const [suspect] = told.report.suspects;
  expect(suspect).toMatchObject({ family: "web", keys: 600, option: "--exclude 'web/**/*'" });
  expect(suspect?.bytes).toBeGreaterThan(0);
});

test("the service changed its scheme: both halves are told", async () => {
  const old = bucket(150, (i, s) => [
    [`old/${i}/IMG.jpg`, s.original + 500_000],
    [`old/${i}/IMG_thumb.jpg`, s.thumb],
  ]);
  const young = bucket(
    150,
    (i, s) => [
      [`original/IMG_${i}.jpg`, s.original],
      [`tile/IMG_${i}.jpg`, s.thumb],
    ],
    2,
  );
  const told = await tell([...old, ...young]);
  expect(told.of("original")).toHaveLength(300);
});
