import { describe, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import { findLayout } from "../../src/layouts/all.ts";
import { bucket, listed, type Sizes, seeingAll, tell } from "./listing-rig.ts";

type Make = (i: number, sizes: Sizes) => readonly (readonly [key: string, size: number])[];

/** Each photo three times; the first key is the original. */
const NAMED: Readonly<Record<string, Make>> = {
  "a directory first": (i, s) => [
    [`original/2012/IMG_${i}.jpg`, s.original],
    [`large/2012/IMG_${i}.jpg`, s.large],
    [`tile/2012/IMG_${i}.jpg`, s.thumb],
  ],
  "a directory in the middle": (i, s) => [
    [`users/${i % 7}/originals/IMG_${i}.HEIC`, s.original],
    [`users/${i % 7}/large/IMG_${i}.jpg`, s.large],
    [`users/${i % 7}/thumbnails/IMG_${i}.jpg`, s.thumb],
  ],
  "a directory last": (i, s) => [
    [`album ${i % 5}/${i % 3}/full/IMG_${i}.jpg`, s.original],
    [`album ${i % 5}/${i % 3}/medium/IMG_${i}.jpg`, s.large],
    [`album ${i % 5}/${i % 3}/small/IMG_${i}.jpg`, s.thumb],
  ],
  "a suffix": (i, s) => [
    [`2012/IMG_${i}.jpg`, s.original],
    [`2012/IMG_${i}_large.jpg`, s.large],
    [`2012/IMG_${i}_thumb.jpg`, s.thumb],
  ],
  "a suffix on all": (i, s) => [
    [`2012/IMG_${i}-original.png`, s.original],
    [`2012/IMG_${i}-large.jpg`, s.large],
    [`2012/IMG_${i}-tile.jpg`, s.thumb],
  ],
  "a prefix": (i, s) => [
    [`2012/IMG_${i}.jpg`, s.original],
    [`2012/large_IMG_${i}.jpg`, s.large],
    [`2012/thumb_IMG_${i}.jpg`, s.thumb],
  ],
  "the whole name": (i, s) => [
    [`photos/${i}/original.jpg`, s.original],
    [`photos/${i}/large.jpg`, s.large],
    [`photos/${i}/square.jpg`, s.thumb],
  ],
  "a directory and a suffix": (i, s) => [
    [`2012/IMG_${i}.jpg`, s.original],
    [`thumbs/2012/IMG_${i}_thumb.jpg`, s.thumb],
    [`previews/2012/IMG_${i}_preview.jpg`, s.large],
  ],
  "a directory for the renditions only": (i, s) => [
    [`photos/2012/IMG_${i}.jpg`, s.original],
    [`thumbs/2012/IMG_${i}.jpg`, s.thumb],
    [`previews/2012/IMG_${i}.jpg`, s.large],
  ],
  "directories by pixels": (i, s) => [
    [`original/p${i}.jpg`, s.original],
    [`1900/p${i}.jpg`, s.large],
    [`400/p${i}.jpg`, s.thumb],
  ],
  "sizes in pixels": (i, s) => [
    [`2012/IMG_${i}.jpg`, s.original],
    [`2012/IMG_${i}_1024x683.jpg`, s.large],
    [`2012/IMG_${i}_150x150.jpg`, s.thumb],
  ],
};

describe.each([3, 66, 400])("of %i photos, each three times, the names say which", (n) => {
  test.each(Object.entries(NAMED))("%s", async (_, make) => {
    const objects = bucket(n, make);
    const told = await tell(objects);
    const kept = new Set(told.of("original"));
    for (let i = 0; i < objects.length; i += 3) {
      const [original, ...renditions] = objects.slice(i, i + 3);
      if (original === undefined) throw new Error("three each");
      expect(kept.delete(original.key), original.key).toBe(true);
      for (const { key, size } of renditions) if (size >= original.size) kept.delete(key);
    }
    expect([...kept]).toEqual([]);
    expect(told.fallbacks).toEqual([]);
    expect(new Set([...told.objects.values()].map(({ stem }) => stem)).size).toBe(n);
  });
});

test("sizes that prove nothing do not matter where the names say original, large and tile", async () => {
  const told = await tell(
    bucket(50, (i) => [
      [`original/${i}.jpg`, 5000 + ((i * 37) % 900)],
      [`large/${i}.jpg`, 4500 + ((i * 91) % 900)],
      [`tile/${i}.jpg`, 700],
    ]),
  );
  const kept = told.of("original").filter((key) => !key.startsWith("large/"));
  expect(kept).toHaveLength(50);
});

test("where an original is missing, the best rendition stands in, and only it", async () => {
  const objects = bucket(40, NAMED["a directory first"] ?? (() => [])).filter(
    ({ key }) => !/^original.*IMG_(7|8)\.jpg/.test(key),
  );
  const told = await tell(objects);
  expect(told.fallbacks).toEqual(["large/2012/IMG_7.jpg", "large/2012/IMG_8.jpg"]);
  expect(told.of("original")).toHaveLength(38);
});

test("many originals may be missing where large and tile are there together", async () => {
  const objects = bucket(100, NAMED["a directory first"] ?? (() => [])).filter(
    ({ key }) => !(key.startsWith("original/") && Number(/(\d+)\.jpg/.exec(key)?.[1]) % 2 === 0),
  );
  const told = await tell(objects);
  expect(told.of("original")).toHaveLength(50);
  expect(told.fallbacks).toHaveLength(50);
  expect(told.fallbacks.every((key) => key.startsWith("large/"))).toBe(true);
});

test("an original of no bytes, or an error page in its place, counts as missing", async () => {
  const objects = bucket(40, NAMED["a directory first"] ?? (() => [])).map((object) => {
    if (object.key === "original/2012/IMG_3.jpg") return { ...object, size: 0 };
    if (object.key === "original/2012/IMG_4.jpg") return { ...object, size: 312 };
    return object;
  });
  const told = await tell(objects);
  expect(told.fallbacks).toEqual(["large/2012/IMG_3.jpg", "large/2012/IMG_4.jpg"]);
  expect(told.objects.get("original/2012/IMG_3.jpg")).toMatchObject({ kind: "original" });
  expect(told.objects.get("original/2012/IMG_4.jpg")?.reason).toContain("312 bytes are no photo");
});

test("an original is an alternative only where a truer one is listed", async () => {
  const lychee = findLayout("lychee");
  if (lychee === null) throw new Error("no such layout");
  const id = (i: number) => `3f/a1/${String(i).padStart(28, "0")}`;
  const told = await tell(
    [
      listed(`original/${id(1)}.jpg`, 5000),
      listed(`raw/${id(2)}.nef`, 90_000),
      listed(`original/${id(2)}.jpg`, 5000),
      listed(`raw/${id(3)}.nef`, 0),
      listed(`original/${id(3)}.jpg`, 5000),
    ],
    { layout: lychee },
  );
  const ranks = [1, 2, 3].map((i) => told.objects.get(`original/${id(i)}.jpg`)?.rank);
  expect(ranks).toEqual([0, 2, 0]);
  expect(told.objects.get(`raw/${id(2)}.nef`)?.rank).toBe(0);
});

test("sidecars, litter and folder markers are told, with a reason", async () => {
  const told = await tell(
    [
      listed("a/", 0),
      listed("a/.DS_Store", 6148),
      listed("a/IMG_1.jpg", 3_000_000),
      listed("a/IMG_1.jpg.xmp", 900),
      listed("a/IMG_1.AAE", 900),
      listed("a/IMG_1.mov", 2_000_000),
      listed("a/@eaDir/IMG_1.jpg/SYNOPHOTO_THUMB_XL.jpg", 100_000),
      listed("b/", 12),
    ],
    { prove: seeingAll(() => true) },
  );
  expect(told.of("other")).toEqual(["a/", "a/.DS_Store"]);
  expect(told.of("sidecar")).toEqual(["a/IMG_1.AAE", "a/IMG_1.jpg.xmp"]);
  expect(told.of("rendition")).toEqual(["a/@eaDir/IMG_1.jpg/SYNOPHOTO_THUMB_XL.jpg"]);
  const stems = ["a/IMG_1.jpg", "a/IMG_1.jpg.xmp", "a/IMG_1.AAE", "a/IMG_1.mov"].map(
    (key) => told.objects.get(key)?.stem,
  );
  expect(new Set(stems)).toEqual(new Set(["a/img_1"]));
  for (const { reason } of told.objects.values()) expect(reason).not.toBe("");
});

describe("what was decided stays decided", () => {
  const make = NAMED["a directory first"] ?? (() => []);
  const first = bucket(40, make);

  test("new keys are told by the layout of the first run", async () => {
    const more = [...first, listed("large/2019/lone.jpg", first[1]?.size ?? 0), listed("original/2019/new.jpg", 9_000)];
    const told = await tell([first, more]);
    expect(told.objects.get("original/2019/new.jpg")?.kind).toBe("original");
    expect(told.fallbacks).toEqual(["large/2019/lone.jpg"]);
    expect(told.events.filter(({ type }) => type === "warning")).toEqual([]);
  });

  test("where an original was written over by a smaller photo, its rendition may be all that is left", async () => {
    const [original, rendition] = first;
    if (original === undefined || rendition === undefined) throw new Error("no photos");
    const other = listed(original.key, Math.round(rendition.size / 2));
    const told = await tell([first, [other, ...first.slice(1)]]);
    expect(told.objects.get(other.key)?.kind).toBe("original");
    expect(told.objects.get(rendition.key)?.kind).toBe("original");
    expect(told.of("original").filter((key) => !key.includes("IMG_0."))).toHaveLength(39);
  });

  test("a listing that would be judged otherwise is warned of, and changes nothing", async () => {
    const other = bucket(40, (i, s) => [
      [`2020/IMG_${i}.jpg`, s.original],
      [`2020/IMG_${i}_thumb.jpg`, s.thumb],
    ]);
    const told = await tell([first, [...first, ...other]]);
    expect(told.of("original")).toHaveLength(40 + 80);
    expect(told.events).toContainEqual(expect.objectContaining({ type: "warning", code: "layout-drift" }));
  });

  test("nothing is remembered while nothing is proved", async () => {
    const told = await tell([[listed("original/2012/IMG_0.jpg", 1_000_000)], first]);
    expect(told.of("rendition")).toHaveLength(80);
  });

  test("the user's word changes it, and says so", async () => {
    const lychee = findLayout("lychee");
    if (lychee === null) throw new Error("no such layout");
    const auto = await tell(first);
    expect(auto.of("original")).toHaveLength(40);
    const told = await tell(first, { layout: lychee });
    expect(told.of("original")).toHaveLength(120);
    expect(told.report).toMatchObject({ name: "lychee", reason: "named with --layout" });
    expect(told.report.notes.join()).toContain("byte-exact");
  });
});

test("a run that is cut anywhere leaves nothing undecided for the next one", async () => {
  const objects = bucket(300, (i, s) => [
    [`a/IMG_${i}.${i % 100 === 7 ? "png" : "jpg"}`, i % 100 === 7 ? 6000 : s.original + s.large],
    [`a/IMG_${i}_preview.jpg`, s.large],
    [`a/IMG_${i}_thumb.jpg`, Math.min(s.thumb, 5000)],
  ]);
  const whole = await tell(objects);
  // Of the three whose original is the smaller file, both copies come home.
  expect(whole.of("original")).toHaveLength(306);
  const settings = ["get", "set"].map((name) => `settings.${name}`);
  const listing = ["classify", "declassify", "siblings", "find", "families"].map((name) => `listing.${name}`);
  const calls = [...settings, ...listing];
  for (const call of calls) {
    for (const nth of [1, 2, 3]) {
      const told = await tell([objects, objects], {}, { call, nth });
      expect(told.of("original"), `cut at ${call} ${nth}`).toEqual(whole.of("original"));
    }
  }
});

test("a stop is heard", async () => {
  const stop = new AbortController();
  stop.abort();
  const failed = tell([listed("a.jpg", 1)], { signal: stop.signal });
  await expect(failed).rejects.toBeInstanceOf(HaulError);
  await expect(failed).rejects.toMatchObject({ code: "interrupted" });
});
