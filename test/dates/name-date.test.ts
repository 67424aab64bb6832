import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideCaptureDate } from "../../src/dates/capture-date.ts";
import { parseCandidate } from "../../src/dates/date-candidate.ts";
import { datesInKey, datesInName } from "../../src/dates/name-date.ts";
import { cpuMs } from "../cpu.ts";

/** [key, row, date, clock]; the better candidate of the key. */
const NAMES: readonly [key: string, row: string, written: string, clock?: "utc"][] = [
  ["IMG_20120628_140322.jpg", "name-time", "2012-06-28T14:03:22"],
  ["2012-06-28 14.03.22.jpg", "name-time", "2012-06-28T14:03:22"],
  ["Screenshot_2017-03-03-10-15-00.png", "name-time", "2017-03-03T10:15:00"],
  ["Screenshot_20170303-101500.png", "name-time", "2017-03-03T10:15:00"],
  ["WhatsApp Image 2018-04-12 at 17.05.33.jpeg", "name-time", "2018-04-12T17:05:33"],
  ["signal-2019-05-21-134211.jpg", "name-time", "2019-05-21T13:42:11"],
  ["VID_20151011_183500.mp4", "name-time", "2015-10-11T18:35:00"],
  ["P1000123_20080817_144500.jpg", "name-time", "2008-08-17T14:45:00"],
  ["20130518_142022_3D657EBD.jpg", "name-time", "2013-05-18T14:20:22"],
  ["20180616_190512.mp4", "name-time", "2018-06-16T19:05:12"],
  ["PXL_20220831_003137144.mp4", "name-time", "2022-08-31T00:31:37.144", "utc"],
  ["PXL_20220724_210650210.NIGHT.mp4", "name-time", "2022-07-24T21:06:50.210", "utc"],
  ["original_5f0c_PXL_20220831_003137144.jpg", "name-time", "2022-08-31T00:31:37.144", "utc"],
  ["20180727_093012000_iOS (1).jpg", "name-time", "2018-07-27T09:30:12.000", "utc"],
  ["20180727_093012000_iOS.jpg", "name-time", "2018-07-27T09:30:12.000", "utc"],
  ["FB_IMG_1340892202123.jpg", "name-time", "2012-06-28T14:03:22.123Z", "utc"],
  ["00001IMG_00001_BURST1340892202123.jpg", "name-time", "2012-06-28T14:03:22.123Z", "utc"],
  ["IMG-20120628-WA0007.jpg", "name-day", "2012-06-28"],
  ["Screenshot_2012.06.28.png", "name-day", "2012-06-28"],
  ["2012-06-28.jpg", "name-day", "2012-06-28"],
  ["20120628_256199.jpg", "name-day", "2012-06-28"],
  ["2012/06/28/IMG_1234.jpg", "key", "2012-06-28"],
  ["2012/6/8/IMG_1234.jpg", "key", "2012-06-08"],
  ["2012/06/IMG_1234.jpg", "key", "2012-06"],
  ["2012-06/IMG_1234.jpg", "key", "2012-06"],
  ["original/201206/5f0c.jpg", "key", "2012-06"],
  ["Takeout/Photos from 2012/IMG_1234.jpg", "key", "2012"],
  ["2012-06-28 Birthday/IMG_1234.jpg", "key", "2012-06-28"],
  ["2012/06/IMG_20130704_213015.jpg", "name-time", "2013-07-04T21:30:15"],
  ["2022/04/22-04-06 15-21-03.jpg", "key", "2022-04"],
  ["takeout-20210304T210506Z-001/Takeout/Photos from 2012/IMG_1234.jpg", "key", "2012"],
  ["Takeout 2021-03-04/Google Fotos/Fotos von 2012/IMG_1234.jpg", "key", "2012"],
  ["Photos from 1975/IMG_1234.jpg", "key", "1975"],
  ["1965-06-28 Hochzeit.jpg", "name-day", "1965-06-28"],
  ["1965-06-28 14.03.22.jpg", "name-time", "1965-06-28T14:03:22"],
  // Whatever that means, it may be the evening.
  ["Captura 2012-06-28 a las 2.03.22 de la tarde.png", "name-day", "2012-06-28"],
  ["Screenshot 2012-06-28 at 2.03.22 copy.png", "name-time", "2012-06-28T02:03:22"],
  ["Backup 2020-01-01/2012/06/28/IMG_1234.jpg", "key", "2012-06-28"],
  ["2020-01-01/2012-06/IMG_1234.jpg", "key", "2012-06"],
  ["2012/06/28/2000/IMG_1234.jpg", "key", "2012-06-28"],
  ["2012-06-28_2012-06-30.jpg", "name-day", "2012-06"],
  ["20120628-20120702.jpg", "name-day", "2012"],
  ["2012-06-28 - 2012-06-28.jpg", "name-day", "2012-06-28"],
  ["2012-06-28 bis 2012-07-02 Rom/IMG_1234.jpg", "key", "2012"],
];

