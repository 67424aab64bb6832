/** Keys as listings write them, percent-encoded with `encoding-type=url` or as they are. */

import { decodeKey } from "../../key.ts";

const PLAIN = /^[\x20-\x7e]*$/;

/** A key as XML text holds it (one character a byte) → the key. */
export function keyFromText(text: string): string {
  return PLAIN.test(text) ? text : decodeKey(Buffer.from(text, "latin1"));
}

/**
 * How a listing writes its keys where it says that it encodes them.
 *
 * | form | blank | plus  | who                                                                                  |
 * |------|-------|-------|--------------------------------------------------------------------------------------|
 * | form | `+`   | `%2B` | Amazon, MinIO, most others                                                           |
 * | path | `%20` | `+`   | Go's `url.PathEscape` (apache/ozone#2834, versity/versitygw#1985)                    |
 * | raw  | ` `   | `+`   | stores that say so and encode nothing                                                |
 */
export type KeyForm = "form" | "path" | "raw";

/** What was seen in the keys of pages, by which their form is told; an example where one is of use. */
export interface FormSigns {
  /** A `%` that no encoder leaves: no two hex digits follow it. */
  loose: boolean;
  blank: boolean;
  /** `%20` */
  escapedBlank: boolean;
  /** `%2B` */
  escapedPlus: boolean;
  /** The first key with a `+` in it, as written. */
  plus: string | null;
  /** The first key with a percent sign and two hex digits in it, as written. */
  escape: string | null;
}

export function noSigns(): FormSigns {
  return {
    loose: false,
    blank: false,
    escapedBlank: false,
    escapedPlus: false,
    plus: null,
    escape: null,
  };
}

/** Takes down what a key as written says of the form. */
export function noteForm(signs: FormSigns, text: string): void {
  if (text.includes("+")) signs.plus ??= text;
  if (text.includes(" ")) signs.blank = true;
  if (!text.includes("%")) return;
  if (/%[0-9a-f]{2}/i.test(text)) signs.escape ??= text;
  signs.loose ||= /%(?![0-9a-f]{2})/i.test(text);
  signs.escapedBlank ||= text.includes("%20");
  signs.escapedPlus ||= /%2b/i.test(text);
}

/**
 * A key as a listing with `encoding-type=url` has it → the key. A `%` that no two hex digits follow stands for
 * itself.
 */
export function keyFromUrl(text: string, form: KeyForm = "form"): string {
  if (form === "raw" || (!text.includes("%") && !text.includes("+"))) return keyFromText(text);
  const spaced = form === "form" ? text.replaceAll("+", " ") : text;
  const quick = PLAIN.test(spaced) ? decoded(spaced) : null;
  if (quick !== null && !CARRIED.test(quick)) return quick;
  const bytes = spaced.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return keyFromText(bytes);
}

/** Characters that a key cannot hold as themselves (key.ts). */
const CARRIED = /[\uef80-\uefff]/;

/** Null where the text is no percent-encoded UTF-8. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** These write keys as a form does (as AWS documents it, and MinIO's `s3EncodeName`): nothing needs to be asked. */
const AS_FORM = /^(AmazonS3|MinIO)\b/i;

export interface KeyAsking {
  /** Whether the store has an object of that key. */
  isThere(key: string, signal: AbortSignal): Promise<boolean>;
  /** The first key that begins so, as a listing writes it; null where it does not tell. */
  asWritten(key: string, signal: AbortSignal): Promise<string | null>;
}

/** In which form a store writes the keys of its pages, found out from what the pages show and, a few times at most, by asking. */
export class KeyForms {
  readonly #asking: KeyAsking;
  readonly #seen: FormSigns = noSigns();
  #form: KeyForm = "form";
  #asForm = false;
  #rawAsked: Promise<boolean> | null = null;
  #plusAsked: Promise<boolean> | null = null;

  constructor(asking: KeyAsking) {
    this.#asking = asking;
  }

  /** Told of the Server header of an answer. */
  meets(server: string | string[] | undefined): void {
    if (typeof server === "string" && AS_FORM.test(server)) this.#asForm = true;
  }

  /**
   * Reads a page, once more where it shows that its keys have another form.
   * @param read throws for what is no page
   */
  async read<T extends { readonly signs: FormSigns | null }>(
    read: (form: KeyForm) => T,
    signal: AbortSignal,
  ): Promise<T> {
    const before = this.#form;
    const page = read(before);
    if (page.signs === null || this.#asForm) return page;
    this.#note(page.signs);
    this.#form = await this.#decide(signal);
    return this.#form === before ? page : read(this.#form);
  }

  #note(signs: FormSigns): void {
    const seen = this.#seen;
    seen.loose ||= signs.loose;
    seen.blank ||= signs.blank;
    seen.escapedBlank ||= signs.escapedBlank;
    seen.escapedPlus ||= signs.escapedPlus;
    seen.plus ??= signs.plus;
    seen.escape ??= signs.escape;
  }

  /** No encoder leaves a blank, or a `%` without digits; what is encoded both ways shows by `%20` or `%2B`. */
  async #decide(signal: AbortSignal): Promise<KeyForm> {
    const { loose, blank, escapedBlank, escapedPlus, plus, escape: escaped } = this.#seen;
    if (loose) return "raw";
    if (blank) {
      if (escaped === null) return "path";
      this.#rawAsked ??= this.#isWritten(keyFromText(escaped), escaped, signal);
      return (await this.#rawAsked) ? "raw" : "path";
    }
    if (escapedBlank) return "path";
    if (escapedPlus || plus === null) return "form";
    this.#plusAsked ??= this.#isWritten(keyFromUrl(plus, "path"), plus, signal);
    return (await this.#plusAsked) ? "path" : "form";
  }

  /**
   * Whether it is that key that a listing writes so. That there is one is not enough: a bucket may have both that the
   * text can stand for, `a b.jpg` and `a+b.jpg`.
   */
  async #isWritten(key: string, text: string, signal: AbortSignal): Promise<boolean> {
    if (!(await this.#asking.isThere(key, signal))) return false;
    const written = await this.#asking.asWritten(key, signal);
    return written === null || written.startsWith(keyFromText(text));
  }
}
