/** Which listed objects are photos of which only the bytes and the name on a target are known: found without asking the source. */

import type { Listed, ManifestEntry } from "../model.ts";
import type { Database } from "./database.ts";
import { text, whole } from "./rows.ts";

type Lying = Pick<ManifestEntry, "key" | "size" | "md5">;
export type Likely = Pick<Listed, "key" | "etag" | "modified">;

/**
 * For each photo the object whose ETag is the MD5 of its bytes; else one of its size whose key ends in its name, which the
 * next fetch holds against the bytes. Never one object for two photos, and none that `lines` names.
 * @param isListed whether this run's listing has that key
 */
export function objectsLike(
  db: Database,
  photos: readonly Lying[],
  isListed: (key: string) => boolean,
): (Likely | null)[] {
  const like = new Map<string, Likely[]>();
  for (const { md5, size, key } of photos) {
    like.set(md5, []);
    like.set(sizedName(size, key), []);
  }
  const sizes = JSON.stringify([...new Set(photos.map(({ size }) => size))]);
  const rows = db.statement(
    `SELECT o.key, o.etag, o.size, o.modified FROM objects o WHERE o.size IN (SELECT value FROM json_each(?))
       AND NOT EXISTS (SELECT 1 FROM lines a WHERE a.key = o.key AND a.etag = o.etag)
     ORDER BY o.kind IS 'original' DESC, o.key`,
  );
  for (const row of rows.iterate(sizes)) {
    const [key, etag, modified] = [text(row, "key"), text(row, "etag"), text(row, "modified")];
    const [byDigest, byName] = [like.get(etag.toLowerCase()), like.get(sizedName(whole(row, "size"), key))];
    if ((byDigest ?? byName) === undefined || !isListed(key)) continue;
    byDigest?.push({ key, etag, modified });
    byName?.push({ key, etag, modified });
  }
  const taken = new Set<string>();
  return photos.map(({ md5, size, key }) => {
    const named = free(like.get(sizedName(size, key)), taken);
    const proven = free(like.get(md5), taken);
    const sure = named.find(({ etag }) => etag.toLowerCase() === md5) ?? proven[0] ?? null;
    // Of several that only look like it none is better than another.
    const likely = sure ?? (named.length === 1 ? (named[0] ?? null) : null);
    if (likely !== null) taken.add(likely.key);
    return likely;
  });
}

function free(objects: readonly Likely[] = [], taken: ReadonlySet<string>): readonly Likely[] {
  return objects.filter(({ key }) => !taken.has(key));
}

function sizedName(size: number, key: string): string {
  return `${size} ${key.slice(key.lastIndexOf("/") + 1)}`;
}
