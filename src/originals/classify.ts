/**
 * Says what one key is under a layout. Pure, and safe by default: a rendition only where a rule says so,
 * a RAW file never, and whatever is in doubt is an original. An original of no bytes stays an original (a
 * stub): the catalogue lets a rendition stand in for it, and the report names it.
 */

import { extensionOf, fileKindOf, withoutExtension } from "../keys/file-kinds.ts";
import { sidecarStem } from "../keys/takeout-name.ts";
import type { Layout, Need, OriginalRule, RenditionRule, TokenMatcher, TokenRule } from "../layouts/layout.ts";
import { describeToken, fill, normalStem, tokenMatcher } from "../layouts/layout.ts";
import type { Classified } from "../model.ts";
import type { SizeRange } from "./size-range.ts";

/** What a verdict is made of. */
export interface KeyAndSize {
  readonly key: string;
  readonly size: number;
}

/** What one key is, and what must lie beside it for that to hold. */
export interface Verdict extends Classified {
  /** `nothing` for all that are no renditions. */
  readonly needs: Need;
  /** Present where the bytes of a rendition must bear out that it is one of its family. */
  readonly range?: SizeRange;
  /** With `range`: extensions of its original that bear it out, besides those of pictures and videos. */
  readonly extensions?: readonly string[];
  /** True where a layout says that it is litter, and not the list that holds for every bucket. */
  readonly byLayout?: boolean;
}

export type Classifier = (object: KeyAndSize) => Verdict;

interface ReadyToken {
  readonly rule: TokenRule;
  readonly match: TokenMatcher;
  readonly where: string;
}

/** Synology keeps the thumbnails of `IMG.jpg` in a folder of that name. */
const SYNOLOGY = /^(.*\/)?@eaDir\/([^/]+)\/SYNO(?:PHOTO|VIDEO)?_(?:THUMB|FILM)[^/]*$/;

/** What a target keeps beside its photos, where it is a source now, or a copy of a drive in a bucket. */
const OWN =
  /(?:^|\/)\.photohaul\/(?:(?:before-[\dTZ]+-)?target\.json|README\.txt|probe-(?:\u00e9|e\u0301)|lock|(?:SHA256SUMS|manifest)[-.\w]*|dates-[\dTZ-]+\.(?:ndjson|undone)|segments\/[0-9a-f]{16}\/\d{6}|gallery\/(?:[\w-]+\.(?:js|css|txt)|t\/[0-9a-f]{2}\/[0-9a-f]{16}\.jpg))$/;

/** Makes a layout ready for many keys. */
export function classifier(layout: Layout): Classifier {
  const tokens = layout.tokens.map((rule) => ({
    rule,
    match: tokenMatcher(rule),
    where: describeToken(rule),
  }));
  const oddFolder = lastFolder((folder) => ODD_FOLDER.test(folder));
  const decide = (object: KeyAndSize, depth: number): Verdict => {
    const { key } = object;
    const settled = withoutLayout(object, oddFolder(key)) ?? byRendition(key, layout.renditions, stemAt(depth));
    if (settled !== null) return guard(object, settled);
    const named = byOriginal(key, layout.originals) ?? byToken(key, tokens);
    const verdict = named ?? makeOriginal("original", stemOfKey(key), 0, "no rule says otherwise");
    return fileKindOf(key) === "sidecar" ? sidecar(key, verdict.stem) : guard(object, verdict);
  };
  /** The stem that the rules give to a still of this key; of what was made from what was made, not for ever. */
  const stemAt = (depth: number) => (path: string) =>
    depth < MOST_STEPS ? (decide({ key: `${path}.jpg`, size: 1 }, depth + 1).stem ?? path) : path;
  return (object) => decide(object, 0);
}

/** Says what one key is; for many keys of one layout use `classifier`. */
export function classify(object: KeyAndSize, layout: Layout): Verdict {
  return classifier(layout)(object);
}