/** [name, time of day on 28 June 2012, clock] */
const TIMES: readonly [name: string, time: string, clock?: "utc"][] = [
  ["Screen Shot 2012-06-28 at 2.03.22 PM.png", "14:03:22"],
  ["Screen Shot 2012-06-28 at 12.05.07 AM.png", "00:05:07"],
  ["Screen Shot 2012-06-28 at 12.05.07 PM.png", "12:05:07"],
  ["Screen Shot 2012-06-28 at 11.32.45 PM.png", "23:32:45"],
  ["Screen Shot 2012-06-28 at 11.32.45 PM (2).png", "23:32:45"],
  ["Screen Shot 2012-06-28 at 11.32.45 PM copy.png", "23:32:45"],
  ["Screenshot 2012-06-28 at 2.03.22\u202fPM.png", "14:03:22"],
  ["Screenshot 2012-06-28 at 2.03.22\u00a0p.\u00a0m..png", "14:03:22"],
  ["Screenshot 2012-06-28 at 9.05.06.png", "09:05:06"],
  ["WhatsApp Image 2012-06-28 at 9.05.06 PM.jpeg", "21:05:06"],
  ["WhatsApp Image 2012-06-28 at 14.03.22 (1).jpeg", "14:03:22"],
  ["Captura de pantalla 2012-06-28 a las 2.03.22 p. m..png", "14:03:22"],
  ["Captura de pantalla 2012-06-28 a la 1.03.22 a.m..png", "01:03:22"],
  ["Captura de Pantalla 2012-06-28 a la(s) 2.03.22 p.m..png", "14:03:22"],
  ["צילום מסך 2012-06-28 ב-9.05.06.png", "09:05:06"],
  ["Στιγμιότυπο οθόνης 2012-06-28, 2.03.22 μ.μ..png", "14:03:22"],
  ["Cuplikan Layar 2012-06-28 pukul 14.03.22.png", "14:03:22"],
  ["Screenshot 2012-06-28 at 2:03:22 pm.png", "14:03:22"],
  ["Screenshot_2012-06-28_02-03-22_PM.png", "14:03:22"],
  ["Bildschirmfoto 2012-06-28 um 14.03.22.png", "14:03:22"],
  ["Capture d\u2019écran 2012-06-28 à 14.03.22.png", "14:03:22"],
  ["Capture d\u2019e\u0301cran 2012-06-28 a\u0300 14.03.22.png", "14:03:22"],
  ["Schermafbeelding 2012-06-28 om 14.03.22.png", "14:03:22"],
  ["Снимок экрана 2012-06-28 в 14.03.22.png", "14:03:22"],
  ["Знімок екрана 2012-06-28 о 14.03.22.png", "14:03:22"],
  ["Zrzut ekranu 2012-06-28 o 14.03.22.png", "14:03:22"],
  ["Schermata 2012-06-28 alle 14.03.22.png", "14:03:22"],
  ["Schermata 2012-06-28 alle ore 14.03.22.png", "14:03:22"],
  ["Captura de Tela 2012-06-28 às 14.03.22.png", "14:03:22"],
  ["Skärmavbild 2012-06-28 kl. 14.03.22.png", "14:03:22"],
  ["Näyttökuva 2012-06-28 kello 14.03.22.png", "14:03:22"],
  ["Ekran Resmi 2012-06-28 14.03.22.png", "14:03:22"],
  ["スクリーンショット 2012-06-28 14.03.22.png", "14:03:22"],
  ["截屏2012-06-28 下午2.03.22.png", "14:03:22"],
  ["截屏2012-06-28 上午12.03.22.png", "00:03:22"],
  ["스크린샷 2012-06-28 오후 2.03.22.png", "14:03:22"],
  ["스크린샷 2012-06-28 오전 2.03.22.png", "02:03:22"],
  ["لقطة شاشة ٢٠١٢-٠٦-٢٨ في ٢.٠٣.٢٢ م.png", "14:03:22"],
  ["Screenshot_٢٠١٢٠٦٢٨-١٤٠٣٢٢.png", "14:03:22"],
  ["Screenshot_۲۰۱۲۰۶۲۸-۱۴۰۳۲۲.png", "14:03:22"],
  ["IMG_२०१२०६२८_१४०३२२.jpg", "14:03:22"],
  ["IMG_২০১২০৬২৮_১৪০৩২২.jpg", "14:03:22"],
  ["IMG_\u200f20120628\u200e_140322.jpg", "14:03:22"],
  ["2012-06-28 12.23.45 am Strand.jpg", "12:23:45"],
  ["2012-06-28 14.03.22 PM.png", "14:03:22"],
  ["2012-06-28_14-03-22_UTC.jpg", "14:03:22", "utc"],
  ["2012-06-28_14-03-22_UTC_1.jpg", "14:03:22", "utc"],
  ["20120628T140322Z.jpg", "14:03:22", "utc"],
  ["2012-06-28T14-03-22.123Z.jpg", "14:03:22.123", "utc"],
  ["2012-06-28T14-03-22+0200.jpg", "14:03:22+02:00"],
  ["2012-06-28T14-03-22-0500.jpg", "14:03:22-05:00"],
  ["2012-06-28T14:03:22-05:00.jpg", "14:03:22-05:00"],
  ["2012-06-28_14-03-22-0500.jpg", "14:03:22"],
  ["2012-06-28 14.03.22 UTC+2.jpg", "14:03:22+02:00"],
  ["2012-06-28 14.03.22 GMT-0330.jpg", "14:03:22-03:30"],
  ["DJI_20120628140322_0001_D.JPG", "14:03:22"],
  ["IMG_20120628_140322_123456.jpg", "14:03:22.123"],
  ["スクリーンショット 2012-06-28 午後2.03.22.png", "14:03:22"],
  ["截圖 2012-06-28 晚上9.03.22.png", "21:03:22"],
  ["截圖 2012-06-28 凌晨12.03.22.png", "00:03:22"],
  ["截圖 2012-06-28 中午12.03.22.png", "12:03:22"],
  ["Screenshot 2012-06-28 at 2.03.22%E2%80%AFPM.png", "14:03:22"],
  ["Screenshot 2012-06-28 at 2.03.22?PM.png", "14:03:22"],
  ["Screenshot 2012-06-28 at 2.03.22â\u0080¯PM.png", "14:03:22"],
  ["Ảnh màn hình 2012-06-28 lúc 2.03.22 CH.png", "14:03:22"],
  ["2012-06-28 10.03.22 CH.png", "10:03:22"],
  ["Ekran Resmi 2012-06-28 ÖS 2.03.22.png", "14:03:22"],
  ["Képernyőfotó 2012-06-28 du. 2.03.22.png", "14:03:22"],
  ["Στιγμιότυπο οθόνης 2012-06-28, 2.03.22 μμ.png", "14:03:22"],
  ["Skärmavbild 2012-06-28 kl. 2.03.22 em.png", "14:03:22"],
  ["Skärmavbild 2012-06-28 kl. 2.03.22 fm.png", "02:03:22"],
  ["لقطة شاشة 2012-06-28 في 2.03.22 مساءً.png", "14:03:22"],
  ["Bildschirmfoto 2012-06-28 um 11.03.22 nachm..png", "23:03:22"],
  ["20120628_140322Zoe.jpg", "14:03:22"],
  ["photo_1@28-06-2012_14-03-22.jpg", "14:03:22"],
  ["photo_2012-06-28_14-03-22.jpg", "14:03:22"],
  ["ScreenRecording_06-28-2012 14-03-22_1.MP4", "14:03:22"],
  ["28-06-2012 14.03.22.jpg", "14:03:22"],
  ["06.28.2012 2.03.22 PM.jpg", "14:03:22"],
];

