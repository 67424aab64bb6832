/** The words in which the schemas of `--json` are written: each field says what it is, which docs/json.md is made of. */

import { z } from "zod";

/** True where each of two types has what the other has. */
type Same<A, B> = [A, keyof A] extends [B, keyof B] ? ([B, keyof B] extends [A, keyof A] ? true : never) : never;

/** Holds a schema to a type that stands elsewhere: the compiler wants `true` for both to have the same fields. */
export function exactly<T>() {
  return <S extends z.ZodType>(schema: S, _same: Same<z.infer<S>, T>): S => schema;
}

export const text = (words: string) => z.string().describe(words);
export const flag = (words: string) => z.boolean().describe(words);
export const count = (words: string) => z.int().nonnegative().describe(words);
export const number = (words: string) => z.number().nonnegative().describe(words);
export const time = (words: string) => z.iso.datetime().describe(`ISO 8601, UTC: ${words}`);
export const texts = (words: string) => z.array(z.string()).readonly().describe(words);
export const counts = <K extends string>(keys: readonly K[], words: string) =>
  z.record(z.enum(keys), z.int().nonnegative()).readonly().describe(words);
export const oneOf = <K extends string>(names: readonly K[], words: string) => z.enum(names).describe(words);
export const list = <S extends z.ZodType>(item: S, words: string) => z.array(item).readonly().describe(words);
/** An object with these fields and no others. */
export const record = <S extends z.core.$ZodLooseShape>(fields: S) => z.strictObject(fields).readonly();
/** One line, told from others by its `type`. */
export const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, words: string, fields: S) =>
  record({ type: z.literal(type).describe("which of them it is"), ...fields }).describe(words);
export const orNull = <S extends z.ZodType>(schema: S, words = schema.description ?? "") =>
  schema.nullable().describe(words);
/** A field that may be absent. */
export const perhaps = <S extends z.ZodType>(schema: S) => schema.exactOptional().describe(schema.description ?? "");