/** The stem of a key about which no rule says anything: all of it but the extension. */
export function stemOfKey(key: string): string {
  return normalStem(withoutExtension(key));
}

/**
 * What holds whatever the layout says: RAW is never dropped, and an original of no bytes is said to be one. A RAW file
 * that is named as a rendition leaves its stem: it proves for no other rendition that there is an original of it.
 */
function guard({ key, size }: KeyAndSize, verdict: Verdict): Verdict {
  if (verdict.kind === "rendition" && fileKindOf(key) === "raw") {
    const reason = `a RAW file is never a rendition, though ${verdict.reason}`;
    return makeOriginal(verdict.family, null, verdict.rank, reason);
  }
  if (verdict.kind === "original" && size === 0) {
    return { ...verdict, reason: `${verdict.reason}; it has no bytes, so it counts as missing` };
  }
  return verdict;
}

/** What is said of a folder, asked once as long as keys lie in the same one. */
function lastFolder(ask: (folder: string) => boolean): (key: string) => boolean {
  let last = "";
  let said = ask(last);
  return (key) => {
    const folder = key.slice(0, key.lastIndexOf("/") + 1);
    if (folder !== last) [last, said] = [folder, ask(folder)];
    return said;
  };
}

/** @param odd whether a folder that it lies in has a name of the system, a storage box, or photohaul */
function withoutLayout({ key, size }: KeyAndSize, odd: boolean): Verdict | null {
  if (size === 0 && key.endsWith("/")) {
    return other("folder marker", "an empty object that stands for a folder");
  }
  if (isLitterByName(key, size)) return litter();
  return odd ? withinOdd(key) : null;
}

function withinOdd(key: string): Verdict | null {
  const synology = SYNOLOGY.exec(key);
  if (synology !== null) {
    const photo = `${synology[1] ?? ""}${synology[2] ?? ""}`;
    const reason = `a thumbnail that a Synology box made of ${photo}`;
    return makeRendition("@eaDir", stemOfKey(photo), "nothing", reason);
  }
  if (WITHIN_SYSTEM.test(key)) return litter();
  if (OWN.test(key)) {
    return other(".photohaul", "what photohaul itself keeps on a target beside the photos");
  }
  return null;
}

/** From a rendition to an original that is itself a rendition of another, and so on. */
const MOST_STEPS = 3;

function byRendition(
  key: string,
  rules: readonly RenditionRule[],
  stemOfPath: (path: string) => string,
): Verdict | null {
  for (const rule of rules) {
    const match = rule.regex.exec(key);
    if (match === null) continue;
    const family = fill(rule.family, match) || rule.role;
    const filled = rule.stem === null ? null : normalStem(fill(rule.stem, match));
    const stem = filled !== null && rule.byKey ? stemOfPath(filled) : filled;
    switch (rule.action) {
      case "litter":
        return { ...other(family, rule.role), stem, byLayout: true };
      case "sidecar":
        return sidecar(key, stem);
      case "keep":
        return makeOriginal(family, stem, 1, `${rule.role}: nothing can make it again, so it is kept`);
      case "skip-no-join":
      case "skip-if-original-present":
        return makeRendition(family, stem, rule.needs, `named as ${rule.role} (${family})`);
    }
  }
  return null;
}

function byOriginal(key: string, rules: readonly OriginalRule[]): Verdict | null {
  for (const rule of rules) {
    const match = rule.regex.exec(key);
    if (match === null) continue;
    const stem = normalStem(fill(rule.stem, match));
    return makeOriginal("original", stem, rule.rank, rule.role ?? "named as an original");
  }
  return null;
}

/** A word that says "original" wins over one that says "rendition": a folder of photos may be called `large`. */
function byToken(key: string, tokens: readonly ReadyToken[]): Verdict | null {
  let found: Verdict | null = null;
  for (const { rule, match, where } of tokens) {
    if (found !== null && rule.role === "rendition") continue;
    const stem = match(key);
    if (stem === null) continue;
    const reason = `its name is like ${where}`;
    if (rule.role === "original") return makeOriginal(rule.family, stem, rule.rank, reason);
    /** A video is no rendition of a still: the moving half of a live photo has the still's name. */
    const needs = fileKindOf(key) === "video" ? "larger" : rule.needs;
    found = makeRendition(rule.family, stem, needs, reason);
  }
  return found;
}

