/** Buckets of nothing but originals that look as if some were made from others; what a pair shows is told apart by pixels only. */

import type { Layout, Made } from "./generated-layouts.ts";

/** What a pair shows is another picture, or the same scene taken otherwise ("… detail", "… back"). */
export const ORIGINAL_LAYOUTS: Readonly<Record<string, Layout>> = {
  "prints beside negatives, numbered alike": ({ n }) => [
    shot(`scans/10x15/${pad(n)}.jpg`, 2),
    shot(`scans/negatives/${pad(n)}.jpg`, 20),
  ],
  "film and slides": ({ n }) => [shot(`film/120/${pad(n)}.jpg`, 6), shot(`film/slides/${pad(n)}.jpg`, 22)],
  "a phone's square photos beside its camera": ({ n }) => [
    shot(`phone/square/IMG_${pad(n)}.jpg`, 4),
    shot(`phone/camera/IMG_${pad(n)}.jpg`, 12),
  ],
  "icons of churches beside their frescoes": ({ n }) => [
    shot(`churches/icons/${pad(n)}.jpg`, 5),
    shot(`churches/frescoes/${pad(n)}.jpg`, 24),
  ],
  "x-rays of thumbs beside those of hands": ({ n }) => [
    shot(`xray/thumb/${pad(n)}.png`, 3),
    shot(`xray/hand/${pad(n)}.png`, 12),
  ],
  "a scanner's photo, enhanced photo and back": ({ n }) => [
    shot(`1974/Album_${pad(n)}.jpg`, 12, `${n}`),
    shot(`1974/Album_${pad(n)}_a.jpg`, 12, `${n} enhanced`),
    shot(`1974/Album_${pad(n)}_b.jpg`, 4, `${n} back`),
  ],
  "fronts and backs of postcards": ({ n }) => [
    shot(`cards/card_${pad(n)}_front.jpg`, 14),
    shot(`cards/card_${pad(n)}_back.jpg`, 6),
  ],
  "paintings whole and in detail": ({ n }) => [
    shot(`art/${pad(n)}_full.jpg`, 24),
    shot(`art/${pad(n)}_detail.jpg`, 9, `${n} detail`),
  ],
  "a drone's wide, zoom and thermal photos": ({ n }) => {
    const at = `DCIM/DJI_202405111203${String(n % 60).padStart(2, "0")}_${pad(n)}`;
    return [
      shot(`${at}_WIDE.JPG`, 12),
      shot(`${at}_ZOOM.JPG`, 8, `${n} zoom`),
      shot(`${at}_THRM.JPG`, 0.4, `${n} warmth`),
    ];
  },
  "counters of two cameras, the old one's files far smaller": ({ n }) => [
    shot(`ixus/IMG_${pad(n)}.jpg`, 3),
    shot(`eos/IMG_${pad(n)}.jpg`, 24),
  ],
  "one photo a day and its remake a year later": ({ n }) => [
    shot(`365/2019/day_${pad(n)}.jpg`, 8),
    shot(`365/remake_small_town/day_${pad(n)}.jpg`, 3),
  ],
  "stamps: the sheet, and each stamp in a folder of the sheet's name": ({ n }) => [
    shot(`sheets/sheet${pad(n)}.jpg`, 40),
    shot(`sheets/sheet${pad(n)}/01.jpg`, 2, `${n} stamp one`),
    shot(`sheets/sheet${pad(n)}/02.jpg`, 2, `${n} stamp two`),
  ],
  "herbarium: plant, label and seed": ({ n }) => [
    shot(`herbarium/B${100000 + n}.jpg`, 50),
    shot(`herbarium/B${100000 + n}_label.jpg`, 3),
    shot(`herbarium/B${100000 + n}_seed_macro.jpg`, 8),
  ],
  "houses: rooms under set names": ({ n }) => [
    shot(`houses/${5000 + n}/original.jpg`, 12),
    shot(`houses/${5000 + n}/kitchen.jpg`, 6),
    shot(`houses/${5000 + n}/small.jpg`, 5, `${n} the small room`),
  ],
  "dental: left and right views, with the date after the name": ({ n }) => [
    shot(`patients/p${pad(n)}/2021-03-04.jpg`, 12),
    shot(`patients/p${pad(n)}/2021-03-04_left_view.jpg`, 6),
    shot(`patients/p${pad(n)}/2021-03-04_right_view.jpg`, 6),
  ],
  "a car dealer's large photos and tiles of the workshop's floor": ({ n }) => [
    shot(`cars/large/${pad(n)}.jpg`, 12),
    shot(`cars/tiles/${pad(n)}.jpg`, 3),
  ],
  "microscope: overview and magnifications": ({ n }) => [
    shot(`slide_${pad(n)}.tif`, 30),
    shot(`slide_${pad(n)}_10x.tif`, 12),
    shot(`slide_${pad(n)}_40x.tif`, 12),
  ],
  "right eyes and left eyes": ({ n }) => [shot(`retina/OD/${pad(n)}.jpg`, 9), shot(`retina/OS/${pad(n)}.jpg`, 8)],
};

function pad(n: number): string {
  return String(n + 1).padStart(4, "0");
}

/** An original of its own; where `shows` is not given, it shows what no other does. */
function shot(key: string, megapixels: number, shows = key): Made {
  return { key, original: null, copy: null, shows, megapixels };
}
