/** What a command says of its options, as yargs wants to be told. */

import type { Options } from "yargs";
import { z } from "zod";
import type { Command } from "./command.ts";

/** How words are read: as they are, nothing of them guessed. */
export const PARSING = {
  "camel-case-expansion": false,
  "boolean-negation": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "dot-notation": false,
  "greedy-arrays": false,
};

function isPositional(name: string, { positional }: Command): boolean {
  return new RegExp(`[<[]${name}(\\.\\.\\.)?[>\\]]`).test(positional);
}

/** The positional arguments with what each is. */
export function positionalsOf(command: Command): (readonly [name: string, description: string])[] {
  return Object.entries(command.options.shape)
    .filter(([name]) => isPositional(name, command))
    .map(([name, schema]) => [name, z.globalRegistry.get(schema)?.description ?? ""]);
}

/** All but the positional arguments. */
export function optionsOf(command: Command): (Options & { readonly name: string })[] {
  return Object.entries(command.options.shape)
    .filter(([name]) => !isPositional(name, command))
    .map(([name, schema]) => ({ name, ...optionOf(schema) }));
}

/** What a schema says of its option, whatever wraps it. */
function optionOf(schema: z.core.$ZodType): Options {
  const { description, group, shown, alias } = z.globalRegistry.get(schema) ?? {};
  const { inner, initial } = unwrapped(schema);
  const type = inner instanceof z.ZodBoolean ? "boolean" : "string";
  const said = shown ?? (typeof initial === "string" || typeof initial === "number" ? String(initial) : undefined);
  return {
    type,
    requiresArg: type === "string",
    ...(description === undefined ? {} : { describe: description }),
    ...(alias === undefined ? {} : { alias }),
    ...(inner instanceof z.ZodArray ? { array: true } : {}),
    ...(inner instanceof z.ZodEnum ? { choices: inner.options } : {}),
    ...(group === undefined ? {} : { group }),
    ...(said === undefined ? {} : { defaultDescription: said }),
  };
}

function unwrapped(schema: z.core.$ZodType): { readonly inner: z.core.$ZodType; readonly initial: unknown } {
  if (schema instanceof z.ZodDefault) {
    const { inner } = unwrapped(schema.def.innerType);
    return { inner, initial: schema.def.defaultValue };
  }
  if (schema instanceof z.ZodNullable) return unwrapped(schema.def.innerType);
  return { inner: schema, initial: undefined };
}