/** Milliseconds, or seconds, since 1970. */
const COUNTS: readonly [name: string, written: string][] = [
  ["mmexport1340892202123.jpg", "2012-06-28T14:03:22.123Z"],
  ["mmexport9f20140822b1e7c4a05d3e6f81920c47_1340892202123.jpeg", "2012-06-28T14:03:22.123Z"],
  ["IMG_1340892202123_000017.jpg", "2012-06-28T14:03:22.123Z"],
  ["microMsg.1340892202123.jpg", "2012-06-28T14:03:22.123Z"],
  ["wx_camera_1340892202123.jpg", "2012-06-28T14:03:22.123Z"],
  ["RPReplay_Final1340892202.MP4", "2012-06-28T14:03:22Z"],
  ["RPReplay-Final1340892202.MP4", "2012-06-28T14:03:22Z"],
  ["IMG_1340892202123_BURST1340892202123.jpg", "2012-06-28T14:03:22.123Z"],
];

/** Names that look like dates and are none. */
const NONE = [
  "IMG_1234.jpg",
  "unsorted/9f20140822b1e7c4a05d3e6f81920c47.jpg",
  "9b20140822.jpg",
  "c0ffee5a1e5f00dbadc0de0ddba11000.jpg",
  "20140822-1b1e-47c4-a05d-3e6f81920c47.jpg",
  "20140822101500-1a2b3c4d.jpg",
  "123420140822.jpg",
  "20140230_101500.jpg",
  "20141322.jpg",
  "18690510_120000.jpg",
  "DSC_20140822123456789012345.jpg",
  // Facebook's: the second is the number of the photo.
  "34330_1531425252044_1427142689_31473272_564909_n.jpg",
  "26412_1331438519573_1003870035_31067823_1234567_n.jpg",
  "1531425252044_1427142689_n.jpg",
  "1531425252044_n.jpg",
  "received_1531425252044.jpeg",
  "539513_1340892202123_12345_n (1).jpg",
  "fb_539513_1340892202123_12345_n.jpg",
  "539513_1340892202123_12345_n-edited.jpg",
  "photo-1500648767791-00dcc994a43e.jpg",
  "iPhone Backup 2020-01-01/IMG_1234.jpg",
  "takeout-20210304T210506Z-001/Takeout/Rom/IMG_1234.jpg",
  "2012-12-24_2013-01-02.jpg",
  "Photos-20210304T210506Z-001/IMG_1234.jpg",
  "OneDrive_2021-03-04/IMG_1234.jpg",
  "facebook-jane-2021-03-04-AbCd1234/photos/IMG_1234.jpg",
  "19650628.jpg",
  "1-800-1965-06-28.jpg",
  "Snapchat-1340892202.jpg",
  "",
  "/",
  "....",
];

