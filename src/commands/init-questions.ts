/** The questions of `photohaul init`, each with what Enter takes in brackets. They go to standard error: the lines are the result. */

import { explainError } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import { type Drive, mountedDrives } from "../local/mounted-drives.ts";
import { bytes, counted } from "../report/units.ts";
import type { Process } from "../run/command.ts";
import { mustBeSource, openSource } from "../stores/all.ts";
import type { S3Options } from "../stores/s3/address.ts";
import { AT_OPTION } from "./schedule.ts";
import { STORE_FORMS } from "./target-options.ts";

/** How often one question is asked again where nothing usable was said. */
const TRIES = 3;
const LISTED = 12;

interface Reach {
  readonly endpoint: string | null;
  readonly profile: string | null;
}

export class Questions {
  readonly #ask: (question: string) => Promise<string>;
  readonly #process: Process;

  constructor(ask: (question: string) => Promise<string>, process: Process) {
    this.#ask = ask;
    this.#process = process;
  }

  /** The buckets that these keys may list are offered. @throws HaulError `usage` where nothing usable was said */
  async source(reach: Reach): Promise<string> {
    const found = await bucketsOf(reach);
    this.#say("Where are the photos? s3://bucket[/prefix], swift://container[/prefix], sftp://user@host/path,");
    this.#say("rclone:remote:path, or a folder.");
    const offered = found.slice(0, LISTED).map((name) => `s3://${name}`);
    return this.#choose(offered, offered, mustBeSource);
  }

  /** Looks at the first page. What is wrong is said, and no failure: the lines are right once it is mended. */
  async look(address: string, reach: Reach): Promise<void> {
    try {
      const source = await openSource(address, given(reach));
      try {
        for await (const { objects } of source.list({}, this.#process.signal)) {
          const size = objects.reduce((sum, object) => sum + object.size, 0);
          return this.#say(`It answers: ${counted(objects.length, "key")} to begin with, ${bytes(size)}.`);
        }
        this.#say("It answers, and holds nothing.");
      } finally {
        await source.close();
      }
    } catch (error) {
      const { lines } = explainError(error);
      this.#say(`It does not answer yet: ${lines[0] ?? ""}`, ...lines.slice(2));
    }
  }

  async targets(): Promise<string[]> {
    const drives = await mountedDrives(this.#process.platform);
    this.#say(`Where are they to go? A drive, a folder, ${STORE_FORMS}.`);
    const paths = drives.map(({ path, isSystem }) => (isSystem ? `${path.replace(/\/$/, "")}/photos` : path));
    const first = await this.#choose(paths, drives.map(told), () => undefined);
    const second = this.#atHome(await this.#ask("And a second copy elsewhere? [none] "));
    return second === "" ? [first] : [first, second];
  }

  async seals(target: string): Promise<boolean> {
    return this.#yes(`Seal what lies at ${target}, so that nobody there can look at the photos?`);
  }

  async archives(target: string): Promise<boolean> {
    return this.#yes(`Keep ${target} in an archive: about a dollar a month for a terabyte, and days to come back?`);
  }

  async time(initial: string): Promise<string> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const said = (await this.#ask(`At which time of day? [${initial}] `)) || initial;
      if (AT_OPTION.safeParse(said).success) return said;
      this.#say("A time of day such as 03:30.");
    }
    throw new HaulError("usage", "no time of day was said");
  }

  /** By number, or typed; the first where nothing is said. */
  async #choose(offered: readonly string[], shown: readonly string[], check: (typed: string) => void): Promise<string> {
    for (const [at, one] of shown.entries()) this.#say(`  ${at + 1}  ${one}`);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const said = await this.#ask(offered.length === 0 ? "> " : "A number, or another one [1]: ");
      const chosen = /^\d*$/.test(said) ? offered[Number(said || 1) - 1] : this.#atHome(said);
      try {
        if (chosen === undefined) throw new HaulError("usage", "Nothing was chosen.");
        check(chosen);
        return chosen;
      } catch (error) {
        this.#say(...explainError(error).lines.slice(0, 1));
      }
    }
    throw new HaulError("usage", "nothing was chosen");
  }

  /** No shell reads what is typed here, and in the lines it stands between quotes. */
  #atHome(typed: string): string {
    const { HOME: home = "" } = this.#process.env;
    return home === "" ? typed : typed.replace(/^~(?=\/|$)/, home);
  }

  async #yes(question: string): Promise<boolean> {
    return /^y(es)?$/i.test(await this.#ask(`${question} [no] `));
  }

  #say(...lines: readonly string[]): void {
    this.#process.stderr.write(lines.map((line) => `${line}\n`).join(""));
  }
}

function told({ path, fileSystem, size, free, isSystem }: Drive): string {
  const system = isSystem ? "; the system's own drive: what lies there is lost with this computer" : "";
  return `${path}  ${bytes(size)}, ${bytes(free)} free${fileSystem === "" ? "" : `, ${fileSystem}`}${system}`;
}

function given({ endpoint, profile }: Reach): S3Options {
  return { ...(endpoint === null ? {} : { endpoint }), ...(profile === null ? {} : { profile }) };
}

async function bucketsOf(reach: Reach): Promise<string[]> {
  const { S3Account } = await import("../stores/s3/client.ts");
  const account = new S3Account(given(reach));
  try {
    return await account.buckets();
  } finally {
    await account.close();
  }
}
