/** Reads the pixels of a picture from the first bytes of its file. Pure; what it does not know is null. */

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Width and height as stored, before any turning: JPEG, PNG, GIF, WebP, HEIC, AVIF, BMP, PSD. */
export function pictureSize(head: Uint8Array): PictureSize | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const size = read(bytes);
  return size !== null && size.width > 0 && size.height > 0 ? size : null;
}

function read(bytes: Buffer): PictureSize | null {
  const start = bytes.toString("latin1", 0, 16);
  if (start.startsWith("\xff\xd8")) return jpeg(bytes);
  if (start.startsWith("\x89PNG") && bytes.length >= 24) {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (start.startsWith("GIF8") && bytes.length >= 10) {
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  }
  if (start.startsWith("BM") && bytes.length >= 26) {
    return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
  }
  if (start.startsWith("8BPS") && bytes.length >= 22) {
    return { width: bytes.readUInt32BE(18), height: bytes.readUInt32BE(14) };
  }
  if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) return webp(bytes);
  return start.startsWith("ftyp", 4) ? heif(bytes) : null;
}

/** The first start-of-frame segment; those of an embedded thumbnail lie inside APP1 and are passed over. */
function jpeg(bytes: Buffer): PictureSize | null {
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    const alone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += alone ? 2 : 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

function webp(bytes: Buffer): PictureSize | null {
  if (bytes.length < 30) return null;
  switch (bytes.toString("latin1", 12, 16)) {
    case "VP8X":
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case "VP8 ":
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case "VP8L": {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    default:
      return null;
  }
}

/** The largest of the sizes that the file gives its items: tiles and thumbnails have sizes too. */
function heif(bytes: Buffer): PictureSize | null {
  let best: PictureSize | null = null;
  for (let at = bytes.indexOf("ispe"); at >= 0; at = bytes.indexOf("ispe", at + 4)) {
    if (at + 16 > bytes.length) break;
    const size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    if (best === null || size.width * size.height > best.width * best.height) best = size;
  }
  return best;
}
