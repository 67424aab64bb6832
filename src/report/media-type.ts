/** What kind of file a key names, by the end of its name; for counting only, nothing is decided by it. Pure. */

export type Media = "photo" | "video" | "other";

const PHOTOS = new Set(
  "jpg jpeg jpe jfif heic heif hif avif webp png gif tif tiff bmp jp2 jxl psd dng nef nrw cr2 cr3 crw arw srf sr2 orf rw2 raf pef srw x3f rwl iiq 3fr fff dcr kdc mrw raw erf mos mef gpr svg".split(
    " ",
  ),
);
const VIDEOS = new Set(
  "mp4 mov m4v avi mpg mpeg mts m2ts 3gp 3g2 mkv webm wmv mod tod vob flv lrv insv 360 mp".split(" "),
);
const EXTENSION = /\.([a-z0-9]{1,5})$/i;

/** The extension in lower case, `jpg` for all names of JPEG; "none" where the name has none. */
export function typeOf(key: string): string {
  const extension = EXTENSION.exec(key)?.[1]?.toLowerCase() ?? "none";
  return extension === "jpeg" || extension === "jpe" || extension === "jfif" ? "jpg" : extension;
}

export function mediaOf(type: string): Media {
  if (PHOTOS.has(type)) return "photo";
  return VIDEOS.has(type) ? "video" : "other";
}
