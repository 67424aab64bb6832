/**
 * Name: the path of a photo on a target, free of every other photo's. Two keys that come to one path (case,
 * Unicode form, a template without the whole key) are told apart by `~<hash8 of the key>`: the later one in
 * key order gets it, on every run the same; where the name depends on the date, the one that is dated later. A key
 * below a name that is a photo (`a` and `a/b`) goes below `a~<hash8>/` instead, as a path cannot be file and folder
 * at once.
 */

import type { Candidate, Catalogue } from "../catalogue/catalogue.ts";
import { besidePath, etag8, folded, hash8 } from "../naming/name.ts";
import type { Target } from "../targets/target.ts";

export interface Named {
  readonly path: string;
  /** The path as the target compares names. */
  readonly folded: string;
}

export interface Namer {
  /** Paths of leads by their keys, from the moment when one of their company asks (companions.ts). */
  readonly leads: Map<string, Promise<string>>;
  /** Paths by SHA-256 of photos that lie there and of which nobody knows which objects they are: whichever has the bytes. */
  readonly lying: Map<string, string[]>;
  /** The free name for a photo whose template came to `path`; it is the photo's from now on. One at a time, in the order asked. */
  name(object: Candidate, path: string): Promise<Named>;
  /** Forgets the claims of names that the catalogue knows by now. */
  settle(): void;
}

type Place = Pick<Target, "id" | "traits">;

/** How many folders are remembered to be no photos; each costs two look-ups to find out again. */
const FOLDERS = 10_000;

export function createNamer(catalogue: Catalogue, target: Place): Namer {
  const claims = new Map<string, string>();
  const folders = new Set<string>();

  const fold = (path: string) => folded(path, target.traits);
  const ownerOf = async (path: string) =>
    claims.get(fold(path)) ?? (await catalogue.plan(target.id).ownerOf(fold(path)));

  /** The path with every folder above it that is another photo's name replaced. */
  const clear = async (path: string): Promise<string> => {
    const segments = path.split("/");
    for (let at = 1; at < segments.length; at += 1) {
      const above = segments.slice(0, at).join("/");
      if (folders.has(above)) continue;
      if ((await ownerOf(above)) !== null) {
        segments[at - 1] = besidePath(segments[at - 1] ?? "", hash8(above), target.traits);
      } else {
        if (folders.size >= FOLDERS) folders.clear();
        folders.add(above);
      }
    }
    return segments.join("/");
  };

  const choose = async (object: Candidate, wanted: string): Promise<Named> => {
    let path = await clear(wanted);
    let owner = await ownerOf(path);
    if (owner !== null) {
      const tags = owner === object.key ? [etag8(object.etag)] : [hash8(object.key), etag8(object.etag)];
      for (const tag of tags) {
        if (owner === null) break;
        path = besidePath(path, tag, target.traits);
        owner = await ownerOf(path);
      }
    }
    claims.set(fold(path), object.key);
    return { path, folded: fold(path) };
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    leads: new Map(),
    lying: new Map(),
    name(object, wanted) {
      const chosen = last.then(() => choose(object, wanted));
      last = chosen.catch(() => undefined);
      return chosen;
    },
    settle: () => claims.clear(),
  };
}
