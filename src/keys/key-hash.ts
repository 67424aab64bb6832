/** A hash that is the same on every run and machine, for samples that must come out the same. */

/** FNV-1a with a final mix, so that the low bits are as good as the high ones; 32 bits, not negative. */
export function keyHash(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
