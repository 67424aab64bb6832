/** What the parser alone reads of a line is what the whole of yargs reads, or it reads nothing. */

import { array, assert, asyncProperty, constantFrom, oneof, string } from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Command, createCommand } from "../../src/run/command.ts";
import { readPlain } from "../../src/run/command-line.ts";
import { readInFull } from "../../src/run/full-line.ts";

const options = z.object({
  source: z.string(),
  json: z.boolean().default(false).meta({ alias: "j" }),
  "no-progress": z.boolean().default(false),
  name: z.string().default("{key}"),
  limit: z.string().nullable().default(null).meta({ alias: "l" }),
  include: z.array(z.string()).default([]),
  renditions: z.enum(["skip", "keep"]).default("skip"),
});
const command: Command = createCommand(
  { positional: "<source>", description: "", options, examples: [] },
  async () => 0,
);

const word = oneof(
  constantFrom(
    ..."--json --json=true --json=false -j --no-json --no-progress --progress --name --name= --name=a --name a --limit 5".split(
      " ",
    ),
    ..."--limit=5 -l -l5 -l=5 -jl --include *.jpg --include= --include=b --renditions skip --renditions=keep".split(
      " ",
    ),
    ..."--renditions=none --renditions= -- - --help -h -hV --version -V --nam --a.b --__proto__=1 s3://b /x 007 -5".split(
      " ",
    ),
    "",
    "--name=--json",
    "--include=a b",
  ),
  string({ maxLength: 4 }),
);

async function inFull(words: readonly string[]) {
  try {
    return await readInFull("test", command, words, 80);
  } catch {
    return null;
  }
}

test("what the parser alone reads is what yargs reads", async () => {
  await assert(
    asyncProperty(array(word, { maxLength: 6 }), async (words) => {
      const plain = readPlain(words, command);
      if (plain === null) return;
      const { $0: _program, ...full } = Object(await inFull(words));
      expect({ ...plain }).toEqual({ ...full });
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [["s3://b"], true],
  [["s3://b", "--json", "--include=a", "--include", "b", "-l", "5"], true],
  [["s3://b", "--help"], false],
  [["s3://b", "--nmae", "x"], false],
  [["s3://b", "--name"], false],
  [["s3://b", "--renditions", "none"], false],
])("%j is read by the parser alone: %s", (words, alone) => {
  expect(readPlain(words, command) !== null).toBe(alone);
});
