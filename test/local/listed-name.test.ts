import { join } from "node:path";
import { expect, test } from "vitest";
import { asListed, type Folders } from "../../src/local/listed-name.ts";

const LISTED = ["/usb", "/usb/Photos", "/usb/Photos/Été", "/usb/photos-2", "/usb/2012"];

/** A drive that finds a name however it is spelled, or only as it is. */
function drive(folds: boolean): Folders {
  const spelled = (path: string) => (folds ? path.normalize("NFC").toLowerCase() : path);
  return {
    has: async (path) => LISTED.some((one) => spelled(one) === spelled(path)),
    names: async (folder) =>
      LISTED.filter((one) => join(one, "..") === folder).map((one) => one.slice(folder.length + 1)),
  };
}

test.each([
  ["/usb/photos", "/usb/Photos"],
  ["/usb/Photos", "/usb/Photos"],
  ["/usb/PHOTOS/e\u0301te\u0301/New", "/usb/Photos/Été/New"],
  ["/usb/PHOTOS-2", "/usb/photos-2"],
  ["/usb/2012", "/usb/2012"],
  ["/usb/New/Er", "/usb/new/er"],
  ["/usb", "/usb"],
])("where names fold, %s is %s", async (path, listed) => {
  expect(await asListed(path, "/usb", drive(true))).toBe(listed);
});

test.each(["/usb/photos", "/usb/Photos", "/usb/New", "/usb/PHOTOS/New"])(
  "where they do not, %s is what it says",
  async (path) => {
    expect(await asListed(path, "/usb", drive(false))).toBe(path);
  },
);
