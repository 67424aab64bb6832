import { expect, test } from "vitest";
import { bodyOf } from "../../../src/stores/http/request-body.ts";

test("a file that is gone before it was read ends nothing but its own stream", async () => {
  const stream = bodyOf({ file: "/nowhere/to/be/found" }, 1, "").open();
  if (stream instanceof Uint8Array) throw new TypeError("a file is a stream");
  // Nobody listens for its error here; one that nobody caught would end the process.
  await new Promise<void>((resolve) => {
    stream.once("close", () => resolve());
  });
  expect(stream.errored).toMatchObject({ code: "ENOENT" });
});
