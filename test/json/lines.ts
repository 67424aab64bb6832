/** Holds what a command printed with `--json` to the schemas of its lines. */

import { z } from "zod";
import { EVENTS } from "../../src/event-schemas.ts";
import { STATUS } from "../../src/summary-schemas.ts";

const LINES: Readonly<Record<string, ReadonlyMap<string, z.ZodType>>> = {
  mirror: byType(EVENTS.mirror),
  inventory: byType(EVENTS.mirror),
  dates: byType(EVENTS.dates),
  verify: byType(EVENTS.verify),
  restore: byType(EVENTS.restore),
  status: byType([STATUS]),
};

const ANY = z.object({ type: z.string() });

/**
 * @param args of the command line
 * @throws Error naming the first line that is none of what the command may print, and why
 */
export function mustBeDocumented(args: readonly string[], stdout: string): void {
  const schemas = LINES[args[0] ?? ""];
  if (schemas === undefined || !args.includes("--json")) return;
  for (const line of stdout.split("\n").filter((text) => text !== "")) {
    const json: unknown = JSON.parse(line);
    const own = schemas.get(ANY.parse(json).type);
    if (own === undefined) throw new Error(`no such line is documented: ${line}`);
    const { error } = own.safeParse(json);
    if (error !== undefined) throw new Error(`${z.prettifyError(error)} in ${line}`);
  }
}

function byType(schemas: readonly z.ZodType[]): ReadonlyMap<string, z.ZodType> {
  return new Map(
    schemas.map((schema) => {
      const { type } = z.toJSONSchema(schema).properties ?? {};
      return [typeof type === "object" ? String(type.const) : "", schema];
    }),
  );
}
