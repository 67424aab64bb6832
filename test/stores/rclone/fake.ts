/** A fake rclone on this computer: its remote, what it was asked, and what is to go wrong. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Faults } from "./fake-rclone.ts";

export interface FakeRclone {
  /** To be named by --rclone. */
  readonly program: string;
  /** The files of `fake:`. */
  readonly remote: string;
  put(path: string, bytes: string | Buffer): void;
  /** The bytes of one of several files of one name, by its number. */
  putTwin(id: string, bytes: Buffer): void;
  set(faults: Faults): void;
  calls(): readonly { readonly verb: string; readonly input: Readonly<Record<string, unknown>> }[];
  close(): void;
}

export function fakeRclone(): FakeRclone {
  const home = mkdtempSync(join(tmpdir(), "photohaul-fake-"));
  const program = join(home, "rclone");
  const script = join(import.meta.dirname, "fake-rclone.ts");
  const remote = join(home, "remote");
  mkdirSync(remote);
  mkdirSync(join(home, "twins"));
  const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
  const line = `FAKE_RCLONE=${quoted(home)} exec ${quoted(process.execPath)} ${quoted(script)} "$@"`;
  writeFileSync(program, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  return {
    program,
    remote,
    put(path, bytes) {
      const file = join(remote, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    },
    putTwin: (id, bytes) => writeFileSync(join(home, "twins", id), bytes),
    set(faults) {
      for (const name of readdirSync(home)) if (name.startsWith("struck-")) rmSync(join(home, name));
      writeFileSync(join(home, "faults.json"), JSON.stringify(faults));
    },
    calls() {
      const log = join(home, "calls.log");
      const text = existsSync(log) ? readFileSync(log, "utf8") : "";
      return text
        .split("\n")
        .filter((call) => call !== "")
        .map((call) => JSON.parse(call));
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
