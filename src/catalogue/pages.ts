/** Reading a table page by page, in key order. */

import { setImmediate } from "node:timers/promises";

/**
 * Lets everything else have its turn. SQLite answers at once, so a loop over its pages would keep a Ctrl-C, a
 * progress bar and every connection waiting until its end.
 */
export async function turn(): Promise<void> {
  await setImmediate();
}

/**
 * Pages until one is empty.
 * @param pageAfter the rows that follow a key, in key order; "" is before every key
 */
export async function* inPages<T extends { readonly key: string }>(
  pageAfter: (key: string) => readonly T[],
): AsyncGenerator<readonly T[]> {
  for (let after = ""; ; ) {
    await turn();
    const rows = pageAfter(after);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.key;
  }
}
