import { describe, expect, test } from "vitest";
import { allLayouts, findLayout } from "../../src/layouts/all.ts";
import type { Layout } from "../../src/layouts/layout.ts";
import type { Listed } from "../../src/model.ts";
import { classify } from "../../src/originals/classify.ts";
import { chooseKnown, JoinCount, suitorsOf } from "../../src/originals/detect-layout.ts";

function listed(key: string, size = 1000): Listed {
  return { key, size, etag: key, modified: "2020-01-01T00:00:00.000Z", storageClass: "STANDARD" };
}

function detect(objects: readonly Listed[], known = allLayouts()) {
  const suitors = suitorsOf(objects, 1, known).map((suitor) => {
    const count = new JoinCount(suitor.layout);
    for (const object of objects) count.add(object);
    return { suitor, joined: count.joined };
  });
  return chooseKnown(suitors, objects);
}

/** The examples of a layout, in sixty folders. */
function bucketOf(layout: Layout): Listed[] {
  const keys = [...layout.originals, ...layout.renditions].flatMap(({ examples }) => examples);
  return Array.from({ length: 60 }, (_, i) => keys.map((key) => listed(`box${i}/${key}`))).flat();
}

describe("no bucket is taken for another service's to the loss of an original", () => {
  test.each(allLayouts())("$id", (layout) => {
    const objects = bucketOf(layout);
    const { layout: chosen } = detect(objects);
    if (chosen === null) return;
    for (const object of objects) {
      if (classify(object, chosen).kind !== "rendition") continue;
      expect(classify(object, layout).kind, `${object.key}, by ${chosen.id}`).toBe("rendition");
    }
  });
});

function bucket(make: (i: number) => readonly string[], n = 100): Listed[] {
  return Array.from({ length: n }, (_, i) => make(i).map((key) => listed(key))).flat();
}

function hex(i: number, length: number): string {
  return ((i + 1) * 2654435761).toString(16).repeat(5).slice(0, length);
}

/** Buckets as the services make them: an original, and what is made of it. */
const BUCKETS: Readonly<Record<string, (i: number) => readonly string[]>> = {
  lychee: (i) => {
    const id = `${hex(i, 2)}/${hex(i, 4).slice(2)}/${hex(i, 28)}`;
    return [`original/${id}.jpg`, `medium/${id}.jpg`, `thumb/${id}.jpeg`];
  },
  mastodon: (i) => {
    const id = `110/711/852/236/806/${String(i).padStart(3, "0")}`;
    const of = (style: string) => `media_attachments/files/${id}/${style}/${hex(i, 16)}.jpeg`;
    return [of("original"), of("small")];
  },
  paperclip: (i) => {
    const id = `000/001/${String(i).padStart(3, "0")}`;
    return ["original", "medium", "thumb"].map((s) => `photos/images/${id}/${s}/IMG_${i}.JPG`);
  },
  wordpress: (i) => {
    const stem = `wp-content/uploads/2023/07/IMG_${i}`;
    return [`${stem}.jpg`, `${stem}-150x150.jpg`, `${stem}-1024x683.jpg`];
  },
  discourse: (i) => {
    const sha = hex(i, 40);
    const dir = `3X/${sha[0]}/${sha[1]}`;
    return [`original/${dir}/${sha}.png`, `optimized/${dir}/${sha}_2_690x388.png`];
  },
  piwigo: (i) => {
    const id = `upload/2017/06/11/201706110840${String(i % 60).padStart(2, "0")}-${hex(i, 8)}`;
    return [`${id}.jpg`, `_data/i/${id}-sq.jpg`, `_data/i/${id}-la.jpg`];
  },
  "spatie-medialibrary": (i) => [
    `${i}/IMG_${i}.jpg`,
    `${i}/conversions/IMG_${i}-thumb.jpg`,
    `${i}/conversions/IMG_${i}-preview.jpg`,
  ],
  "easy-thumbnails": (i) => [
    `photos/IMG_${i}.jpg`,
    `photos/IMG_${i}.jpg.100x100_q85_crop.jpg`,
    `photos/IMG_${i}.jpg.800x0_q85.jpg`,
  ],
  zenphoto: (i) => [`albums/Rome/IMG_${i}.JPG`, `cache/Rome/IMG_${i}_595.jpg`],
};

describe("a bucket of this service is known by its keys", () => {
  test.each(Object.entries(BUCKETS))("%s", (id, make) => {
    const { layout, reason } = detect(bucket(make));
    expect(`${layout?.id}`, reason).toBe(id);
  });
});

test("originals that are not there leave the choice to the user", () => {
  const renditions = bucket((i) => BUCKETS.lychee?.(i).slice(1) ?? []);
  const { layout, onWord } = detect(renditions);
  expect(layout).toBeNull();
  expect(onWord.map(({ suitor }) => suitor.layout.id)).toContain("lychee");
});

test("a layout whose renditions lead to no original is never chosen without the user's word", () => {
  const owner = "3d1e2f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f";
  const { layout, onWord } = detect(
    bucket((i) => {
      const id = `${hex(i, 8)}-21f8-4a66-90dd-14c27e9b0f11`;
      const other = `${hex(i + 7, 8)}-21f8-4a66-90dd-14c27e9b0f22`;
      return [
        `upload/${owner}/9c/4b/${id}.heic`,
        `thumbs/${owner}/11/22/${other}-thumbnail.webp`,
        `thumbs/${owner}/11/22/${other}-preview.jpeg`,
      ];
    }),
  );
  expect(layout).toBeNull();
  expect(onWord.map(({ suitor }) => suitor.layout.id)).toEqual(["immich"]);
});

test("Mastodon's cache of other servers is not Zenphoto's cache of sizes", () => {
  const objects = bucket((i) => (BUCKETS.mastodon?.(i) ?? []).map((key) => `cache/${key}`));
  expect(detect(objects).layout?.id).toBe("mastodon");
  const zenphoto = findLayout("zenphoto");
  expect(zenphoto === null ? [] : detect(objects, [zenphoto]).layout).toBeNull();
});

test("fifty renditions are the least, and other photos may not outnumber them", () => {
  const make = BUCKETS.lychee ?? (() => []);
  expect(detect(bucket(make, 24)).layout).toBeNull();
  expect(detect(bucket(make, 25)).layout?.id).toBe("lychee");
  const others = bucket((i) => Array.from({ length: 3 }, (_, k) => `holiday/IMG_${i}${k}.jpg`));
  expect(detect([...bucket(make), ...others]).layout).toBeNull();
});

test("a count over more stems than fit keeps its share", () => {
  const lychee = findLayout("lychee");
  if (lychee === null) throw new Error("no such layout");
  const count = new JoinCount(lychee);
  for (let i = 0; i < 50_000; i += 1) {
    const id = `${hex(i, 2)}/${hex(i, 2)}/${String(i).padStart(28, "0")}`;
    if (i % 4 > 0) count.add(listed(`original/${id}.jpg`));
    count.add(listed(`thumb/${id}.jpeg`));
  }
  expect(count.joined).toBeGreaterThan(0.73);
  expect(count.joined).toBeLessThan(0.77);
});
