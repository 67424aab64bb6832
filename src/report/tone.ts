/** How a piece of text on a terminal may be set apart, without saying how. */

export type Tone = "strong" | "faint" | "good" | "warn" | "bad";
export type Paint = (tone: Tone, text: string) => string;

/** Where colours are not wanted. */
export const plainly: Paint = (_tone, text) => text;
