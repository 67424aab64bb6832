/** A listing of a target in a bucket, as the target names its photos: below its prefix, its own lists left out. */

import type { KeyRange, Page, Source } from "./source.ts";

/** What photohaul itself keeps on a target. */
const OWN = ".photohaul/";

/** @param prefix "" or one that ends in a slash; nothing else is listed by the source */
export function stripPrefix(source: Pick<Source, "list">, prefix: string): Pick<Source, "list"> {
  return {
    async *list({ after, upto }: KeyRange, signal: AbortSignal): AsyncGenerator<Page> {
      const range = {
        ...(after === undefined ? {} : { after: prefix + after }),
        ...(upto === undefined ? {} : { upto: prefix + upto }),
      };
      for await (const { objects } of source.list(range, signal)) {
        const below = objects.map((object) => ({
          ...object,
          key: object.key.slice(prefix.length),
        }));
        yield { objects: below.filter(({ key }) => !key.startsWith(OWN)) };
      }
    },
  };
}
