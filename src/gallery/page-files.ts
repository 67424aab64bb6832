/** The page and what it loads: all of it lies beside it, and its policy allows nothing else. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { GALLERY_MARK } from "../manifest-entry.ts";
import { forHtml } from "../report/escape.ts";
import { forScript } from "./row.ts";

/** A data file, as the page is told of it before it loads it. */
export interface PartOfIndex {
  readonly file: string;
  readonly year: string;
  readonly part: number;
  readonly photos: number;
  /** Photos of each mark of `MARKS`, by its number. */
  readonly marks: Readonly<Record<string, number>>;
  /** Photos by month, in the order of the file: "2012-06", "" where no month is known. */
  readonly months: readonly (readonly [month: string, photos: number])[];
}

export interface GalleryIndexFile {
  /** What it was made of, for the next run; absent where photos could not be read. */
  readonly of?: string;
  /** As people would type it. */
  readonly target: string;
  readonly photos: number;
  readonly bytes: number;
  /** True where the photos themselves lie beside the page, and not only thumbnails of them. */
  readonly originals: boolean;
  readonly parts: readonly PartOfIndex[];
}

/** `file:` says to browsers that know no origin of files what `'self'` says to the others. */
const POLICY =
  "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; media-src 'self' file:; base-uri 'none'; form-action 'none'";

/** @param below the folder of all other files, from the page */
export function pageText(below: string, target: string): string {
  const at = forHtml(below);
  const script = (name: string) => `<script src="${at}${name}" defer></script>`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    GALLERY_MARK,
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">',
    `<title>Photos: ${forHtml(target)}</title>`,
    `<link rel="stylesheet" href="${at}photoswipe.css"><link rel="stylesheet" href="${at}app.css">`,
    script("photoswipe.js"),
    script("app.js"),
    script("index.js"),
    `</head><body data-below="${at}">`,
    '<header><h1>Photos</h1><p id="about" role="status" aria-live="polite"></p>',
    '<form id="find" role="search"><input id="search" type="search" placeholder="Search by name" aria-label="Search by name" autocomplete="off" spellcheck="false">',
    '<div id="filters" role="group" aria-label="Show only"></div></form></header>',
    '<nav id="years" aria-label="Years"></nav><main id="photos" tabindex="-1"></main>',
    "<noscript><p>This page shows photos with the help of scripts that lie beside it, and they are switched off here. The photos are ordinary files in this folder.</p></noscript>",
    "</body></html>\n",
  ].join("\n");
}

export function indexText(index: GalleryIndexFile): string {
  return `photohaul.index(${forScript(index)});\n`;
}

/** The page's script by its modules, each after those that it uses. */
const MODULES = [
  "rows.js",
  "layout.js",
  "state.js",
  "years.js",
  "tiles.js",
  "lightbox.js",
  "sections.js",
  "keyboard.js",
  "find.js",
  "paper.js",
  "main.js",
];

/** One script of modules that share no name, as a page that is opened from a drive may load no module (they have an origin). */
export function joined(modules: readonly string[]): string {
  const bodies = modules.map((text) => text.replace(/^import [^;]*;\n/gm, "").replace(/^export /gm, ""));
  return `"use strict";\n(() => {\n${bodies.join("\n")}})();\n`;
}

/** What is the same in every gallery, by the name that it has there. PhotoSwipe's licence (MIT) goes along. */
export async function fixedFiles(): Promise<readonly (readonly [name: string, text: string])[]> {
  const own = (name: string) => readFile(new URL(`./page/${name}`, import.meta.url), "utf8");
  // Its exports do not name the build for pages without modules, which lies beside the one that they do name.
  const dist = dirname(createRequire(import.meta.url).resolve("photoswipe"));
  const theirs = (...path: string[]) => readFile(join(dist, ...path), "utf8");
  return [
    ["app.js", joined(await Promise.all(MODULES.map(own)))],
    ["app.css", await own("app.css")],
    ["photoswipe.js", await theirs("umd", "photoswipe.umd.min.js")],
    ["photoswipe.css", await theirs("photoswipe.css")],
    ["photoswipe-LICENSE.txt", await theirs("..", "LICENSE")],
  ];
}
