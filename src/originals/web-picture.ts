/** Which pictures a browser can show, by their first bytes, and how they stand in a page. Pure. */

/** `data:image/jpeg;base64,…`; null for what browsers do not show (HEIC, RAW, video, an error page). */
export function dataUriOf(picture: Uint8Array): string | null {
  const bytes = Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength);
  const type = typeOf(bytes.toString("latin1", 0, 12));
  return type === null ? null : `data:image/${type};base64,${bytes.toString("base64")}`;
}

function typeOf(start: string): string | null {
  if (start.startsWith("\xff\xd8\xff")) return "jpeg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) return "webp";
  return /^avi[fs]/.test(start.slice(8)) && start.startsWith("ftyp", 4) ? "avif" : null;
}
