/** The version in package.json, two folders above in a checkout and three in the published build. */

import { readFileSync } from "node:fs";

export function version(): string {
  for (const above of ["../../package.json", "../../../package.json"]) {
    try {
      const found: { name?: string; version?: string } = JSON.parse(
        readFileSync(new URL(above, import.meta.url), "utf8"),
      );
      if (found.name === "photohaul" && found.version !== undefined) return found.version;
    } catch {
      // not there: one folder further up
    }
  }
  return "unknown";
}
