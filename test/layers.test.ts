import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { type SourceFile, violations } from "./layers.ts";

const src = join(import.meta.dirname, "..", "src");

function sources(): SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({
      path: name.split(sep).join("/"),
      text: readFileSync(join(src, name), "utf8"),
    }));
}

test("the house stands: every import goes down, every room keeps to its rules", () => {
  const files = sources();
  expect(files.length).toBeGreaterThan(10);
  expect(violations(files)).toEqual([]);
});

/** Each a file that must be refused, and what is said of it. */
const planted: readonly (readonly [rule: string, path: string, text: string, said: string])[] = [
  [
    "an import upwards",
    "decide/name.ts",
    'import { list } from "../steps/list.ts";',
    "decide/name.ts (floor 2) imports steps/list.ts (floor 3)",
  ],
  [
    "an import on the same floor",
    "sources/s3.ts",
    'import { folder } from "./folder.ts";',
    "sources/s3.ts (floor 2.01) imports sources/folder.ts (floor 2.01)",
  ],
  [
    "an import up the stairs of a room",
    "catalogue/rows.ts",
    'import { open } from "./sqlite.ts";',
    "catalogue/rows.ts (floor 1) imports catalogue/sqlite.ts (floor 1.05)",
  ],
  [
    "a type from above",
    "model.ts",
    'import type { Emit } from "./events.ts";',
    "model.ts (floor 0) imports events.ts (floor 1)",
  ],
  [
    "an import over several lines",
    "events.ts",
    'import {\n  type Source,\n  other,\n} from "./sources/source.ts";',
    "events.ts (floor 1) imports sources/source.ts (floor 1)",
  ],
  [
    "a re-export from above",
    "errors.ts",
    'export * from "./mirror.ts";',
    "errors.ts (floor 0) imports mirror.ts (floor 4)",
  ],
  ["an import for its effect", "mirror.ts", 'import "./cli.ts";', "mirror.ts (floor 4) imports cli.ts (floor 6)"],
  [
    "a dynamic import from above",
    "commands/demo.ts",
    'const { cli } = await import("../cli.ts");',
    "commands/demo.ts (floor 5.07) imports cli.ts (floor 6)",
  ],
  [
    "a type by import() from above",
    "errors.ts",
    'type E = import("./events.ts").Emit;',
    "errors.ts (floor 0) imports events.ts (floor 1)",
  ],
  [
    "an import that is computed",
    "cli.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a file
    "await import(`./commands/${verb}.ts`);",
    "cli.ts imports what cannot be read from its text",
  ],
  ["a file that the table does not know", "attic/box.ts", "export const box = 1;", "attic/box.ts stands on no floor"],
  [
    "an import of a file without a floor",
    "cli.ts",
    'import { box } from "./attic/box.ts";',
    "cli.ts (floor 6) imports attic/box.ts (floor none)",
  ],
  [
    "the sample bucket below the commands",
    "mirror.ts",
    'import { start } from "../fixtures/server.ts";',
    "mirror.ts imports ../fixtures/server.ts from outside the house",
  ],
  ["a file of 301 lines", "mirror.ts", "// line\n".repeat(301), "mirror.ts has 301 lines"],
  ["a name that says nothing", "steps/photo-utils.ts", "", 'steps/photo-utils.ts is named "utils", which says nothing'],
  ["a folder that says nothing", "common/key.ts", "", 'common/key.ts is named "common", which says nothing'],
  [
    "SQL outside the catalogue",
    "mirror.ts",
    'import { DatabaseSync } from "node:sqlite";',
    "mirror.ts uses node:sqlite, which another room keeps to itself",
  ],
  [
    "the AWS SDK outside s3/",
    "sources/s3.ts",
    'import type { S3Client } from "@aws-sdk/client-s3";',
    "sources/s3.ts uses @aws-sdk/client-s3, which another room keeps to itself",
  ],
  [
    "Smithy outside s3/",
    "retry.ts",
    'import { SignatureV4 } from "@smithy/signature-v4";',
    "retry.ts uses @smithy/signature-v4, which another room keeps to itself",
  ],
  [
    "ExifReader outside metadata/",
    "steps/date.ts",
    'import ExifReader from "exifreader";',
    "steps/date.ts uses exifreader, which another room keeps to itself",
  ],
  [
    "ExifTool outside metadata/",
    "steps/date.ts",
    'const { exiftool } = await import("exiftool-vendored");',
    "steps/date.ts uses exiftool-vendored, which another room keeps to itself",
  ],
  [
    "a decision that reads a file",
    "decide/zone.ts",
    'import { readFileSync } from "node:fs";',
    "decide/zone.ts is not pure: node:fs",
  ],
  [
    "a decision that looks at the clock",
    "decide/zone.ts",
    "const now = Date.now();",
    "decide/zone.ts is not pure: Date.now(",
  ],
];

describe("a planted violation is found", () => {
  test.each(planted)("%s", (_rule, path, text, said) => {
    expect(violations([{ path, text }])).toContain(said);
  });
});

describe("what is allowed is not called a violation", () => {
  test.each([
    ["imports downwards", "steps/list.ts", 'import type { Source } from "../sources/source.ts";'],
    ["packages in their rooms", "s3/client.ts", 'import { S3Client } from "@aws-sdk/client-s3";'],
    ["the sample bucket in a command", "commands/demo.ts", 'import "../../fixtures/server.ts";'],
    ["imports in comments", "model.ts", '// import "./cli.ts";\n/* import("./cli.ts") */'],
    ["300 lines", "mirror.ts", "// line\n".repeat(300)],
    ["a time that is given", "decide/zone.ts", "export const at = (ms: number) => new Date(ms);"],
  ])("%s", (_rule, path, text) => {
    expect(violations([{ path, text }])).toEqual([]);
  });
});