/** A sidecar keeps the stem of the photo it belongs to: `IMG.jpg.xmp` and `IMG.xmp` both go with `IMG.jpg`. */
function sidecar(key: string, stem: string | null): Verdict {
  const own = stem ?? stemOfKey(key);
  const bare = fileKindOf(own) === "unknown" ? own : withoutExtension(own);
  return {
    kind: "sidecar",
    family: "sidecar",
    stem: extensionOf(key) === "json" ? takeoutStem(key, bare) : bare,
    rank: 0,
    reason: `a .${extensionOf(key)} file says something of the photo beside it`,
    needs: "nothing",
  };
}

/** Takeout's names hide what a sidecar belongs to; not those of a layout that has stems of another kind. */
function takeoutStem(key: string, stem: string): string {
  const name = key.slice(key.lastIndexOf("/") + 1);
  const at = stem.lastIndexOf("/") + 1;
  const said = stem.slice(at).replace(/\(\d+\)$/, "");
  return normalStem(name).startsWith(said) ? stem.slice(0, at) + sidecarStem(name) : stem;
}

function makeOriginal(family: string, stem: string | null, rank: number, reason: string): Verdict {
  return { kind: "original", family, stem, rank, reason, needs: "nothing" };
}

/** What looks like a rendition and comes home; among the originals of one photo it is not the truest. */
export function asOriginal(verdict: Verdict, but: string): Verdict {
  return {
    ...verdict,
    kind: "original",
    rank: 1,
    needs: "nothing",
    reason: `${verdict.reason}, ${but}`,
  };
}

function makeRendition(family: string, stem: string | null, needs: Need, reason: string): Verdict {
  return { kind: "rendition", family, stem, rank: 0, reason, needs };
}

function litter(): Verdict {
  return other("litter", "left by an operating system or a storage box, not a photo");
}

function other(family: string, reason: string): Verdict {
  return { kind: "other", family, stem: null, rank: 0, reason, needs: "nothing" };
}

/**
 * What operating systems and storage boxes leave in every folder: the whole list, each name exactly as it is written
 * there (docs/originals.md). What only looks like one of these comes home.
 */

/** Files, in any case. */
const FILES: ReadonlySet<string> = new Set([
  ".ds_store",
  "thumbs.db",
  "ehthumbs.db",
  "ehthumbs_vista.db",
  "desktop.ini",
  "picasa.ini",
  ".picasa.ini",
  ".nomedia",
]);
/** Folders; everything in them was made or thrown away by the system. */
const SYSTEM = String.raw`@eaDir|#recycle|@Recycle|\.Trash|\.Trashes|\.Trash-\d+|\$RECYCLE\.BIN|\$Recycle\.Bin`;
const WITHIN_SYSTEM = new RegExp(`(?:^|/)(?:${SYSTEM})/.`);
/** … or what a target of ours is. Anything else of a key in no such folder is told by its name. */
const ODD_FOLDER = new RegExp(String.raw`(?:^|/)(?:${SYSTEM}|\.photohaul)/`);
/** macOS writes what it knows of `IMG.jpg` to `._IMG.jpg` on foreign drives: icons and labels, no photo. */
const APPLE_DOUBLE = "._";
const MOST_APPLE_DOUBLE = 256 * 1024;

function isLitterByName(key: string, size: number): boolean {
  const name = key.slice(key.lastIndexOf("/") + 1);
  if (FILES.has(name.toLowerCase())) return true;
  return name.startsWith(APPLE_DOUBLE) && name.length > 2 && size <= MOST_APPLE_DOUBLE;
}
