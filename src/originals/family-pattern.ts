/** How the keys of a family look, for people. */

import type { Layout, OriginalRule, RenditionRule } from "../layouts/layout.ts";
import { describeToken } from "../layouts/token.ts";
import type { Kind } from "../model.ts";
import { classifier } from "./classify.ts";
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
