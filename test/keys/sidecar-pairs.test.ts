import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairSidecars } from "../../src/keys/sidecar-pairs.ts";
import { sidecarStem, sidecarStems } from "../../src/keys/takeout-name.ts";

const LONG = "Urlaub_auf_der_Insel_mit_der_ganzen_Familie_2012.jpg";
const EMOJI = "😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛😝.jpg";
const DIGITS = "123456789123456789123456789123456789_DSCN0091";
const NFD = "Über_den_Dächern_von_Tübingen_im_schönen_Frühling.jpg".normalize("NFD");

/** [why, photo, its sidecar] */
const PAIRS: readonly (readonly [why: string, photo: string, sidecar: string])[] = [
  ["XMP after the whole name", "IMG_1.jpg", "IMG_1.jpg.xmp"],
  ["XMP after the stem", "IMG_1.jpg", "IMG_1.xmp"],
  ["XMP in capitals", "IMG_1.jpg", "IMG_1.JPG.XMP"],
  ["Apple's edits", "IMG_1.HEIC", "IMG_1.AAE"],
  ["as it was until 2024", "IMG_1.jpg", "IMG_1.jpg.json"],
  ["as it is since", "IMG_1.jpg", "IMG_1.jpg.supplemental-metadata.json"],
  ["in another case", "IMG_1.JPG", "img_1.jpg.json"],
  ["in decomposed Unicode", "Fête.jpg".normalize("NFC"), "Fête.jpg.json".normalize("NFD")],
  ["a twin, counted after the name", "IMG_1(2).jpg", "IMG_1.jpg(2).json"],
  ["so since 2024", "IMG_1(2).jpg", "IMG_1.jpg.supplemental-metadata(2).json"],
  ["counted within it", "IMG_1(2).jpg", "IMG_1(2).jpg.json"],
  ["counted before what is added", "IMG_1(2).jpg", "IMG_1.jpg(2).supplemental-metadata.json"],
  ["without the extension", "scan_0007.jpg", "scan_0007.json"],
  ["so since 2024", "Garden Party.jpg", "Garden Party.supplemental-metadata.json"],
  ["so of a twin", "2013-12-23(1).jpg", "2013-12-23.supplemental-metadata(1).json"],
  ["an edited copy", "IMG_1-edited.jpg", "IMG_1.jpg.json"],
  ["in German", "IMG_1-bearbeitet.jpg", "IMG_1.jpg.supplemental-metadata.json"],
  ["in Spanish, cut", "IMG_1-ha edit.jpg", "IMG_1.jpg.json"],
  ["in Japanese", "IMG_1-編集済み.jpg", "IMG_1.jpg.json"],
  ["in French, decomposed", "IMG_1-modifié.jpg".normalize("NFD"), "IMG_1.jpg.json"],
  ["a counted edited copy", "IMG_1-edited(1).jpg", "IMG_1.jpg(1).json"],
  ["an edited copy, edited again", "IMG_1-edited-effects.jpg", "IMG_1.jpg.json"],
  ["an edited copy of a twin", "IMG_1(1)-edited.jpg", "IMG_1.jpg(1).json"],
  ["an edited copy in another format", "IMG_1-edited.jpg", "IMG_1.HEIC.json"],
  ["a long name, cut to 46 characters", LONG, `${LONG.slice(0, 46)}.json`],
  ["cut in what is added", "Screenshot_20170303-101500.png", "Screenshot_20170303-101500.png.supplemental-me.json"],
  ["cut after one letter of it", `${"x".repeat(40)}.jpg`, `${"x".repeat(40)}.jpg.s.json`],
  ["cut after its dot", `${"x".repeat(41)}.jpg`, `${"x".repeat(41)}.jpg..json`],
  ["cut in the extension", `${"x".repeat(43)}.jpg`, `${"x".repeat(43)}.jp.json`],
  ["cut in the extension, and added to", `${DIGITS}.JPG`, `${DIGITS}.JP.supplemental-meta.json`],
  ["and counted", `${DIGITS}(1).JPG`, `${DIGITS}.JP.supplemental-meta(1).json`],
  ["an edited copy of it, its word cut", `${DIGITS}-ha.JPG`, `${DIGITS}.JPG.su.json`],
  ["its word cut to one letter, counted", `${DIGITS}-e(1).JPG`, `${DIGITS}.JPG.su(1).json`],
  ["a photo whose own name was cut", `${LONG.slice(0, 47)}(494).jpg`, `${LONG.slice(0, 46)}(494).json`],
  ["cut between two characters of UTF-16", EMOJI, `${EMOJI.slice(0, 46)}.json`],
  ["cut within one", `a${EMOJI}`, `${`a${EMOJI}`.slice(0, 45)}\ufffd.json`],
  ["as bytes that are no UTF-8", `a${EMOJI}`, `${`a${EMOJI}`.slice(0, 45)}\uefed\uefa0\uefbd.json`],
  ["with a mark in its place", `a${EMOJI}`, `${`a${EMOJI}`.slice(0, 45)}_.json`],
  ["a half of one left", `a${EMOJI}`, `${`a${EMOJI}`.slice(0, 46)}.json`],
  ["cut when its accents were apart", NFD.normalize("NFC"), `${NFD.slice(0, 46)}.json`],
  ["a name without extension", "IMG_1", "IMG_1.json"],
  ["a name with another dot", "my.photo.jpg", "my.photo.json"],
  ["a name that looks like an extension", "IMG_1.jp.png", "IMG_1.jp.json"],
  ["an extension nobody knows", "IMG_1.abc", "IMG_1.abc.json"],
];

