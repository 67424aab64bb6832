/**
 * What cameras write beside a film, in files of their own, of when it was taken:
 *
 *   MOV001.MOI     of MOV001.MOD or .TOD (JVC, Canon, Panasonic): 14 bytes into it the year, month, day, hour, minute
 *                  and milliseconds have passed, by the camera's clock, big-endian, from the sixth on
 *   C0001M01.XML   of C0001.MP4 or .MXF (Sony): <CreationDate value="2024-03-15T14:23:45-05:00"/> of a NonRealTimeMeta
 */

import type { DateCandidate } from "./date-candidate.ts";
import { readXml } from "./xml-reading.ts";

/** @returns the date in an MOI; none where it is no such file */
export function datesInMoi(bytes: Uint8Array): DateCandidate[] {
  const moi = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (moi.length < 14 || moi.toString("latin1", 0, 2) !== "V6") return [];
  const two = (value: number) => String(value).padStart(2, "0");
  const [month = 0, day = 0, hour = 0, minute = 0] = moi.subarray(8, 12);
  const seconds = (moi.readUInt16BE(12) / 1000).toFixed(3).padStart(6, "0");
  const written = `${moi.readUInt16BE(6)}:${two(month)}:${two(day)} ${two(hour)}:${two(minute)}:${seconds}`;
  return [candidate("MOI", written)];
}

/** @returns the date in Sony's XML; none where it is another's */
export function datesInFilmXml(text: string): DateCandidate[] {
  if (!text.includes("NonRealTimeMeta")) return [];
  let written: string | undefined;
  let root = "";
  readXml(text, {
    open({ local, attributes }) {
      root ||= local;
      if (root !== "NonRealTimeMeta" || local !== "CreationDate") return;
      written ??= Object.values(attributes).find((one) => one.local === "value")?.value;
    },
  });
  return written === undefined ? [] : [candidate("CreationDate", written)];
}

function candidate(tag: string, written: string): DateCandidate {
  return { row: "video-content", source: "video", tag, written, clock: "local" };
}
