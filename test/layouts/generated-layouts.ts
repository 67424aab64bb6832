/**
 * Buckets as services of many kinds lay them out, made from a list of photos: for each photo its keys, and of each
 * key what it was made from and how. The structures are those of real products and of home-grown ones; none of them
 * is told to the program. The pictures are another matter: whoever needs them makes them from `copy`.
 */

import { createHash } from "node:crypto";

/** A photo before any service had it. */
export interface Photo {
  /** 0, 1, 2, … */
  readonly n: number;
  /** Without extension: "IMG_0042", "Sommer am See 42". */
  readonly name: string;
  /** Without the dot. */
  readonly extension: string;
  readonly year: string;
  readonly month: string;
}

/** How a copy was made: fitted into a square of so many pixels, cut to a shape, or cut square. */
export type Copy =
  | { readonly how: "fit"; readonly pixels: number }
  | { readonly how: "cut"; readonly width: number; readonly height: number };

export interface Made {
  readonly key: string;
  /** The key of what it was made from; null where it is an original. */
  readonly original: string | null;
  /** null where it is an original. */
  readonly copy: Copy | null;
  /** What an original shows, and in how many megapixels: equal words, the same picture. */
  readonly shows: string;
  readonly megapixels: number;
}

/** All keys of one photo. */
export type Layout = (photo: Photo) => Made[];

/** Photos as people name them, with the years and months in which they were taken. */
export function somePhotos(count: number): Photo[] {
  return Array.from({ length: count }, (_, n) => ({
    n,
    name: NAMES[n % NAMES.length]?.(n) ?? "",
    extension: n % 11 === 0 ? "png" : "jpg",
    year: String(2015 + (n % 8)),
    month: String(1 + (n % 12)).padStart(2, "0"),
  }));
}

/** Bytes as a camera or a service would need them; the same photo has the same detail in every copy. */
export function bytesOf({ copy, shows, megapixels }: Made): number {
  const detail = 0.6 + (digest(shows, "detail")[0] ?? 0) / 200;
  if (copy === null) {
    const quality = 0.8 + (digest(shows, "quality")[2] ?? 0) / 640;
    return Math.round(megapixels * 290_000 * detail * quality);
  }
  const pixels = copy.how === "fit" ? copy.pixels * copy.pixels * 0.75 : copy.width * copy.height * 1.1;
  return Math.round(900 + pixels * 0.21 * detail);
}

const NAMES: readonly ((n: number) => string)[] = [
  (n) => `IMG_${String(1000 + n)}`,
  (n) => `DSC0${String(4000 + n)}`,
  (n) => `Sommer am See ${n}`,
  (n) => `P10${String(20000 + n)}`,
  (n) => `2019-07-${String((n % 28) + 1).padStart(2, "0")} ${String(n).padStart(2, "0")}.14.02`,
  (n) => `hochzeit-anna-und-tom-${n}`,
];

function digest(n: number | string, salt: string): Buffer {
  return createHash("sha1").update(`${salt} ${n}`).digest();
}

function hex(n: number, salt: string, length: number): string {
  return digest(n, salt).toString("hex").slice(0, length);
}

function uuid(n: number, salt: string): string {
  const h = hex(n, salt, 32);
  return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), hex(n, `${salt}.`, 12)].join("-");
}

/** Eleven letters and digits, as short links have them. */
function code(n: number, salt: string): string {
  return `${digest(n, salt).toString("base64").replaceAll(/[+/=]/g, "x").slice(0, 9)}7q`;
}

const within = (pixels: number): Copy => ({ how: "fit", pixels });
const cut = (width: number, height: number): Copy => ({ how: "cut", width, height });

/** A photo whose original is this key, with its copies. */
function photo(original: string, copies: Readonly<Record<string, Copy>>): Made[] {
  const megapixels = 8 + ((digest(original, "size")[1] ?? 0) % 16);
  return [
    { key: original, original: null, copy: null, shows: original, megapixels },
    ...Object.entries(copies).map(([key, copy]) => ({
      key,
      original,
      copy,
      shows: original,
      megapixels: 0,
    })),
  ];
}

const file = ({ name, extension }: Photo) => `${name}.${extension}`;

