/** In which form a store writes the keys of its pages, found out from what the pages show and, a few times at most, by asking. */

import { type FormSigns, type KeyForm, keyFromText, keyFromUrl, noSigns } from "./key-encoding.ts";

/** These write keys as a form does (as AWS documents it, and MinIO's `s3EncodeName`): nothing needs to be asked. */
const AS_FORM = /^(AmazonS3|MinIO)\b/i;

export interface KeyAsking {
  /** Whether the store has an object of that key. */
  isThere(key: string, signal: AbortSignal): Promise<boolean>;
  /** The first key that begins so, as a listing writes it; null where it does not tell. */
  asWritten(key: string, signal: AbortSignal): Promise<string | null>;
}

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
