/** What a text says that should be JSON; null where it is not, as after a bit of it turned over. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
