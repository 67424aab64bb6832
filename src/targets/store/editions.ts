/**
 * Our own files in a place where nothing is written over: what changes is written anew beside it, as its next edition, and
 * the last edition is the file. Pure.
 */

/** `.photohaul/target.json`, 2 → `.photohaul/target~2.json`; the first edition has the plain name. */
export function editionOf(path: string, edition: number): string {
  if (edition <= 1) return path;
  const dot = path.lastIndexOf(".");
  const at = dot > path.lastIndexOf("/") + 1 ? dot : path.length;
  return `${path.slice(0, at)}~${edition}${path.slice(at)}`;
}

/** Which edition of which file a path is. */
export function editionIn(path: string): { readonly path: string; readonly edition: number } {
  const [, stem, edition = "", end = ""] = /^(.*\/[^/.]+)~(\d{1,6})(\.[^./]+)?$/s.exec(path) ?? [];
  return stem === undefined ? { path, edition: 1 } : { path: stem + end, edition: Number(edition) };
}
