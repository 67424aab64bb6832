import { expect, test } from "vitest";
import { datesInWords, kindsInWords, nextStep } from "../../src/report/words.ts";

test("kinds that do not occur are not named, originals always", () => {
  const none = { original: 0, rendition: 0, sidecar: 0, other: 0 };
  expect(kindsInWords(none)).toBe("0 originals");
  expect(kindsInWords({ original: 1, rendition: 2, sidecar: 3, other: 4_000 })).toBe(
    "1 original, 2 renditions, 3 sidecars, 4,000 other",
  );
});

test("dates are named with the most trusted numbers first and the unknown last", () => {
  expect(datesInWords({ exif: 3, name: 33_000, metadata: 0, unknown: 99_000, xmp: 1 })).toBe(
    "33,000 by their names, 3 by EXIF, 1 by XMP, 99,000 unknown",
  );
  expect(datesInWords({ exif: 0, unknown: 0 })).toBe("");
});

test.each([
  ["mirror", true, 0, /without --dry-run/],
  ["inventory", true, 0, /photohaul mirror s3:\/\/photos FOLDER/],
  ["mirror", false, 3, /only what is missing/],
  ["mirror", false, 8, /limit .* for the rest/],
  ["mirror", false, 130, /Interrupted/],
])("%s (dry run: %s) that ended with %d says what to do next", (command, dryRun, exit, words) => {
  expect(nextStep({ command, source: "s3://photos", dryRun, exit })).toMatch(words);
});

test("when all is well there is nothing to do", () => {
  expect(nextStep({ command: "mirror", source: "s3://x", dryRun: false, exit: 0 })).toBeNull();
});
