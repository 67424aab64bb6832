/** In which form a store writes the keys of its pages, found out from what the pages show and, at most twice, by asking. */

import { type FormSigns, type KeyForm, keyFromText, keyFromUrl, noSigns } from "./key-encoding.ts";

/** These write keys as a form does (as AWS documents it, and MinIO's `s3EncodeName`): nothing needs to be asked. */
const AS_FORM = /^(AmazonS3|MinIO)\b/i;

export class KeyForms {
  readonly #isThere: (key: string, signal: AbortSignal) => Promise<boolean>;
  readonly #seen: FormSigns = noSigns();
  #form: KeyForm = "form";
  #asForm = false;
  #rawAsked: Promise<boolean> | null = null;
  #plusAsked: Promise<boolean> | null = null;

  /** @param isThere whether the store has an object of that key */
  constructor(isThere: (key: string, signal: AbortSignal) => Promise<boolean>) {
    this.#isThere = isThere;
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
      this.#rawAsked ??= this.#isThere(keyFromText(escaped), signal);
      return (await this.#rawAsked) ? "raw" : "path";
    }
    if (escapedBlank) return "path";
    if (escapedPlus || plus === null) return "form";
    this.#plusAsked ??= this.#isThere(keyFromUrl(plus, "path"), signal);
    return (await this.#plusAsked) ? "path" : "form";
  }
}
