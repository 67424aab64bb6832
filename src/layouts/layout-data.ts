/**
 * A layout as plain data: what a user writes as JSON or TOML, and what the catalogue keeps of an inferred one.
 * Regexes are text here; everything that has a sensible default may be left out.
 */

import { z } from "zod";
import { ACTIONS, defineLayout, type Layout, NEEDS } from "./layout.ts";

const text = z.string().min(1).max(2000);

const regex = text.transform((source, context) => {
  try {
    return new RegExp(source, "u");
  } catch (error) {
    context.addIssue({
      code: "custom",
      message: error instanceof Error ? error.message : "not a regex",
    });
    return z.NEVER;
  }
});

const rank = z.int().min(0).optional();
const needs = z.enum(NEEDS).optional();
const examples = z.array(text).optional();
/** What earlier versions had and nothing reads: files and catalogues with it stay good. */
const ignored = z.unknown().optional();

const originalRule = z
  .strictObject({
    regex,
    stem: text.optional(),
    rank,
    telling: z.boolean().optional(),
    role: text.optional(),
    examples,
  })
  .superRefine(groupsExist);

const renditionRule = z
  .strictObject({
    regex,
    stem: text.nullable().optional(),
    family: text,
    action: z.enum(ACTIONS).optional(),
    byKey: z.boolean().optional(),
    looks: text.optional(),
    glob: text.optional(),
    needs,
    role: text.optional(),
    examples,
  })
  .superRefine(groupsExist)
  .refine(({ stem, action }) => (stem ?? null) !== null || (action ?? ACTIONS[0]) !== ACTIONS[0], {
    path: ["stem"],
    message: "a rendition needs a stem that leads to its original, or the action skip-no-join",
  });

const tokenRule = z
  .strictObject({
    family: text,
    role: z.enum(["original", "rendition"]),
    rank,
    needs,
    directory: z
      .strictObject({ from: z.enum(["left", "right"]), at: z.int().min(0).max(20), word: text })
      .refine(({ from, at }) => from === "left" || at >= 1, {
        path: ["at"],
        message: "from the right, 1 is the folder that holds the file",
      })
      .optional(),
    prefix: text.optional(),
    suffix: text.optional(),
    name: text.optional(),
  })
  .refine(({ directory, prefix, suffix, name }) => directory ?? prefix ?? suffix ?? name, {
    message: "a token needs a directory, a prefix, a suffix or a name",
  });

const schema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "small letters, digits, dots and dashes only"),
    title: text.optional(),
    originals: z.array(originalRule).optional(),
    renditions: z.array(renditionRule).optional(),
    tokens: z.array(tokenRule).optional(),
    originalTrust: text.optional(),
    originalsMayBeMissing: text.optional(),
    evidence: ignored,
    join: ignored,
    hides: ignored,
  })
  .refine((layout) => [layout.originals, layout.renditions, layout.tokens].some((rules) => rules?.length), {
    message: "a layout needs at least one rule: originals, renditions or tokens",
  });

/** What is wrong with data that is no layout: where (keys and indexes from the top) and why. */
export interface LayoutMistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type ParsedLayout =
  | { readonly layout: Layout; readonly mistakes: null }
  | { readonly layout: null; readonly mistakes: readonly LayoutMistake[] };

/** Reads a layout from data. Never throws. */
export function parseLayout(data: unknown): ParsedLayout {
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => {
      const path = issue.path.filter((part) => typeof part !== "symbol");
      const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
      return { path: [...path, ...unknown], message: issue.message };
    });
    return { layout: null, mistakes };
  }
  return { layout: defineLayout(parsed.data), mistakes: null };
}

/** The data of a layout, for `JSON.stringify`; `parseLayout` reads it back. */
export function layoutData(layout: Layout): unknown {
  const plain = (rule: { readonly regex: RegExp }) => ({ ...rule, regex: rule.regex.source });
  return {
    ...layout,
    originals: layout.originals.map(plain),
    renditions: layout.renditions.map(plain),
  };
}

function groupsExist(
  rule: { readonly regex: RegExp; readonly stem?: string | null | undefined; readonly family?: string },
  context: z.RefinementCtx,
): void {
  const known = new Set([...rule.regex.source.matchAll(/\(\?<(\w+)>/g)].map((match) => match[1]));
  for (const field of ["stem", "family"] as const) {
    for (const [, name] of (rule[field] ?? "").matchAll(/\{(\w+)\}/g)) {
      if (name === "path" || known.has(name)) continue;
      context.addIssue({
        code: "custom",
        path: [field],
        message: `{${name ?? ""}} is no named group of the regex`,
      });
    }
  }
}
