/** Which paths lie inside a target: what a list says comes from a drive or a store, and may lead elsewhere. */

/** The folder of a target's own files. */
export const HOME = ".photohaul";

/** False for a path that is absolute, empty, leads out of the target or into `.photohaul`. */
export function isPathInside(path: string): boolean {
  const segments = path.split("/");
  return (
    path.isWellFormed() &&
    !path.includes("\0") &&
    !segments.some((segment) => segment === "" || segment === "." || segment === "..") &&
    segments[0]?.normalize("NFC").toLowerCase() !== HOME
  );
}