/** Which is the day and which the month nobody knows. */
const EITHER = ["03-04-2012 14.03.22.jpg", "03.04.2012.jpg", "IMG_3_4_2012.jpg", "2012/03-04-2012 14.03.22.jpg"];

describe("the date in a key", () => {
  test.each(NAMES)("%s: %s %s", (key, row, written, clock) => {
    expect(datesInKey(key)[0]).toMatchObject({ row, written, clock: clock ?? "local" });
  });

  test.each(TIMES)("%s: %s %s", (name, time, clock) => {
    expect(datesInName(name, "file name")).toEqual([
      {
        row: "name-time",
        source: "name",
        tag: "file name",
        written: `2012-06-28T${time}`,
        clock: clock ?? "local",
      },
    ]);
  });

  test.each(COUNTS)("%s: %s", (name, written) => {
    expect(datesInName(name, "")).toMatchObject([{ row: "name-time", written, clock: "utc" }]);
  });

  test.each(EITHER)("%s is shown, and not believed", (key) => {
    const [named] = datesInKey(key);
    expect(named?.unsure).toBe("the day or the month may come first");
    expect(parseCandidate(named ?? expect.unreachable())).toBe(named?.unsure);
    const told = decideCaptureDate([...datesInName(key, "")], {
      modified: "2020-01-01T00:00:00.000Z",
      defaultZone: "UTC",
    });
    expect(told.captured?.source).toBe("modified");
  });

  test.each([
    ["28.06.2012.jpg", "2012-06-28"],
    ["5-5-2012.jpg", "2012-05-05"],
    ["photo_1@03-04-2012_14-03-22.jpg", "2012-04-03T14:03:22"],
    ["ScreenRecording_03-04-2012 14-03-22_1.MP4", "2012-03-04T14:03:22"],
  ])("%s: %s, as only one order is possible or known", (name, written) => {
    expect(datesInName(name, "")).toMatchObject([{ written }]);
    expect(datesInName(name, "")[0]?.unsure).toBeUndefined();
  });

  test("of a 12-hour clock is that of 24 hours", () => {
    const two = (value: number) => String(value).padStart(2, "0");
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 86_399 }),
        fc.constantFrom(" ", "\u202f", "\u00a0", ""),
        fc.boolean(),
        (second, space, padded) => {
          const [h, mi, s] = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
          const twelve = h % 12 === 0 ? 12 : h % 12;
          const hour = padded ? two(twelve) : String(twelve);
          const name = `Shot 2012-06-28 at ${hour}.${two(mi)}.${two(s)}${space}${h < 12 ? "AM" : "PM"}.png`;
          const [found] = datesInName(name, "");
          expect(found?.written).toBe(`2012-06-28T${two(h)}:${two(mi)}:${two(s)}`);
        },
      ),
    );
  });

  test.each(NONE)("%j has none", (key) => {
    expect(datesInKey(key)).toEqual([]);
  });

  test("the name comes before the folders, which stay as a candidate", () => {
    expect(datesInKey("2012/06/IMG_20130704_213015.jpg").map(({ row }) => row)).toEqual(["name-time", "key"]);
  });

  test("a name is judged without its folders, with the tag it is given", () => {
    expect(datesInName("IMG_20130309_101112.jpg", "Content-Disposition")).toMatchObject([
      { tag: "Content-Disposition", written: "2013-03-09T10:11:12" },
    ]);
  });

  test("is looked for in any key, quickly", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (key) => {
        for (const { written } of datesInKey(key)) expect(written).toMatch(/^\d{4}/);
      }),
    );
    const began = cpuMs();
    datesInKey("2012-".repeat(200_000));
    datesInKey(`${"2012/".repeat(200_000)}x`);
    expect(cpuMs() - began).toBeLessThan(2000);
  });
});
