/**
 * Says what one key is under a layout. Pure, and safe by default: a rendition only where a rule says so,
 * a RAW file never, and whatever is in doubt is an original. An original of no bytes stays an original (a
 * stub): the catalogue lets a rendition stand in for it, and the report names it.
 */

import type { Layout, OriginalRule, RenditionRule, TokenRule } from "../layouts/layout.ts";
import { fill, normalStem } from "../layouts/layout.ts";
import { describeToken, tokenMatcher } from "../layouts/token.ts";
import type { Classified } from "../model.ts";
import { extensionOf, fileKindOf, withoutExtension } from "./file-kinds.ts";

/** What a verdict is made of. */
export interface KeyAndSize {
  readonly key: string;
  readonly size: number;
}

export type Classifier = (object: KeyAndSize) => Classified;

const LITTER =
  /(?:^|\/)(?:\.DS_Store|Thumbs\.db|ehthumbs\.db|desktop\.ini|\._[^/]+|\.?picasa\.ini|\.nomedia)$|(?:^|\/)(?:__MACOSX|#recycle|@Recycle|@eaDir|\.Trash[^/]*|\$RECYCLE\.BIN|\.stversions)\/./i;

/** Synology keeps the thumbnails of `IMG.jpg` in a folder of that name. */
const SYNOLOGY = /^(.*\/)?@eaDir\/([^/]+)\/SYNO(?:PHOTO|VIDEO)?_(?:THUMB|FILM)[^/]*$/;

/** Makes a layout ready for many keys. */
export function classifier(layout: Layout): Classifier {
  const tokens = layout.tokens.map((rule) => ({
    rule,
    match: tokenMatcher(rule),
    where: describeToken(rule),
  }));
  return (object) => {
    const { key } = object;
    const plain = withoutLayout(object);
    if (plain !== null) return plain;
    const verdict =
      byRendition(key, layout.renditions) ??
      byOriginal(key, layout.originals) ??
      byToken(key, tokens);
    if (verdict === null) {
      return sidecar(key) ?? stub(object, original(stemOfKey(key), "no rule says otherwise"));
    }
    if (verdict.kind === "rendition" && fileKindOf(key) === "raw") {
      return {
        ...verdict,
        kind: "original",
        reason: `a RAW file is never a rendition, though ${verdict.reason}`,
      };
    }
    if (verdict.kind !== "other" && verdict.kind !== "sidecar")
      return sidecar(key, verdict.stem) ?? stub(object, verdict);
    return verdict;
  };
}

/** Says what one key is; for many keys of one layout use `classifier`. */
export function classify(object: KeyAndSize, layout: Layout): Classified {
  return classifier(layout)(object);
}

/** The stem of a key about which no rule says anything: all of it but the extension. */
export function stemOfKey(key: string): string {
  return normalStem(withoutExtension(key));
}

function withoutLayout({ key, size }: KeyAndSize): Classified | null {
  if (size === 0 && key.endsWith("/"))
    return other("folder marker", "an empty object that stands for a folder");
  const synology = SYNOLOGY.exec(key);
  if (synology !== null) {
    const photo = `${synology[1] ?? ""}${synology[2] ?? ""}`;
    return {
      kind: "rendition",
      family: "@eaDir",
      stem: stemOfKey(photo),
      rank: 0,
      reason: `a thumbnail that a Synology box made of ${photo}`,
    };
  }
  if (LITTER.test(key))
    return other("litter", "left by an operating system or a storage box, not a photo");
  return null;
}

function byRendition(key: string, rules: readonly RenditionRule[]): Classified | null {
  for (const rule of rules) {
    const match = rule.regex.exec(key);
    if (match === null) continue;
    const groups = match.groups ?? {};
    const family = fill(rule.family, groups);
    const stem = rule.stem === null ? null : normalStem(fill(rule.stem, groups));
    switch (rule.action) {
      case "litter":
        return other(family, rule.role);
      case "sidecar":
        return { kind: "sidecar", family, stem, rank: 0, reason: `${rule.role} beside a photo` };
      case "keep":
        return {
          kind: "original",
          family,
          stem,
          rank: 1,
          reason: `${rule.role}: kept, because nothing can make it again`,
        };
      case "skip-no-join":
      case "skip-if-original-present":
        return {
          kind: "rendition",
          family,
          stem,
          rank: 0,
          reason: `named as ${rule.role} (${family})`,
        };
    }
  }
  return null;
}

function byOriginal(key: string, rules: readonly OriginalRule[]): Classified | null {
  for (const rule of rules) {
    const match = rule.regex.exec(key);
    if (match === null) continue;
    const stem = normalStem(fill(rule.stem, match.groups ?? {}));
    return {
      kind: "original",
      family: "original",
      stem,
      rank: rule.rank,
      reason: rule.role ?? "named as an original",
    };
  }
  return null;
}

interface ReadyToken {
  readonly rule: TokenRule;
  readonly match: (key: string) => string | null;
  readonly where: string;
}

/** A word that says "original" wins over one that says "rendition": a folder of photos may be called `large`. */
function byToken(key: string, tokens: readonly ReadyToken[]): Classified | null {
  let found: Classified | null = null;
  for (const { rule, match, where } of tokens) {
    if (found !== null && rule.role === "rendition") continue;
    const stem = match(key);
    if (stem === null) continue;
    const verdict = {
      kind: rule.role,
      family: rule.family,
      stem,
      rank: rule.rank,
      reason: `its name is like ${where}`,
    };
    if (rule.role === "original") return verdict;
    found = verdict;
  }
  return found;
}

/** A sidecar keeps the stem of the photo it belongs to: `IMG.jpg.xmp` and `IMG.xmp` both go with `IMG.jpg`. */
function sidecar(key: string, stem?: string | null): Classified | null {
  if (fileKindOf(key) !== "sidecar") return null;
  const own = stem === undefined || stem === null ? stemOfKey(key) : stem;
  return {
    kind: "sidecar",
    family: "sidecar",
    stem: fileKindOf(own) === "unknown" ? own : withoutExtension(own),
    rank: 0,
    reason: `a .${extensionOf(key)} file says something of the photo beside it`,
  };
}

function original(stem: string | null, reason: string): Classified {
  return { kind: "original", family: "original", stem, rank: 0, reason };
}

function other(family: string, reason: string): Classified {
  return { kind: "other", family, stem: null, rank: 0, reason };
}

function stub({ size }: KeyAndSize, verdict: Classified): Classified {
  if (size > 0 || verdict.kind !== "original") return verdict;
  return { ...verdict, reason: `${verdict.reason}; it has no bytes, so it counts as missing` };
}
