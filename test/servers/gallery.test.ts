/** The gallery as people see it: 100,000 photos on a drive, opened by a double click in a real browser. */

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sampleBucket } from "../../fixtures/sample/bucket.ts";
import { GalleryPlace } from "../../src/gallery/gallery-place.ts";
import { emptyGallery, makeGallery } from "../../src/gallery/make-gallery.ts";
import { dataText, MARKS, placedEntry, rowOf } from "../../src/gallery/row.ts";
import type { Captured, ManifestEntry } from "../../src/model.ts";
import { type Browser, findBrowser, type Screen, type Seen, startBrowser } from "./browser.ts";

const program = findBrowser();
const PHOTOS = 100_000;
const THUMBNAILS = 60;
const HOSTILE = [
  '"><img src=x onerror=hacked=1>.jpg',
  "<script>hacked=1<!--.jpg",
  "javascript:hacked=1;.jpg",
  "a\u2028hacked=1;\u2029.jpg",
  "\u202egpj.exe.jpg",
  "100% #1?&amp;`hacked=1`.jpg",
  "'-hacked-'.mp4",
];

function sha256(of: string): string {
  return createHash("sha256").update(of).digest("hex");
}

/** Twenty years, with years and months of very different sizes; the hostile names are the latest. */
function* entries(): Generator<ManifestEntry> {
  const md5 = "0".repeat(32);
  const modified = "2026-01-01T00:00:00.000Z";
  for (let at = 0; at < PHOTOS; at += 1) {
    const name = HOSTILE[at] ?? `IMG_${at}.${at % 40 === 0 ? "mp4" : "jpg"}`;
    const utc = new Date(Date.UTC(2025, 5, 1) - (at / PHOTOS) ** 1.5 * 20 * 365 * 86_400_000).toISOString();
    const doubt = at % 50 === 3 ? { doubts: ["conflict" as const], warnings: [`IPTC says ${HOSTILE[0]}`] } : {};
    const known = { local: utc.slice(0, 19), offset: null, utc, source: "exif", precision: "s", ...doubt } as const;
    const captured: Captured | null = at % 997 === 5 ? null : known;
    const digests = { size: 3_000_000 + at, sha256: sha256(String(at % THUMBNAILS)), md5 };
    yield {
      path: `album ${at % 7}/${name}`,
      key: `k${at}`,
      etag: "",
      captured,
      modified,
      storedAt: modified,
      ...digests,
    };
  }
}

const screens: [string, Screen][] = [
  ["a phone by day", { width: 390, height: 844, phone: true, dark: false }],
  ["a phone by night", { width: 390, height: 844, phone: true, dark: true }],
  ["a desk by day", { width: 1280, height: 900, phone: false, dark: false }],
  ["a desk by night", { width: 1280, height: 900, phone: false, dark: true }],
];

if (program === null) {
  test.skip("the gallery in a browser: no chromium here (apt-get install chromium)", () => {});
}

