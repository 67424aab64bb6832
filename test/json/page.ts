/** docs/json.md, made of the schemas: a table for each line that a command prints. */

import { z } from "zod";
import { CAPTURED, EVENTS, WARNINGS } from "../../src/event-schemas.ts";
import { STATUS } from "../../src/summary-schemas.ts";

const ABOUT = `# What \`--json\` prints

One JSON object a line on standard output, and nothing else there; what a person has to read goes to standard error.
The first line is a \`run\`, the last one a \`summary\`, whatever ended the run. \`--log FILE\` has the same lines.
Fields may be added in later versions, none is renamed or removed: read those that you know, and pass over \`type\`s that
you do not. A field marked \`?\` may be absent. Times are ISO 8601, sizes are bytes, digests are lower-case hex.

This page is made of the schemas in \`src/event-schemas.ts\` and \`src/summary-schemas.ts\`, to which the tests hold what
every command prints (\`test/json/page.test.ts\`, and every test that runs a command with \`--json\`).
`;

const REST = `## Other output

\`explain --json\` prints one object: what the catalogue knows of the key (\`object\`, \`siblings\`, \`kept\`, \`failures\`),
how it is dated (\`dated\`, every candidate with its fate), and where it would go (\`path\`). \`layouts --json\` prints one list
of \`{id, title}\`. \`--report FILE.json\` has the summary, and what went wrong, in one object.
`;

type Schema = z.core.JSONSchema.BaseSchema;
type Line = z.ZodType;

/** The whole page. */
export function page(): string {
  return [
    ABOUT,
    command("`mirror`, `inventory`", EVENTS.mirror),
    command("`dates`", EVENTS.dates),
    command("`verify`", EVENTS.verify),
    command("`restore`", EVENTS.restore),
    command("`status`", [STATUS]),
    `## When a photo was taken\n\n${table(schemaOf(CAPTURED))}\n`,
    `## Codes of warnings\n\n${aligned([
      ["code", "what it is about"],
      ...Object.entries(WARNINGS).map(([code, words]) => [`\`${code}\``, words]),
    ])}\n`,
    REST,
  ].join("\n");
}

const told = new Set<Line>();

function command(name: string, lines: readonly Line[]): string {
  const fresh = lines.filter((line) => !told.has(line));
  const known = lines.filter((line) => told.has(line)).map((line) => `\`${typeOf(schemaOf(line))}\``);
  for (const line of lines) told.add(line);
  const as = known.length === 0 ? "" : `Also ${known.join(", ")}, as above.\n\n`;
  return `## ${name}\n\n${as}${fresh.map(section).join("\n")}`;
}

function section(line: Line): string {
  const schema = schemaOf(line);
  return `### \`${typeOf(schema)}\`\n\n${line.description ?? ""}\n\n${table(schema)}\n`;
}

function schemaOf(line: Line): Schema {
  return z.toJSONSchema(line, { io: "output", unrepresentable: "throw", reused: "inline" });
}

function typeOf(schema: Schema): string {
  const type = schema.properties?.type;
  return typeof type === "object" ? String(type.const) : "";
}

function table(schema: Schema): string {
  const rows = fieldsOf(schema, "").map(({ name, form, words }) => [`\`${name}\``, form, words]);
  return aligned([["field", "form", "what it is"], ...rows]);
}

/** As the formatter writes tables. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const [head = "", ...rest] = rows.map(line);
  return [head, rule, ...rest].join("\n");
}

interface Row {
  readonly name: string;
  readonly form: string;
  readonly words: string;
}

/** Fields of fields by their path: `plan.photos`, `copies[].target`. */
function fieldsOf(schema: Schema, above: string): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([field, value]) => {
    if (typeof value !== "object") return [];
    const name = `${above}${field}${schema.required?.includes(field) === true ? "" : "?"}`;
    const bare = withoutNull(value);
    const row = { name, form: formOf(value), words: value.description ?? bare.description ?? "" };
    const items = typeof bare.items === "object" && !Array.isArray(bare.items) ? bare.items : null;
    const seen = field === "captured" ? [] : fieldsOf(bare, `${above}${field}.`);
    const inner = items === null ? seen : fieldsOf(items, `${above}${field}[].`);
    return [row, ...inner];
  });
}

function withoutNull(schema: Schema): Schema {
  const some = schema.anyOf?.find((one) => typeof one === "object" && one.type !== "null");
  return typeof some === "object" ? some : schema;
}

function formOf(schema: Schema): string {
  const bare = withoutNull(schema);
  const orNull = bare === schema ? "" : " or null";
  if (bare.const !== undefined) return `"${String(bare.const)}"`;
  if (bare.enum !== undefined) return `${bare.enum.map((one) => `\`${String(one)}\``).join(", ")}${orNull}`;
  if (bare.type === "array") {
    const { items } = bare;
    const of = typeof items === "object" && !Array.isArray(items) ? formOf(items) : "any";
    return `list of ${of}${orNull}`;
  }
  if (bare.type === "object" && bare.propertyNames !== undefined) {
    const names = typeof bare.propertyNames === "object" ? bare.propertyNames.enum : undefined;
    return `${names === undefined ? "number by name" : `number for each of ${names.map((one) => `\`${String(one)}\``).join(", ")}`}${orNull}`;
  }
  return `${String(bare.type)}${orNull}`;
}
