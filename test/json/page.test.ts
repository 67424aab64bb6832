import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WARNINGS } from "../../src/event-schemas.ts";
import { mustBeDocumented } from "./lines.ts";
import { page } from "./page.ts";

const root = join(import.meta.dirname, "..", "..");

test("docs/json.md says what the schemas say (vitest -u writes it anew)", async () => {
  await expect(page()).toMatchFileSnapshot(join(root, "docs", "json.md"));
});

test("each code of a warning is explained", () => {
  const src = join(root, "src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" });
  const codes = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...readFileSync(join(src, file), "utf8").matchAll(/type: "warning",\s*code: "([a-z-]+)"/g)])
    .map(([, code]) => code);
  expect(new Set(codes)).toEqual(new Set(Object.keys(WARNINGS)));
});

describe("a line that is not documented", () => {
  const warning = { type: "warning", code: "retry", message: "again" };
  test.each([
    ["of another kind", { type: "hello" }],
    ["with a field more", { ...warning, more: 1 }],
    ["with a field less", { type: "warning", code: "retry" }],
    ["with another code", { ...warning, code: "oops" }],
  ])("%s is refused", (_how, line) => {
    expect(() => mustBeDocumented(["mirror", "--json"], `${JSON.stringify(line)}\n`)).toThrow();
    expect(() => mustBeDocumented(["mirror", "--json"], `${JSON.stringify(warning)}\n`)).not.toThrow();
  });
});
