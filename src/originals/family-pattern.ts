/** How the keys of a family look, for people; what to type so that they are skipped; and which families are suspects. */

import { senseOf } from "../keys/name-shape.ts";
import type { Layout, OriginalRule, RenditionRule, TokenRule } from "../layouts/layout.ts";
import { describeToken } from "../layouts/layout.ts";
import type { Kind } from "../model.ts";
import { classifier } from "./classify.ts";
import type { Suitor } from "./detect-layout.ts";
import { type FoundFamily, isWordRule } from "./family-confidence.ts";
import { unitOf } from "./family-proof.ts";

/** `large/…` for a word at a place, else "like" and an example; "any other key" where no rule names the family. */
export function patternOf(layout: Layout, family: string, kind: Kind): string {
  const unit = unitOf(family);
  const tokens = layout.tokens.filter((rule) => unitOf(rule.family) === unit && rule.role === kind);
  if (tokens.length > 0) return tokens.map(describeToken).join(", ");
  const looks = layout.renditions.flatMap((rule) =>
    kind === "rendition" && unitOf(rule.family) === unit && rule.looks !== undefined ? [rule.looks] : [],
  );
  if (looks.length > 0) return looks.join(", ");
  const rules = kind === "original" ? [...layout.renditions, ...layout.originals] : layout.renditions;
  const examples = rules.flatMap((rule) => exampleOf(rule, layout, family, kind));
  if (examples.length > 0) return `like ${examples.join(", ")}`;
  return BUILT_IN[family] ?? "any other key";
}

/** The first example of a rule, spelled for the family where the rule makes many. */
function exampleOf(rule: OriginalRule | RenditionRule, layout: Layout, family: string, kind: Kind): string[] {
  const decide = classifier(layout);
  const spelled = rule.examples.map((example) => {
    const { rendition } = rule.regex.exec(example)?.groups ?? {};
    return rendition === undefined ? example : example.replace(rendition, family);
  });
  const many = "family" in rule && rule.family.includes("{");
  const key = (many ? [...spelled, ...rule.examples] : rule.examples).find((example) => {
    const verdict = decide({ key: example, size: 1 });
    return unitOf(verdict.family) === unitOf(family) && verdict.kind === kind;
  });
  return key === undefined ? [] : [key];
}

const BUILT_IN: Readonly<Record<string, string>> = {
  sidecar: ".xmp, .json, .aae and the like",
  litter: ".DS_Store, Thumbs.db and the like",
  "folder marker": "…/ of no bytes",
  ".photohaul": "lists, and pieces of large photos, on a target",
  "@eaDir": "@eaDir/<photo>/SYNOPHOTO_THUMB_…",
};

/** Keys that look like renditions and are mirrored all the same. */
export interface Suspect {
  readonly family: string;
  /** For people: `thumbs/…`. */
  readonly looks: string;
  /** About, where the listing was sampled. */
  readonly keys: number;
  readonly bytes: number;
  readonly reason: string;
  /** What to type to skip them. */
  readonly option: string;
}

/** Families that were not proposed and are worth a word: their name speaks; each word once. */
export function suspectFamilies(inferred: readonly FoundFamily[], scale: number): Suspect[] {
  const taken = new Set(inferred.filter(({ proposed }) => proposed).map(({ rule }) => rule.family));
  return inferred
    .filter(({ proposed, rule }) => !proposed && !taken.has(rule.family))
    .filter(({ rule }) => senseOf(rule.family) === "rendition")
    .filter(({ rule }, i, all) => all.findIndex((one) => says(rule.family, one.rule.family)) === i)
    .map((family) => ({
      family: family.rule.family,
      looks: family.looks,
      keys: family.features.members * scale,
      bytes: family.bytes * scale,
      reason: family.reason,
      option: optionOf(family.rule) ?? "",
    }));
}

/** True where everything that a shorter name says is said by a longer one too: "thumbs" by "thumbs preview". */
function says(longer: string, shorter: string): boolean {
  return shorter.split(" ").every((word) => longer.split(" ").includes(word));
}

/** A known layout that fits, and would skip keys only on the user's word. */
export function suspectLayout({ suitor, reason }: { readonly suitor: Suitor; readonly reason: string }): Suspect {
  return {
    family: suitor.layout.id,
    looks: suitor.layout.title,
    keys: suitor.renditions,
    bytes: suitor.bytes,
    reason,
    option: `--layout ${suitor.layout.id}`,
  };
}

/** What to type so that a family is skipped: a pattern for its keys, or the layout that names it. */
export function optionFor(layout: Layout, unit: string): string {
  const rule = [...layout.tokens, ...layout.renditions].find(
    ({ family, role }) => role !== "original" && unitOf(family) === unit,
  );
  return (rule === undefined ? null : optionOf(rule)) ?? `--layout ${layout.id}`;
}

/** Null for a rule of a known layout: its keys are no glob. */
function optionOf(rule: FoundFamily["rule"]): string | null {
  const glob = isWordRule(rule) ? globOf(rule) : rule.glob;
  return glob === undefined ? null : `--exclude '${glob}'`;
}

function globOf({ directory, prefix, suffix, name }: TokenRule): string {
  const masked = (word: string | undefined) => word?.replaceAll("#", "*");
  const file =
    name === undefined
      ? `${prefix === undefined ? "" : `${masked(prefix)}?`}*${suffix === undefined ? "" : `?${masked(suffix)}.*`}`
      : `${masked(name)}.*`;
  if (directory === undefined) return `**/${file}`;
  const word = masked(directory.word) ?? "";
  return directory.from === "left"
    ? `${"*/".repeat(directory.at)}${word}/**/${file}`
    : `**/${word}/${"*/".repeat(directory.at - 1)}${file}`;
}
