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
    "dates/zone.ts",
    'import { list } from "../steps/list.ts";',
    "dates/zone.ts (floor 4) imports steps/list.ts (floor 7)",
  ],
  [
    "an import from another room of the same floor",
    "dates/zone.ts",
    'import { classify } from "../originals/classify.ts";',
    "dates/zone.ts (floor 4) imports originals/classify.ts (floor 4)",
  ],
  ["an import of itself", "retry.ts", 'import "./retry.ts";', "retry.ts imports retry.ts: a circle"],
  [
    "a type from above",
    "model.ts",
    'import type { Source } from "./stores/source.ts";',
    "model.ts (floor 0) imports stores/source.ts (floor 2)",
  ],
  [
    "an import over several lines",
    "local/lock.ts",
    'import {\n  type Source,\n  other,\n} from "../stores/source.ts";',
    "local/lock.ts (floor 1) imports stores/source.ts (floor 2)",
  ],
  [
    "a re-export from above",
    "errors.ts",
    'export * from "./mirror.ts";',
    "errors.ts (floor 0) imports mirror.ts (floor 9)",
  ],
  ["one story in another", "mirror.ts", 'import "./verify.ts";', "mirror.ts (floor 9) imports verify.ts (floor 9)"],
  ["an import for its effect", "mirror.ts", 'import "./cli.ts";', "mirror.ts (floor 9) imports cli.ts (floor 11)"],
  [
    "a dynamic import from above",
    "commands/demo.ts",
    'const { cli } = await import("../cli.ts");',
    "commands/demo.ts (floor 10) imports cli.ts (floor 11)",
  ],
  [
    "a type by import() from above",
    "errors.ts",
    'type E = import("./local/lock.ts").Lock;',
    "errors.ts (floor 0) imports local/lock.ts (floor 1)",
  ],
  [
    "an import that is computed",
    "cli.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a file
    "await import(`./commands/${verb}.ts`);",
    "cli.ts imports what cannot be read from its text",
  ],
  ["a folder that the table does not know", "attic/box.ts", "export const box = 1;", "attic/box.ts stands on no floor"],
  [
    "an import of a file without a floor",
    "cli.ts",
    'import { box } from "./attic/box.ts";',
    "cli.ts (floor 11) imports attic/box.ts (floor none)",
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
    "the AWS SDK outside stores/s3/",
    "stores/swift/session.ts",
    'import type { S3Client } from "@aws-sdk/client-s3";',
    "stores/swift/session.ts uses @aws-sdk/client-s3, which another room keeps to itself",
  ],
  [
    "Smithy outside stores/s3/",
    "retry.ts",
    'import { SignatureV4 } from "@smithy/signature-v4";',
    "retry.ts uses @smithy/signature-v4, which another room keeps to itself",
  ],
  [
    "ExifReader outside metadata/",
    "photo/date.ts",
    'import ExifReader from "exifreader";',
    "photo/date.ts uses exifreader, which another room keeps to itself",
  ],
  [
    "ExifTool outside metadata/",
    "photo/date.ts",
    'const { exiftool } = await import("exiftool-vendored");',
    "photo/date.ts uses exiftool-vendored, which another room keeps to itself",
  ],
  [
    "a decision that reads a file",
    "dates/zone.ts",
    'import { readFileSync } from "node:fs";',
    "dates/zone.ts is not pure: node:fs",
  ],
  [
    "a decision that looks at the clock",
    "dates/zone.ts",
    "const now = Date.now();",
    "dates/zone.ts is not pure: Date.now(",
  ],
];

test("a circle within a room is found", () => {
  const files = [
    { path: "dates/zone.ts", text: 'import "./date-order.ts";' },
    { path: "dates/date-order.ts", text: 'import "./zone.ts";' },
  ];
  expect(violations(files)).toEqual(["dates/zone.ts imports dates/date-order.ts imports dates/zone.ts: a circle"]);
});

test("two files of one name are found, but a story and its command", () => {
  const named = (...paths: string[]) => violations(paths.map((path) => ({ path, text: "" })));
  expect(named("report/files.ts", "local/files.ts")).toEqual(["report/files.ts and local/files.ts have one name"]);
  expect(named("mirror.ts", "commands/mirror.ts", "stores/all.ts", "targets/all.ts")).toEqual([]);
});

describe("a planted violation is found", () => {
  test.each(planted)("%s", (_rule, path, text, said) => {
    expect(violations([{ path, text }])).toContain(said);
  });
});

describe("what is allowed is not called a violation", () => {
  test.each([
    ["imports downwards", "steps/list.ts", 'import type { Source } from "../stores/source.ts";'],
    ["imports in its own room", "stores/s3/lister.ts", 'import { wire } from "../http/wire.ts";'],
    ["packages in their rooms", "stores/s3/client.ts", 'import { S3Client } from "@aws-sdk/client-s3";'],
    ["the sample bucket in a command", "commands/demo.ts", 'import "../../fixtures/server.ts";'],
    ["imports in comments", "model.ts", '// import "./cli.ts";\n/* import("./cli.ts") */'],
    ["300 lines", "mirror.ts", "// line\n".repeat(300)],
    ["a time that is given", "dates/zone.ts", "export const at = (ms: number) => new Date(ms);"],
  ])("%s", (_rule, path, text) => {
    expect(violations([{ path, text }])).toEqual([]);
  });
});
