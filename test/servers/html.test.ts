/** The HTML report as people see it: in a real browser, on a phone and on a desk, by day and by night. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { html } from "../../src/report/html.ts";
import { exampleInventory } from "../report/example-inventory.ts";
import { run, summary, troubles } from "../report/example-run.ts";
import { type Browser, findBrowser, type Screen, startBrowser } from "./browser.ts";

const program = findBrowser();
const PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==";
const LONG = `${"a-very-long-name-without-end-".repeat(20)}.jpg`;

/** Text and what lies behind it, by the luminance rule of WCAG 2: the least readable of all. */
const LEAST_CONTRAST = `(() => {
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll("main *")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""));
  return texts.filter((element) => !(element instanceof SVGElement)).map((element) => {
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return { contrast, text: element.textContent.slice(0, 40), size: parseFloat(getComputedStyle(element).fontSize) };
  }).sort((a, b) => a.contrast - b.contrast)[0];
})()`;

const screens: [string, Screen][] = [
  ["a small phone by day", { width: 320, height: 640, phone: true, dark: false }],
  ["a phone by night", { width: 390, height: 844, phone: true, dark: true }],
  ["a tablet by day", { width: 768, height: 1024, phone: true, dark: false }],
  ["a desk by day", { width: 1280, height: 900, phone: false, dark: false }],
  ["a desk by night", { width: 1280, height: 900, phone: false, dark: true }],
];

if (program === null) {
  test.skip("the HTML report in a browser: no chromium here (apt-get install chromium)", () => {});
}

describe.skipIf(program === null)("the HTML report in a browser", () => {
  let folder = "";
  let browser: Browser;
  let address = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "photohaul-html-"));
    const picture = { key: LONG, bytes: 3_000_000, src: PIXEL };
    const page = html({
      run,
      summary: { ...summary, source: `s3://photos/${LONG}` },
      troubles: { ...troubles, failures: [{ key: LONG, reason: LONG }] },
      ...exampleInventory(),
      pairs: [{ family: "large", original: picture, rendition: picture, note: LONG }],
    });
    const file = join(folder, "report.html");
    await writeFile(file, page);
    address = pathToFileURL(file).href;
    browser = await startBrowser(program ?? "");
  });

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  test.each(screens)("is whole and readable on %s", async (name, screen) => {
    const seen = await browser.see(address, screen);
    expect(seen.requests.filter((url) => !url.startsWith("data:"))).toEqual([address]);
    expect(seen.complaints).toEqual([]);
    // Nothing is wider than the screen, so that nobody has to push the page from side to side.
    expect(await seen.ask("document.documentElement.scrollWidth")).toBe(screen.width);
    expect(await seen.ask("getComputedStyle(document.body).backgroundColor")).toBe(
      screen.dark ? "rgb(17, 19, 23)" : "rgb(246, 245, 241)",
    );
    expect(await seen.ask(LEAST_CONTRAST)).toMatchObject({ contrast: expect.toSatisfy(readable) });
    const pictures = "[...document.querySelectorAll('img')].every((i) => i.naturalWidth > 0)";
    expect(await seen.ask(pictures)).toBe(true);
    const drawn = "[...document.querySelectorAll('svg')].map((s) => s.getBoundingClientRect().height)";
    expect(await seen.ask(drawn)).toEqual([150, expect.any(Number), expect.any(Number), expect.any(Number)]);
    const shown = await seen.picture();
    expect(shown.length).toBeGreaterThan(20_000);
    const keep = process.env.PHOTOHAUL_SCREENSHOTS;
    if (keep) await writeFile(join(keep, `${name.replaceAll(" ", "-")}.png`), shown);
  });
});

/** WCAG 2, level AA, for text of any size. */
function readable(contrast: number): boolean {
  return contrast >= 4.5;
}
