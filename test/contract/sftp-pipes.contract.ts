/** A pipe where a photo is meant, on a server with SFTP: sftp-server would wait for whoever writes to it, and answer nothing else. */

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Listed } from "../../src/model.ts";
import type { SftpRig, SftpTargetRig } from "./sftp-rig.ts";
import { keeping, readAll, signal, troubleOf } from "./target-rig.ts";

export function describePipes(
  where: string,
  rigs: { readonly source: () => Promise<SftpRig>; readonly target: () => Promise<SftpTargetRig> },
): void {
  describe(`a pipe in the place of a photo on ${where}`, () => {
    test("that was a file when it was listed is missing, and the next photo comes", async () => {
      const rig = await rigs.source();
      await rig.put("a.jpg", Buffer.from("photo a"));
      await rig.put("b.jpg", Buffer.from("photo b"));
      await using source = Object.assign(await rig.open(), { [Symbol.asyncDispose]: () => rig.close() });
      const listed: Listed[] = [];
      for await (const page of source.list({}, signal)) listed.push(...page.objects);
      const [a, b] = listed;
      if (a === undefined || b === undefined) throw new TypeError("two files were put there");
      rmSync(join(rig.folder, "a.jpg"));
      execFileSync("mkfifo", [join(rig.folder, "a.jpg")]);
      for (const atOnce of [true, false]) {
        expect(await troubleOf(source.open(a, 0, signal, { atOnce }))).toBe("missing");
        const { bytes } = await source.open(b, 0, signal, { atOnce });
        let text = "";
        for await (const chunk of bytes) text += Buffer.from(chunk).toString();
        expect(text).toBe("photo b");
      }
      await source.close();
    });

    test("of a target is not read, and its photo can be kept beside it", async () => {
      const rig = await rigs.target();
      const target = await rig.open();
      expect(await target.commit([await keeping(target, "2012/a.jpg", "photo")], signal)).toEqual(["stored"]);
      for (const name of ["a.jpg", "b.jpg"]) {
        rmSync(join(rig.root, "2012", name), { force: true });
        mkdirSync(join(rig.root, "2012"), { recursive: true });
        execFileSync("mkfifo", [join(rig.root, "2012", name)]);
        expect(await troubleOf(readAll(target, `2012/${name}`))).toBe("missing");
        expect(await target.commit([await keeping(target, `2012/${name}`, "photo")], signal)).toEqual(["occupied"]);
      }
      await target.close();
      await rig.close();
    });
  });
}
