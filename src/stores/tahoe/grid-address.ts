/** `tahoe:ALIAS/path` and `tahoe:FILE/path`, as they are typed. */

import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { HaulError } from "../../errors.ts";

interface GridAddress {
  /** The name of an alias, or the whole path of a file that holds a cap. */
  readonly container: string;
  readonly prefix: string;
}

/**
 * An alias or a file, and what follows it: `photos/2012`, `/home/me/photos.cap/2012`.
 * @throws HaulError `usage` for a path that leads elsewhere
 */
export function splitGrid(typed: string): GridAddress {
  if (typed.startsWith("//")) {
    throw new HaulError(
      "usage",
      `tahoe:${typed}: no slashes stand before an alias: tahoe:${typed.replace(/^\/+/, "")}`,
    );
  }
  const segments = typed.replace(/\/+$/, "").split("/");
  if (!/^(\/|~\/|\.{1,2}\/)/.test(typed)) {
    const [alias = "", ...rest] = segments;
    return { container: alias.replace(/:$/, ""), prefix: pathOf(rest, typed) };
  }
  const file = (count: number) => fileOf(segments.slice(0, count).join("/"));
  const isFile = (count: number) => statSync(file(count), { throwIfNoEntry: false })?.isFile() === true;
  const found = Array.from(segments, (_, at) => at + 1).find((count) => attempt(() => isFile(count), false));
  const length = found ?? segments.length;
  return { container: file(length), prefix: pathOf(segments.slice(length), typed) };
}

/** A node would go elsewhere by these names. @throws HaulError `usage` */
function pathOf(segments: readonly string[], typed: string): string {
  if (!segments.some((segment) => ["", ".", ".."].includes(segment))) return segments.join("/");
  throw new HaulError("usage", `tahoe:${typed}: a path on a grid has no empty part, and none that is . or ..`);
}

/** The same, with the whole path of a file. */
export function spelledGrid({ container, prefix }: GridAddress): string {
  return `tahoe:${container}${prefix === "" ? "" : `/${prefix}`}`;
}

function fileOf(typed: string): string {
  return typed.startsWith("~/") ? join(homedir(), typed.slice(2)) : resolve(typed);
}

function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
