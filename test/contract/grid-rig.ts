/** The place of a target on a grid, looked at by the web API of a node and not by the target's own verbs. */

import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { openTarget, type TargetOptions } from "../../src/targets/all.ts";
import type { TargetRig } from "./target-rig.ts";

const PATH = "backup/photos";
const OURS = /^(target\.json|README\.txt|probe-é|manifest-\d{6}\.ndjson|SHA256SUMS-\d{6})$/;

const Answer = z.tuple([
  z.string(),
  z.object({
    metadata: z.object({ mtime: z.number().optional() }).optional(),
    children: z.record(z.string(), z.unknown()).optional(),
  }),
]);

export interface GridRig extends TargetRig {
  /** Of the directory that the file stands for. */
  readonly cap: string;
  /** A file with it. */
  readonly file: string;
  /** As it is typed. */
  readonly address: string;
  /** The answer of the node, as JSON, to what is asked at a path of the target. */
  ask(path: string, query: string, how?: RequestInit): Promise<Response>;
}

/** An empty directory of its own for each rig: nothing is ever deleted from a target. @param node its address */
export async function gridRig(node: string): Promise<GridRig> {
  const cap = (await (await fetch(`${node}/uri?t=mkdir`, { method: "POST" })).text()).trim();
  const folder = await mkdtemp(join(tmpdir(), "photohaul-grid-"));
  const file = join(folder, "photos.cap");
  await writeFile(file, `${cap}\n`);
  await chmod(file, 0o600);
  const address = `tahoe:${file}/${PATH}`;
  const at = (path: string) => [PATH, path].join("/").split("/").filter(Boolean).map(encodeURIComponent).join("/");
  const ask = (path: string, query: string, how: RequestInit = {}) =>
    fetch(`${node}/uri/${encodeURIComponent(cap)}/${at(path)}${query}`, how);
  const json = async (path: string) => {
    const answer = await ask(path, "?t=json");
    return answer.ok ? Answer.parse(await answer.json()) : null;
  };
  return {
    cap,
    file,
    address,
    ask,
    open: (more: TargetOptions = {}) => openTarget(address, { spool: folder, tahoe: { nodeUrl: node }, ...more }),
    async read(path) {
      if ((await json(path))?.[0] !== "filenode") return null;
      return Buffer.from(await (await ask(path, "")).arrayBuffer());
    },
    async mtime(path) {
      const seconds = (await json(path))?.[1]?.metadata?.mtime;
      return seconds === undefined ? null : new Date(seconds * 1000);
    },
    async plant(path, bytes) {
      const put = await ask(path, "", { method: "PUT", body: bytes });
      if (!put.ok) throw new Error(`${put.status} ${await put.text()}`);
    },
    async debris() {
      const own = Object.keys((await json(".photohaul"))?.[1]?.children ?? {});
      const files = await readdir(folder, { recursive: true });
      return [...own.filter((name) => !OURS.test(name)), ...files.filter((name) => /\.(part|upload)$/.test(name))];
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
