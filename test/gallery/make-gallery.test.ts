import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import { GalleryPlace } from "../../src/gallery/gallery-place.ts";
import { emptyGallery, type GalleryPorts, makeGallery } from "../../src/gallery/make-gallery.ts";
import type { ManifestEntry } from "../../src/model.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-gallery-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const TIME = "2020-01-01T00:00:00.000Z";
const entryAt = (path: string, of = "a"): ManifestEntry => ({
  path,
  key: path,
  etag: "",
  size: 10,
  sha256: of.repeat(64),
  md5: "0".repeat(32),
  captured: null,
  modified: TIME,
  storedAt: TIME,
});

function portsOf(entries: readonly ManifestEntry[], more: Partial<GalleryPorts> = {}): GalleryPorts {
  const target: GalleryPorts["target"] = {
    name: folder,
    manifestMark: async () => String(entries.length),
    entries: async function* () {
      yield* entries;
    },
    open: async function* () {
      yield Buffer.from("no picture");
    },
  };
  const meter = { start: () => undefined, done: () => undefined };
  const { signal } = new AbortController();
  return { target, place: new GalleryPlace(folder, true), originals: true, meter, signal, ...more };
}

test("a drive without room gets no part of it", async () => {
  const place = new GalleryPlace(folder, true);
  place.freeBytes = async () => 1000;
  const making = makeGallery(portsOf([entryAt("a.jpg")], { place }), emptyGallery());
  await expect(making).rejects.toMatchObject({ code: "full" });
  expect(existsSync(join(folder, "gallery.html"))).toBe(false);
});

test("what was kept under the name of the page is a photo like any other", async () => {
  const making = makeGallery(portsOf([entryAt("gallery.html")]), emptyGallery());
  await expect(making).rejects.toThrow(/was kept there/);
});

test("a link, or a folder, is not written to in the place of the page", async () => {
  writeFileSync(join(folder, "elsewhere"), "mine");
  symlinkSync(join(folder, "elsewhere"), join(folder, "gallery.html"));
  await expect(makeGallery(portsOf([]), emptyGallery())).rejects.toBeInstanceOf(HaulError);
  expect(readFileSync(join(folder, "elsewhere"), "utf8")).toBe("mine");
});

test("the last line of a path holds, and a target without photos has a page that says so", async () => {
  const report = emptyGallery();
  await makeGallery(portsOf([entryAt("a.jpg"), entryAt("b.jpg"), entryAt("a.jpg", "b")]), report);
  expect(report).toMatchObject({ photos: 2, bytes: 20, looked: 2, thumbnails: 0, unread: 0 });
  const data = readFileSync(join(folder, ".photohaul", "gallery", "data-unknown.js"), "utf8");
  expect(data.match(/"a\.jpg".*"b{16}"/)).not.toBeNull();
  const none = emptyGallery();
  await makeGallery(portsOf([]), none);
  expect(none).toMatchObject({ photos: 0, years: 0 });
  expect(readFileSync(join(folder, ".photohaul", "gallery", "index.js"), "utf8")).toContain('"parts":[]');
});

test("more photos than one file holds lie in several, in their order", async () => {
  const entries = Array.from({ length: 5003 }, (_, at) => entryAt(`${String(at).padStart(5, "0")}.jpg`));
  await makeGallery(portsOf(entries), emptyGallery());
  const paths = ["data-unknown.js", "data-unknown-2.js"].flatMap((name) => {
    const text = readFileSync(join(folder, ".photohaul", "gallery", name), "utf8");
    return Array.from(text.matchAll(/^\["(\d+)\.jpg"/gm), ([, number]) => Number(number));
  });
  expect(paths).toEqual(entries.map((_, at) => entries.length - 1 - at));
});