describe.skipIf(program === null)("the gallery in a browser", () => {
  let folder = "";
  let browser: Browser;
  let address = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "photohaul-gallery-"));
    await lookedAtBefore(folder);
    const target = {
      name: "/media/usb",
      manifestMark: async () => "",
      entries: async function* () {
        yield* entries();
      },
      open: () => {
        throw new Error("no photo is to be opened");
      },
    };
    const report = emptyGallery();
    const meter = { start: () => undefined, done: () => undefined };
    const { signal } = new AbortController();
    await makeGallery({ target, place: new GalleryPlace(folder, true), originals: true, meter, signal }, report);
    expect(report).toMatchObject({ photos: PHOTOS, looked: 0, unread: 0 });
    address = pathToFileURL(join(folder, "gallery.html")).href;
    browser = await startBrowser(program ?? "");
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  const until = async (seen: Seen, expression: string) => {
    for (let tries = 0; tries < 400; tries += 1) {
      const found = await seen.ask(expression);
      if (found) return found;
      await sleep(25);
    }
    throw new Error(`never true in the page: ${expression}`);
  };
  const keep = async (seen: Seen, name: string) => {
    const shots = process.env.PHOTOHAUL_SCREENSHOTS;
    if (shots) await writeFile(join(shots, `gallery-${name.replaceAll(" ", "-")}.png`), await seen.picture("window"));
  };
  const SHOWN = "[...document.querySelectorAll('.tile img')].some((i) => i.complete && i.naturalWidth > 0)";

  test.each(screens)("shows its first photos on %s, and nothing in a name does anything", async (name, screen) => {
    const seen = await browser.see(address, screen);
    await until(seen, SHOWN);
    const ms = await seen.ask("Math.round(performance.now())");
    process.stderr.write(`first tiles of ${PHOTOS} on ${name}: within ${String(ms)} ms\n`);
    await until(seen, "[...document.querySelectorAll('.tile img')].every((i) => i.complete)");
    await keep(seen, name);
    expect(seen.requests.filter((url) => !url.startsWith(pathToFileURL(folder).href))).toEqual([]);
    // A film that is not there is a name on a tile.
    expect(seen.complaints.filter((said) => !said.includes("ERR_FILE_NOT_FOUND"))).toEqual([]);
    expect(await seen.ask("document.documentElement.scrollWidth")).toBe(screen.width);
    const names = `[...document.querySelectorAll('.tile')].map((t) => t.title)`;
    expect(await seen.ask(names)).toEqual(expect.arrayContaining(HOSTILE.slice(0, 3)));
    const marked =
      "document.querySelectorAll('[onerror], main script, main img[src=x]').length + String(window.hacked)";
    expect(await seen.ask(marked)).toBe("0undefined");
    expect(await seen.ask("document.querySelectorAll('.tile').length")).toBeLessThan(400);
  });

  test("prints the photos of the year in the window", async () => {
    const seen = await browser.see(address, { width: 794, height: 1123, phone: false, dark: false });
    await until(seen, SHOWN);
    await seen.ask("dispatchEvent(new Event('beforeprint'))");
    await until(seen, "document.querySelectorAll('#paper img').length > 0");
    await until(seen, "[...document.querySelectorAll('#paper img')].every((i) => i.complete)");
    expect(await seen.ask("document.querySelector('#paper h2').textContent")).toMatch(/^2025, the first 400 of /);
    await seen.toPaper();
    expect(await seen.ask("getComputedStyle(document.querySelector('nav')).display")).toBe("none");
    await keep(seen, "on paper");
  });

  test("gives a film to the player, by its own address", async () => {
    const seen = await browser.see(address, { width: 1280, height: 900, phone: false, dark: false });
    await until(seen, SHOWN);
    await seen.ask("document.querySelector('.tile.film').click()");
    expect(await until(seen, "document.querySelector('.pswp video')?.getAttribute('src')")).toMatch(
      /^album%20\d\/.*\.mp4$/,
    );
    expect(await seen.ask("document.querySelector('.pswp').textContent.includes('[object')")).toBe(false);
  });

  test("goes to any year, opens a photo, finds by name and by reason, with the keyboard alone", async () => {
    const seen = await browser.see(address, { width: 1280, height: 900, phone: false, dark: false });
    await until(seen, SHOWN);
    const key = (what: string) => `new KeyboardEvent('keydown', {key: '${what}', bubbles: true})`;
    await seen.ask("document.querySelector('.tile[tabindex=\"0\"]').focus()");
    await seen.ask(`document.activeElement.dispatchEvent(${key("ArrowRight")})`);
    await seen.ask(`document.activeElement.dispatchEvent(${key("ArrowDown")})`);
    expect(await seen.ask("document.activeElement.className")).toMatch(/^tile/);
    expect(await seen.ask("document.activeElement.at")).toBeGreaterThan(2);
    await seen.ask("document.activeElement.click()");
    const said = await until(seen, "document.querySelector('.pswp__about b')?.textContent");
    expect(said).toBe(
      await seen.ask("document.activeElement.title || document.querySelector('.pswp__about b').textContent"),
    );
    await sleep(300);
    await keep(seen, "one photo");
    await seen.ask(`document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', keyCode: 27, bubbles: true}))`);
    await until(seen, "document.querySelector('.pswp') === null");

    await seen.ask("[...document.querySelectorAll('#years button')].find((b) => b.dataset.year === '2010').click()");
    await until(
      seen,
      "[...document.querySelectorAll('.tile')].some((t) => t.getAttribute('aria-label').includes(' 2010'))",
    );
    expect(await seen.ask("document.querySelector('#years [aria-current=true]').dataset.year")).toBe("2010");

    await seen.ask("document.querySelector('#search').value = 'img_99999'");
    await seen.ask("document.querySelector('#search').dispatchEvent(new Event('input'))");
    await until(seen, "document.querySelector('#about').textContent === '1 of 100,000 photos'");
    expect(await until(seen, "document.querySelector('.part:not([hidden]) .tile')?.title")).toBe("IMG_99999.jpg");
    await keep(seen, "found");

    await seen.ask("document.querySelector('#search').value = ''");
    await seen.ask("document.querySelector('#search').dispatchEvent(new Event('input'))");
    await until(seen, "document.querySelector('#about').textContent.startsWith('100,000 photos')");
    await seen.ask("document.querySelector('#filters button').click()");
    const doubtful = String(await seen.ask("document.querySelector('#filters button').textContent.split(' ').at(-1)"));
    await until(seen, `document.querySelector('#about').textContent === '${doubtful} of 100,000 photos'`);
    expect(seen.complaints.filter((one) => !one.includes("ERR_FILE_NOT_FOUND"))).toEqual([]);
    expect(await seen.ask("String(window.hacked)")).toBe("undefined");
  });
});

/** As an earlier gallery would have left it: pixels and thumbnails of all photos, and the photos with hostile names. */
async function lookedAtBefore(folder: string): Promise<void> {
  const home = join(folder, ".photohaul", "gallery");
  const small = sampleBucket().find(({ key }) => key === "large/1958/grandmother.jpg")?.body ?? Buffer.alloc(0);
  const rows = [];
  let nth = 0;
  for (const entry of entries()) {
    if (nth === THUMBNAILS) break;
    const id = entry.sha256.slice(0, 16);
    await mkdir(join(home, "t", id.slice(0, 2)), { recursive: true });
    await writeFile(join(home, "t", id.slice(0, 2), `${id}.jpg`), small);
    rows.push(
      rowOf(
        placedEntry(entry),
        { width: nth % 5 === 0 ? 3000 : 4000, height: nth % 5 === 0 ? 4000 : 3000, marks: MARKS.thumbnail },
        1,
      ),
    );
    nth += 1;
  }
  await writeFile(join(home, "data-0000.js"), dataText("0000", 1, rows));
}
