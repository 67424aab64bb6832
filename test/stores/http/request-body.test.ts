import { once } from "node:events";
import { expect, test } from "vitest";
import { bodyOf } from "../../../src/stores/http/request-body.ts";

test("a file that is gone before it was read ends nothing but its own stream", async () => {
  const stream = bodyOf({ file: "/nowhere/to/be/found" }, 1, "").open();
  if (stream instanceof Uint8Array) throw new TypeError("a file is a stream");
  // Without a listener of its own this would be an error that nobody caught.
  await once(stream, "close");
  expect(stream.errored).toMatchObject({ code: "ENOENT" });
});