/** Buckets in which everything but the originals was made from them. */
export const RENDITION_LAYOUTS: Readonly<Record<string, Layout>> = {
  "words before the name": (p) =>
    photo(`${p.year}/${file(p)}`, {
      [`${p.year}/thumb_small_${p.name}.jpg`]: within(160),
      [`${p.year}/thumb_large_${p.name}.jpg`]: within(640),
    }),
  "a shop's words after a number": (p) => {
    const id = String(100 + p.n);
    const folder = `img/p/${id.split("").join("/")}`;
    return photo(`${folder}/${id}.jpg`, {
      [`${folder}/${id}-home_default.jpg`]: cut(250, 250),
      [`${folder}/${id}-small_default.jpg`]: cut(98, 98),
      [`${folder}/${id}-large_default.jpg`]: cut(800, 800),
      [`${folder}/${id}-thickbox_default.webp`]: cut(1100, 1100),
    });
  },
  "a name and a hash in a folder of its own, the original anywhere": (p) => {
    const h = hex(p.n, "csm", 10);
    return photo(`fileadmin/user_upload/${p.year}/trip-${p.n % 7}/${file(p)}`, {
      [`fileadmin/_processed_/${h[0]}/${h[1]}/csm_${p.name}_${h}.${p.extension}`]: within(600),
      [`fileadmin/_processed_/${h[2]}/${h[3]}/preview_${p.name}_${hex(p.n, "pre", 10)}.png`]: within(64),
    });
  },
  "a UUID before the hash of the photo": (p) => {
    const sha = hex(p.n, "sha", 40);
    return photo(`photos/${sha}.jpg`, {
      [`derived/${uuid(p.n, "a")}__${sha}.jpg`]: within(1024),
    });
  },
  "an encyclopaedia's shards, name as a folder, width in the name": (p) => {
    const h = hex(p.n, "md5", 2);
    const name = file(p).replaceAll(" ", "_");
    const at = `${h[0]}/${h}`;
    return photo(`images/${at}/${name}`, {
      [`images/thumb/${at}/${name}/120px-${name}`]: within(120),
      [`images/thumb/${at}/${name}/800px-${name}`]: within(800),
    });
  },
  "a hidden folder of names": (p) =>
    photo(`uploads/gallery/${p.year}/${file(p)}`, {
      [`uploads/gallery/${p.year}/.thumbnails/${file(p)}/${p.name}-75x75.jpg`]: cut(75, 75),
      [`uploads/gallery/${p.year}/.thumbnails/${file(p)}/${p.name}-480x320.jpg`]: cut(480, 320),
    }),
  "a cache of hashes below the name": (p) =>
    photo(`media/photos/${file(p)}`, {
      [`media/CACHE/images/photos/${p.name}/${hex(p.n, "c1", 32)}.jpg`]: cut(100, 50),
      [`media/CACHE/images/photos/${p.name}/${hex(p.n, "c2", 32)}.jpg`]: within(800),
    }),
  "a chat's thumbnails: realm, random folders, name, size": (p) => {
    const at = `2/${hex(p.n, "z", 2)}/${code(p.n, "zz")}/${file(p)}`;
    return photo(at, {
      [`thumbnail/${at}/840x560.webp`]: within(840),
      [`thumbnail/${at}/300x200.webp`]: within(300),
    });
  },
  "styles of a content system": (p) => {
    const at = `${p.year}-${p.month}/${file(p)}`;
    return photo(`sites/default/files/${at}`, {
      [`sites/default/files/styles/thumbnail/public/${at}`]: within(100),
      [`sites/default/files/styles/large/public/${at}`]: within(480),
      [`sites/default/files/styles/max_1300x1300/public/${at}.webp`]: within(1300),
    });
  },
  "another root and a filter's hash": (p) => {
    const name = p.name.replaceAll(" ", "_");
    return photo(`original_images/${name}.${p.extension}`, {
      [`images/${name}.width-800.${p.extension}`]: within(800),
      [`images/${name}.max-165x165.${p.extension}`]: within(165),
      [`images/${name}.${hex(p.n % 5, "focal", 8)}.fill-300x200.${p.extension}`]: cut(300, 200),
    });
  },
  "a cache of filters": (p) =>
    photo(`uploads/images/${p.year}/${file(p)}`, {
      [`media/cache/my_thumb/uploads/images/${p.year}/${file(p)}`]: cut(120, 90),
      [`media/cache/squared_thumbnail_small/uploads/images/${p.year}/${file(p)}`]: cut(200, 200),
    }),
  "crops in folders and names": (p) =>
    photo(`${p.year}/${p.month}/${file(p)}`, {
      [`${p.year}/${p.month}/crops/${p.name}.crop_display.jpg`]: cut(400, 300),
      [`${p.year}/${p.month}/crops/${p.name}.crop_square_c-${p.n % 90}-${p.n % 70}.jpg`]: cut(300, 300),
    }),
  "fullsize as a copy": (p) => {
    const id = uuid(p.n, "asset");
    return photo(`upload/library/${id.slice(0, 2)}/${id}.${p.extension}`, {
      [`upload/thumbs/${id.slice(0, 2)}/${id}-fullsize.jpeg`]: within(1600),
      [`upload/thumbs/${id.slice(0, 2)}/${id}-preview.jpeg`]: within(1000),
    });
  },
  "a folder of each photo with set names": (p) =>
    photo(`p/${code(p.n, "id")}/original.${p.extension}`, {
      [`p/${code(p.n, "id")}/l.jpg`]: within(1024),
      [`p/${code(p.n, "id")}/m.jpg`]: within(480),
      [`p/${code(p.n, "id")}/sq.jpg`]: cut(150, 150),
    }),
  "a folder of each photo, copies one folder deeper": (p) =>
    photo(`assets/${hex(p.n, "a", 24)}/source_file.${p.extension}`, {
      [`assets/${hex(p.n, "a", 24)}/derived/w800.webp`]: within(800),
      [`assets/${hex(p.n, "a", 24)}/derived/w200.webp`]: within(200),
    }),
  "a folder of each photo, each file with its own hash": (p) =>
    photo(`photo/${1000 + p.n}/image/${hex(p.n, "o", 32)}.${p.extension}`, {
      [`photo/${1000 + p.n}/image/thumb_small-${hex(p.n, "t", 32)}.jpg`]: within(200),
      [`photo/${1000 + p.n}/image/display-${hex(p.n, "d", 32)}.jpg`]: within(1200),
    }),
  "albums that all count from one": (p) => {
    const album = `album${Math.floor(p.n / 12)}`;
    const name = String((p.n % 12) + 1).padStart(3, "0");
    return photo(`${album}/${name}.jpg`, {
      [`${album}/web_gallery_${name}.jpg`]: within(1200),
      [`${album}/web_thumbs_${name}.jpg`]: within(140),
    });
  },
  "a hash put in between the folders": (p) => {
    const at = `${p.name[0]}/${p.name[1]}/${p.name.replaceAll(" ", "_").toLowerCase()}.jpg`;
    return photo(`catalog/product/${at}`, {
      [`catalog/product/cache/${hex(1, "m", 32)}/${at}`]: cut(240, 300),
      [`catalog/product/cache/${hex(2, "m", 32)}/${at}`]: cut(700, 700),
    });
  },
  "size and quality appended to the whole name": (p) =>
    photo(`media/${p.year}/${file(p)}`, {
      [`media/${p.year}/${file(p)}.200x200_q85_crop-smart.jpg`]: cut(200, 200),
      [`media/${p.year}/${file(p)}.1200x0_q90.jpg`]: within(1200),
    }),
  "original before the name, several words before the copies": (p) =>
    photo(`gallery/${p.month}/orig_${file(p)}`, {
      [`gallery/${p.month}/web_view_${p.name}.jpg`]: within(1000),
      [`gallery/${p.month}/mini_thumb_${p.name}.jpg`]: within(90),
    }),
  "a key and a width of a resizing proxy": (p) =>
    photo(`originals/${p.year}/${file(p)}`, {
      [`resized/fit-in/600x600/filters_quality_80/${p.year}/${file(p)}`]: within(600),
      [`resized/fit-in/1600x1600/filters_quality_80/${p.year}/${file(p)}`]: within(1600),
    }),
  "user, photo, version": (p) => {
    const at = `users/${1 + (p.n % 9)}/photos/${5000 + p.n}`;
    return photo(`${at}/master/${file(p)}`, {
      [`${at}/versions/web_large/${p.name}.jpg`]: within(1280),
      [`${at}/versions/grid_tile/${p.name}.jpg`]: cut(260, 260),
    });
  },
  "dated folders on one side only": (p) =>
    photo(`archive/${p.year}/${p.month}/${file(p)}`, {
      [`previews/${p.name}_prv_lo.jpg`]: within(700),
    }),
  "two renditions of which one names the other": (p) =>
    photo(`${p.year}/${file(p)}`, {
      [`${p.year}/${p.name}_thumb.jpg`]: within(400),
      [`${p.year}/${p.name}_thumb_small.jpg`]: within(100),
    }),
  "a video site's dated names": (p) => {
    const id = code(p.n, "v");
    return photo(`o/${p.year}${p.month}/${id}.jpg`, {
      [`w/2048/${p.year}${p.month}/${id}.jpg`]: within(1400),
      [`w/640/${p.year}${p.month}/${id}.jpg`]: within(640),
      [`sq/${p.year}${p.month}/${id}_150.jpg`]: cut(150, 150),
    });
  },
  "retina and plain": (p) =>
    photo(`shots/${file(p)}`, {
      [`shots/sized/${p.name}-card@1x.jpg`]: within(360),
      [`shots/sized/${p.name}-card@2x.jpg`]: within(720),
      [`shots/sized/${p.name}-hero@2x.webp`]: within(1500),
    }),
  "all at the root": (p) =>
    photo(`${hex(p.n, "root", 32)}.${p.extension}`, {
      [`${hex(p.n, "root", 32)}_tn_med.jpg`]: within(320),
      [`${hex(p.n, "root", 32)}_tn_lrg.jpg`]: within(1000),
    }),
  "one word and one folder": (p) =>
    photo(`original/${p.year}/${file(p)}`, {
      [`large/${p.year}/${file(p)}`]: within(1024),
      [`tile/${p.year}/${p.name}.jpg`]: cut(200, 200),
    }),
};
