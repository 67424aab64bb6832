import { expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import { type Turn, Turns } from "../../src/photo/turns.ts";

const never = new AbortController().signal;
const trouble = (afterMs?: number) =>
  new HaulError("server", "the store has trouble", { retry: true, ...(afterMs === undefined ? {} : { afterMs }) });

async function* items(count: number): AsyncGenerator<number> {
  for (let item = 0; item < count; item += 1) yield item;
}

/** Takes every turn, several at once; `fails` says which first turns fail. */
async function order(
  count: number,
  fails: (item: number) => HaulError | null,
  atOnce = 1,
): Promise<{ readonly taken: string[]; readonly refused: number[] }> {
  const turns = new Turns<number>(Date.now);
  const [taken, refused]: [string[], number[]] = [[], []];
  const one = async (turn: Turn<number>) =>
    turns.take(turn, async () => {
      await Promise.resolve();
      taken.push(`${turn.item}${turn.failed === null ? "" : " again"}`);
      const error = turn.failed === null ? fails(turn.item) : null;
      if (error === null) turns.came();
      else if (!turns.waits(turn.item, error)) refused.push(turn.item);
    });
  const running = new Set<Promise<void>>();
  for await (const turn of turns.all(items(count), never)) {
    const piece: Promise<void> = one(turn).finally(() => running.delete(piece));
    running.add(piece);
    if (running.size >= atOnce) await Promise.race(running);
  }
  await Promise.all(running);
  return { taken, refused };
}

test.each([1, 4])("a second turn comes after every first one (%i at once)", async (atOnce) => {
  const { taken } = await order(20, (item) => (item < 5 ? trouble() : null), atOnce);
  expect(taken).toHaveLength(25);
  expect(taken.slice(0, 20).every((turn) => !turn.includes("again"))).toBe(true);
  expect(taken.slice(20).toSorted()).toEqual(["0 again", "1 again", "2 again", "3 again", "4 again"]);
});

test("one that is to come later than another lets it pass", async () => {
  const { taken } = await order(3, (item) => (item === 0 ? trouble(400) : item === 1 ? trouble() : null));
  expect(taken).toEqual(["0", "1", "2", "1 again", "0 again"]);
});

test("a store that asks for more time than is waited for has no second turn", async () => {
  const { taken, refused } = await order(2, (item) => (item === 0 ? trouble(301_000) : null));
  expect(taken).toEqual(["0", "1"]);
  expect(refused).toEqual([0]);
});

test("where a hundred in a row fail it is the store, and the others do not wait", async () => {
  const { refused } = await order(150, () => trouble());
  expect(refused).toEqual(Array.from({ length: 50 }, (_, at) => at + 100));
});

test("what ends the run ends the turns, also those that wait for a time", async () => {
  const turns = new Turns<number>(Date.now);
  const failing = async () => {
    for await (const turn of turns.all(items(2), never)) {
      await turns.take(turn, async () => {
        if (turn.item === 1) throw new HaulError("denied", "no");
        turns.waits(turn.item, trouble(200_000));
      });
    }
  };
  await expect(failing()).rejects.toMatchObject({ code: "denied" });
  const abort = new AbortController();
  const waiting = new Turns<number>(Date.now);
  const taken: number[] = [];
  for await (const turn of waiting.all(items(1), abort.signal)) {
    await waiting.take(turn, async () => {
      taken.push(turn.item);
      waiting.waits(turn.item, trouble(200_000));
      setTimeout(() => abort.abort(), 10);
    });
  }
  expect(taken).toEqual([0]);
});
