import { expect, test } from "vitest";
import { HaulError, type Trouble } from "../../src/errors.ts";
import type { Listed } from "../../src/model.ts";
import { noticingRefusal } from "../../src/sources/all-refused.ts";
import type { Source } from "../../src/sources/source.ts";

const signal = new AbortController().signal;
const object: Listed = { key: "a", size: 1, etag: "", modified: "", storageClass: "" };

/** What opening comes to, time after time; null where it works. */
async function troublesOf(answers: readonly (Trouble | null)[]): Promise<(Trouble | null)[]> {
  let time = 0;
  const source: Source = Object.assign(Object.create(null), {
    name: "s3://photos",
    open: async () => {
      const trouble = answers[time++] ?? null;
      if (trouble !== null) throw new HaulError(trouble, "a: may not be read (s3:GetObject)");
    },
  });
  const noticing = noticingRefusal(source);
  const troubles: (Trouble | null)[] = [];
  for (const _ of answers) {
    troubles.push(
      await noticing.open(object, 0, signal).then(
        () => null,
        (error: unknown) => (error instanceof HaulError ? error.trouble : "broken"),
      ),
    );
  }
  return troubles;
}

const times = <T>(count: number, what: T): T[] => Array.from({ length: count }, () => what);

test("when the first twenty photos may not be read, it is the permission that is missing", async () => {
  const troubles = await troublesOf(times(21, "forbidden"));
  expect(troubles).toEqual([...times(19, "forbidden"), "denied", "denied"]);
});

test("once one could be read, refusals are those of single photos", async () => {
  const answers = [...times(5, "forbidden" as const), null, ...times(100, "forbidden" as const)];
  expect(await troublesOf(answers)).toEqual(answers);
});

test("other troubles are no refusals", async () => {
  const answers = [...times(30, "missing" as const), ...times(10, "server" as const)];
  expect(await troublesOf(answers)).toEqual(answers);
});
