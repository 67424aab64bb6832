import { expect, test } from "vitest";
import { type ErrorCode, HaulError } from "../../src/errors.ts";
import type { Listed } from "../../src/model.ts";
import { guardDenied } from "../../src/stores/denied-guard.ts";
import type { Source } from "../../src/stores/source.ts";

const signal = new AbortController().signal;
const objectOf = (key: number | string): Listed => ({
  key: `${key}`,
  size: 1,
  etag: "",
  modified: "",
  storageClass: "",
});

/** What opening comes to, of one object after the other; null where it works. */
async function troublesOf(answers: readonly (ErrorCode | null)[]): Promise<(ErrorCode | null)[]> {
  let time = 0;
  const source: Source = Object.assign(Object.create(null), {
    name: "s3://photos",
    open: async () => {
      const trouble = answers[time++] ?? null;
      if (trouble !== null) throw new HaulError(trouble, "a: may not be read (s3:GetObject)");
    },
  });
  const noticing = guardDenied(source);
  const troubles: (ErrorCode | null)[] = [];
  for (const key of answers.keys()) {
    troubles.push(
      await noticing.open(objectOf(key), 0, signal).then(
        () => null,
        (error: unknown) => (error instanceof HaulError ? error.code : "broken"),
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

/** A source of which `refuses` says what opening an object throws; null where it works. */
function sourceWhere(refuses: (key: string) => HaulError | null, others: readonly string[] = []): Source {
  const source: Source = Object.assign(Object.create(null), {
    name: "s3://photos",
    async open({ key }: Listed) {
      const error = refuses(key);
      if (error !== null) throw error;
      return { head: {}, bytes: { async *[Symbol.asyncIterator]() {} } };
    },
  });
  return guardDenied(source, async () => others.map(objectOf));
}

const openedWith = (source: Source, key: number | string) =>
  source.open(objectOf(key), 0, signal).then(
    () => "read",
    (error: unknown) => (error instanceof HaulError ? `${error.code}${error.endsRun ? ", ends" : ""}` : "broken"),
  );

test.each<ErrorCode>(["credentials", "denied", "no-bucket", "unreachable", "quota"])(
  "what is said of everybody (%s) and met at one object is that object's, however often",
  async (trouble) => {
    const source = sourceWhere((key) => (Number(key) % 2 === 1 ? new HaulError(trouble, "no") : null));
    for (let key = 0; key < 200; key += 1) {
      expect(await openedWith(source, key)).toBe(key % 2 === 1 ? trouble : "read");
    }
  },
);

test("many in a row that are refused are not the store's while one that was read is read again", async () => {
  const source = sourceWhere((key) => (key === "good" ? null : new HaulError("denied", "no")));
  expect(await openedWith(source, "good")).toBe("read");
  for (let key = 0; key < 100; key += 1) expect(await openedWith(source, key)).toBe("denied");
});

test("they are the store's when that one is refused as well", async () => {
  let closed = false;
  const source = sourceWhere(() => (closed ? new HaulError("quota", "no more") : null));
  expect(await openedWith(source, "good")).toBe("read");
  closed = true;
  for (let key = 0; key < 19; key += 1) expect(await openedWith(source, key)).toBe("quota");
  expect(await openedWith(source, 19)).toBe("quota, ends");
});

test("what may be mended by asking again counts once it was asked as often as it may be", async () => {
  const source = sourceWhere(() => new HaulError("unreachable", "no", { retry: true }));
  for (let attempt = 0; attempt < 4; attempt += 1) {
    for (let key = 0; key < 40; key += 1) expect(await openedWith(source, key)).toBe("unreachable");
  }
  for (let key = 0; key < 19; key += 1) expect(await openedWith(source, key)).toBe("unreachable");
  expect(await openedWith(source, 19)).toBe("unreachable, ends");
});

test.each<ErrorCode>(["forbidden", "denied", "quota", "unreachable"])(
  "the first of all, however many fail (%s), are not the store's while another from elsewhere can be read",
  async (trouble) => {
    const source = sourceWhere((key) => (key === "far" ? null : new HaulError(trouble, "no")), ["near", "far"]);
    for (let key = 0; key < 100; key += 1) expect(await openedWith(source, key)).toBe(trouble);
  },
);

test("they are the store's where none of the others can be read either", async () => {
  const source = sourceWhere(() => new HaulError("forbidden", "no"), ["near", "far"]);
  for (let key = 0; key < 19; key += 1) expect(await openedWith(source, key)).toBe("forbidden");
  expect(await openedWith(source, 19)).toBe("denied, ends");
});

test("one that was read and is refused now is not the store's word while another can be read", async () => {
  let closed = false;
  const refuses = (key: string) => (key !== "far" && closed ? new HaulError("quota", "no more") : null);
  const source = sourceWhere(refuses, ["near", "far"]);
  expect(await openedWith(source, "good")).toBe("read");
  closed = true;
  for (let key = 0; key < 100; key += 1) expect(await openedWith(source, key)).toBe("quota");
});