describe("the sidecar of a photo", () => {
  test.each(PAIRS)("%s: %s has %s", (_why, photo, sidecar) => {
    expect(pairSidecars(photo, [photo, sidecar]).own).toEqual([sidecar]);
    expect(sidecarStems(photo)).toContain(sidecarStem(sidecar));
  });

  const LEFT: readonly (readonly [why: string, photo: string, near: readonly string[]])[] = [
    ["another photo's", "IMG_2.jpg", ["IMG_1.jpg.json"]],
    ["its twin's", "IMG_1.jpg", ["IMG_1.jpg(1).json"]],
    ["that of what it is the twin of", "IMG_1(1).jpg", ["IMG_1.jpg.json"]],
    ["another format's", "IMG_1.png", ["IMG_1.jpg.json"]],
    ["one that only begins alike", "IMG_12.jpg", ["IMG_1.json"]],
    ["what a word is no edit of", "polar-bear.jpg", ["polar.jpg.json"]],
    ["what another word is none of", "party-beach.jpg", ["party.jpg.json"]],
    ["a short cut one", "Summer in the hills.jpg", ["Summer in the.json"]],
    ["one for an original that another photo is", "scan.png", ["scan.jpg", "scan.jpg.json"]],
    ["an album's", "photo.jpg", ["metadata.json"]],
    ["XMP of another photo", "IMG_2.jpg", ["IMG_1.xmp"]],
  ];
  test.each(LEFT)("is never %s: %s", (_why, photo, near) => {
    expect(pairSidecars(photo, near)).toEqual({ own: [], company: [], unclear: [] });
  });

  test("comes after XMP and before Apple's edits", () => {
    const near = ["IMG_1.AAE", "IMG_1.jpg.json", "IMG_1.xmp", "IMG_1.jpg.xmp"];
    expect(pairSidecars("IMG_1.jpg", near).own).toEqual(["IMG_1.jpg.xmp", "IMG_1.xmp", "IMG_1.jpg.json", "IMG_1.AAE"]);
  });

  test("as XMP is of the RAW and of the JPEG made of it", () => {
    for (const photo of ["IMG_1.CR2", "IMG_1.JPG"])
      expect(pairSidecars(photo, ["IMG_1.CR2", "IMG_1.JPG", "IMG_1.xmp"]).own).toEqual(["IMG_1.xmp"]);
  });
});

describe("where more than one photo could own a sidecar", () => {
  const owners = (names: readonly string[]) =>
    names.filter((name) => !name.endsWith(".json")).filter((photo) => pairSidecars(photo, names).own.length > 0);
  const unclear = (names: readonly string[]) =>
    names
      .filter((name) => !name.endsWith(".json"))
      .flatMap((photo) => pairSidecars(photo, names).unclear)
      .map(({ sidecars, photos }) => `${sidecars.join("+")}: ${photos.join(", ")}`);

  const A = "The_wedding_of_Anna_and_Bertram_in_the_old_town_hall";
  test.each([
    ["formats", ["scan.jpg", "scan.png", "scan.json"], "scan.json: scan.jpg, scan.png"],
    ["a RAW and its JPEG", ["I.CR2", "I.JPG", "I.json"], "I.json: I.CR2, I.JPG"],
    [
      "long names that begin alike",
      [`${A}_1.jpg`, `${A}_2.jpg`, `${A.slice(0, 46)}.json`],
      `${A.slice(0, 46)}.json: ${A}_1.jpg, ${A}_2.jpg`,
    ],
    ["spellings", ["a.JPG", "A.jpg", "a.Jpg.json"], "a.Jpg.json: A.jpg, a.JPG"],
  ])("by %s, none does, and each tells it", (_how, names, told) => {
    expect(owners(names)).toEqual([]);
    expect(unclear(names)).toEqual([told, told]);
  });

  test("two sidecars of one photo are none", () => {
    const names = ["a(1).jpg", "a(1).jpg.json", "a.jpg(1).json"];
    expect(owners(names)).toEqual([]);
    expect(unclear(names)).toEqual(["a(1).jpg.json+a.jpg(1).json: a(1).jpg"]);
  });

  test.each([
    ["the one that is named whole", ["scan.jpg", "scan.png", "scan.jpg.json"], ["scan.jpg"]],
    ["each the one that is left", ["s.jpg", "s.png", "s.jpg.json", "s.json"], ["s.jpg", "s.png"]],
    ["the one spelled alike", ["a.JPG", "a.jpg", "a.jpg.json"], ["a.jpg"]],
    ["the still, not its film", ["I.HEIC", "I.MOV", "I.json"], ["I.HEIC"]],
    [
      "all edited copies, and their original",
      ["a.jpg", "a-edited.jpg", "a-smile.jpg", "a.jpg.json"],
      ["a.jpg", "a-edited.jpg", "a-smile.jpg"],
    ],
    ["an edited copy its own", ["a.jpg", "a-edited.jpg", "a.jpg.json", "a-edited.jpg.json"], ["a.jpg", "a-edited.jpg"]],
  ])("it is clear for %s", (_who, names, expected) => {
    expect(owners(names)).toEqual(expected);
    expect(unclear(names)).toEqual([]);
  });
});

