/**
 * What operating systems and storage boxes leave in every folder: the whole list, each name exactly as it is written
 * there (docs/originals.md). What only looks like one of these comes home.
 */

/** Files, in any case. */
const FILES: ReadonlySet<string> = new Set([
  ".ds_store",
  "thumbs.db",
  "ehthumbs.db",
  "ehthumbs_vista.db",
  "desktop.ini",
  "picasa.ini",
  ".picasa.ini",
  ".nomedia",
]);
/** Folders; everything in them was made or thrown away by the system. */
const FOLDERS = /(?:^|\/)(?:@eaDir|#recycle|@Recycle|\.Trash|\.Trashes|\.Trash-\d+|\$RECYCLE\.BIN|\$Recycle\.Bin)\/./;
/** macOS writes what it knows of `IMG.jpg` to `._IMG.jpg` on foreign drives: icons and labels, no photo. */
const APPLE_DOUBLE = "._";
const MOST_APPLE_DOUBLE = 256 * 1024;

export function isLitter(key: string, size: number): boolean {
  const name = key.slice(key.lastIndexOf("/") + 1);
  if (FILES.has(name.toLowerCase()) || FOLDERS.test(key)) return true;
  return name.startsWith(APPLE_DOUBLE) && name.length > 2 && size <= MOST_APPLE_DOUBLE;
}
