/**
 * A layout as plain data: what a user writes as JSON or TOML, and what the catalogue keeps of an inferred one.
 * Regexes are text here; everything that has a sensible default may be left out.
 */

import { z } from "zod";
import type { Layout } from "./layout.ts";
import { ACTIONS, NEEDS } from "./layout.ts";

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

const examples = z.array(text).default([]);

const originalRule = z
  .strictObject({
    regex,
    stem: text.default("{path}"),
    rank: z.int().min(0).default(0),
    telling: z.boolean().default(true),
    role: text.optional(),
    examples,
  })
  .superRefine(groupsExist);

const renditionRule = z
  .strictObject({
    regex,
    stem: text.nullable().default(null),
    family: text,
    action: z.enum(ACTIONS).default("skip-if-original-present"),
    byKey: z.boolean().default(false),
    looks: text.optional(),
    glob: text.optional(),
    needs: z.enum(NEEDS).default("nothing"),
    role: text.default("rendition"),
    examples,
  })
  .superRefine(groupsExist)
  .refine((rule) => rule.stem !== null || rule.action !== "skip-if-original-present", {
    path: ["stem"],
    message: "a rendition needs a stem that leads to its original, or the action skip-no-join",
  });

const tokenRule = z
  .strictObject({
    family: text,
    role: z.enum(["original", "rendition"]),
    rank: z.int().min(0).default(0),
    needs: z.enum(NEEDS).default("larger-if-any"),
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
    evidence: text.default("given by the user"),
    originals: z.array(originalRule).default([]),
    renditions: z.array(renditionRule).default([]),
    tokens: z.array(tokenRule).default([]),
    join: text.default("as the rules say"),
    originalTrust: text.optional(),
    originalsMayBeMissing: text.optional(),
    hides: z.record(z.string(), z.string()).default({}),
  })
  .refine(({ originals, renditions, tokens }) => originals.length + renditions.length + tokens.length > 0, {
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
  return { layout: compact(parsed.data), mistakes: null };
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

/** zod gives optional fields that are absent as absent, but types them as possibly undefined. */
function compact(data: z.infer<typeof schema>): Layout {
  const { title, originalTrust, originalsMayBeMissing, originals, renditions, tokens, ...rest } = data;
  return {
    ...rest,
    title: title ?? data.id,
    originals: originals.map(({ role, ...rule }) => ({
      ...rule,
      ...(role === undefined ? {} : { role }),
    })),
    renditions: renditions.map(({ looks, glob, ...rule }) => ({
      ...rule,
      ...(looks === undefined ? {} : { looks }),
      ...(glob === undefined ? {} : { glob }),
    })),
    tokens: tokens.map(({ directory, prefix, suffix, name, ...rule }) => ({
      ...rule,
      ...(directory === undefined ? {} : { directory }),
      ...(prefix === undefined ? {} : { prefix }),
      ...(suffix === undefined ? {} : { suffix }),
      ...(name === undefined ? {} : { name }),
    })),
    ...(originalTrust === undefined ? {} : { originalTrust }),
    ...(originalsMayBeMissing === undefined ? {} : { originalsMayBeMissing }),
  };
}

function groupsExist(
  rule: { readonly regex: RegExp; readonly stem: string | null; readonly family?: string },
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
