/** What the operating system says about a drive, turned into HaulError; the one table of error numbers. */

import { codeOf, type ErrorCode, HaulError } from "../../errors.ts";

const TROUBLES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
  EFBIG: "too-large",
  ENAMETOOLONG: "name",
  EILSEQ: "name",
  EINVAL: "name",
  // How some drivers refuse a name; a folder that vanished is looked for before this is asked.
  ENOENT: "name",
  ENODEV: "wrong-drive",
  ENXIO: "wrong-drive",
  ENOTCONN: "wrong-drive",
  ESTALE: "wrong-drive",
};

/** Why file times could not be set; the photo is worth keeping without them. */
export const UNDATABLE = new Set(["EPERM", "EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EOVERFLOW"]);

/** How a drive says that it makes no links (link(2)); NAS boxes and drivers of FUSE say any of these. */
export const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV", "EINVAL"]);

/** @param doing what was tried, with the path: "writing a photo to /media/usb" */
export function fromErrno(error: unknown, doing: string): HaulError {
  if (error instanceof HaulError) return error;
  const code = codeOf(error);
  return new HaulError(TROUBLES[code] ?? "unwritable", `${doing}: ${wordsOf(error)}`, { cause: error });
}

/** What the system said, without the name of the kind of error. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