describe("the company of a film", () => {
  test.each([
    ["the still", "IMG_1.MOV", ["IMG_1.HEIC"], ["IMG_1.HEIC"]],
    ["in another case", "IMG_1.mov", ["img_1.JPG"], ["img_1.JPG"]],
    ["a counted one", "IMG_1(1).MP4", ["IMG_1(1).HEIC", "IMG_1.HEIC"], ["IMG_1(1).HEIC"]],
    ["icloudpd's name", "IMG_1_HEVC.MOV", ["IMG_1.HEIC"], ["IMG_1.HEIC"]],
    ["a motion photo's", "PXL_1.MP", ["PXL_1.MP.jpg"], ["PXL_1.MP.jpg"]],
    ["the sidecar of a still that is not there", "IMG_1.MP4", ["IMG_1.HEIC.json"], ["IMG_1.HEIC.json"]],
    ["its sidecar with the still", "IMG_1.MP4", ["IMG_1.HEIC", "IMG_1.HEIC.json"], ["IMG_1.HEIC"]],
    ["a thumbnail by a camera", "MVI_1.AVI", ["MVI_1.THM"], ["MVI_1.THM"]],
    ["a camcorder's notes", "MOV001.MOD", ["MOV001.MOI", "MOV001.THM"], ["MOV001.MOI", "MOV001.THM"]],
    ["Sony's", "C0001.MP4", ["C0001M01.XML", "C0002M01.XML"], ["C0001M01.XML"]],
    ["no other XML", "C0001.MP4", ["C0001.XML", "M01.XML"], []],
    ["no other still", "IMG_1.MOV", ["IMG_2.HEIC", "IMG_11.HEIC"], []],
    ["no film", "IMG_1.MOV", ["IMG_1.MP4"], []],
    ["none of a still", "IMG_1.HEIC", ["IMG_1.MOV", "IMG_1.THM"], []],
  ])("is %s", (_what, film, near, company) => {
    expect(pairSidecars(film, near).company).toEqual(company);
  });
});

describe("whatever the names are", () => {
  const name = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[ab]{1,3}(\(1\))?(-edited)?(\(2\))?\.(jpg|png|mov|json|xmp)$/),
    fc.stringMatching(/^[a]{38,48}(\(1\))?\.(jpg|s)?(\(1\))?\.(jpg|json)$/),
  );
  test("pairs come from what is near, and a sidecar has one owner besides edited copies", () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
        const owners = new Map<string, string[]>();
        for (const photo of names.filter((one) => !/\.(json|xmp)$/i.test(one))) {
          const { own, company } = pairSidecars(photo, names);
          for (const sidecar of [...own, ...company]) expect(names).toContain(sidecar);
          expect([...own, ...company]).not.toContain(photo);
          for (const sidecar of own.filter((one) => /\.json$/i.test(one)))
            owners.set(sidecar, [...(owners.get(sidecar) ?? []), photo]);
        }
        for (const photos of owners.values())
          expect(photos.filter((photo) => !photo.includes("-edited")).length).toBeLessThan(2);
      }),
    );
  });

  test("what is found among all names is found by their stems", () => {
    fc.assert(
      fc.property(name, name, (photo, sidecar) => {
        const { own, company } = pairSidecars(photo, [sidecar]);
        if (own.length + company.length === 0) return;
        const stem = sidecarStems(sidecar).concat(sidecarStem(sidecar));
        expect(sidecarStems(photo).some((one) => stem.includes(one))).toBe(true);
      }),
    );
  });
});
