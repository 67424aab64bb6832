import { expect, test } from "vitest";
import { dataUriOf } from "../../src/steps/contact-sheet.ts";

test.each([
  ["\xff\xd8\xff\xe0", "jpeg"],
  ["\x89PNG\r\n\x1a\n", "png"],
  ["RIFF\x10\0\0\0WEBP", "webp"],
  ["\0\0\0\x1cftypavif", "avif"],
])("%j is shown as what it is", (start, type) => {
  const bytes = Buffer.from(start, "latin1");
  expect(dataUriOf(bytes)).toBe(`data:image/${type};base64,${bytes.toString("base64")}`);
});

test.each(["", "RIFF\x10\0\0\0AVI ", "\0\0\0\x1cftypheic", "II*\0", "<svg ", "<html>", "\xff\xd8"])(
  "%j is nothing that browsers show",
  (start) => {
    expect(dataUriOf(Buffer.from(start, "latin1"))).toBeNull();
  },
);
