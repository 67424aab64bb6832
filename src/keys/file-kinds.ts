/** What the end of a key says of the file. Names only: the bytes may disagree, and nothing is dropped for it. */

const RAW = new Set(
  "3fr ari arw bay braw cap cr2 cr3 crw dcr dcs dng drf eip erf fff gpr iiq k25 kdc mdc mef mos mrw nef nrw obm orf pef ptx pxn r3d raf raw rw2 rwl rwz sr2 srf srw x3f".split(
    " ",
  ),
);
const VIDEO = new Set(
  "3g2 3gp asf avi flv insv lrv m2t m2ts m2v m4v mkv mod mov mp4 mpe mpeg mpg mts mxf ogv qt tod ts vob webm wmv".split(
    " ",
  ),
);
const IMAGE = new Set(
  "ai avif bmp eps exr gif heic heif hif jfif jp2 jpe jpeg jpg jxl mpo pbm pgm png pnm ppm psb psd svg tga tif tiff webp".split(
    " ",
  ),
);
/** Files that say something of the photo beside them; `thm` is what cameras put beside their videos. */
const SIDECAR = new Set(["aae", "json", "moi", "pp3", "thm", "xmp", "yaml", "yml"]);

/** Of the images those that pictures/decode-picture.ts reads; what else is in a proven family was never compared. */
const COMPARABLE_EXTENSIONS = new Set("avif gif heic heif hif jfif jpe jpeg jpg png tif tiff webp".split(" "));

const EXTENSION = /^[A-Za-z0-9]{1,5}$/;
/** Of one with its dot. */
const LONGEST = 6;

export type FileKind = "image" | "video" | "raw" | "sidecar" | "unknown";

/** The extension in lower case, without the dot; "" where the name has none. */
export function extensionOf(key: string): string {
  return key.slice(withoutExtension(key).length + 1).toLowerCase();
}

/** True where the name says that its picture can be decoded and compared. */
export function isComparable(key: string): boolean {
  return COMPARABLE_EXTENSIONS.has(extensionOf(key));
}

/** The key without its extension. By its last dot: an expression looks at every character of a key. */
export function withoutExtension(key: string): string {
  const dot = key.lastIndexOf(".");
  const named = dot > 0 && key.length - dot <= LONGEST && key[dot - 1] !== "/" && EXTENSION.test(key.slice(dot + 1));
  return named ? key.slice(0, dot) : key;
}

export function fileKindOf(key: string): FileKind {
  const extension = extensionOf(key);
  if (IMAGE.has(extension)) return "image";
  if (VIDEO.has(extension)) return "video";
  if (RAW.has(extension)) return "raw";
  return SIDECAR.has(extension) ? "sidecar" : "unknown";
}

const EXTENSION_PARTS = new Set(
  [...RAW, ...VIDEO, ...IMAGE].flatMap((extension) =>
    Array.from({ length: extension.length + 1 }, (_, length) => extension.slice(0, length)),
  ),
);

/** True for the extension of a picture or film, in lower case, and for what a cut leaves of one: "jpg", "jp", "". */
export function isPartOfExtension(text: string): boolean {
  return EXTENSION_PARTS.has(text);
}
