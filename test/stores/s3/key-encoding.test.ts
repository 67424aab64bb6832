import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeKey, encodeKey } from "../../../src/key.ts";
import { keyToPath, toQuery } from "../../../src/stores/http/wire.ts";
import { keyFromText, keyFromUrl } from "../../../src/stores/s3/key-encoding.ts";

const anyKey = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => decodeKey(bytes));

test.each([
  ["2012/a.jpg", "2012/a.jpg"],
  ["with space+plus&.jpg", "with%20space%2Bplus%26.jpg"],
  ["写", "%E5%86%99"],
  ["a//b/../c", "a//b/../c"],
  ["!'()*~", "%21%27%28%29%2A~"],
  [decodeKey(Buffer.from([0xff])), "%FF"],
])("%j goes into a path as %s", (key, path) => {
  expect(keyToPath(key)).toBe(path);
});

test("a query is sorted, and encodes slashes too", () => {
  expect(toQuery({ prefix: "a/b c", "list-type": "2", versions: "" })).toBe("list-type=2&prefix=a%2Fb%20c&versions=");
});

test("a path is the key's bytes, percent-encoded", () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      const path = keyToPath(key);
      expect(path).toMatch(/^[A-Za-z0-9\-._~/%]*$/);
      const bytes = path.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      expect(Buffer.from(bytes, "latin1")).toEqual(encodeKey(key));
    }),
  );
});

test("keys survive a listing, encoded or not", () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      expect(keyFromUrl(toQuery({ k: key }).slice(2))).toBe(key);
      expect(keyFromText(encodeKey(key).toString("latin1"))).toBe(key);
    }),
  );
});
