/** Without the library that decodes pictures nothing is proven, and a run says so, with what to install. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import type { RunEvent } from "../../src/events.ts";
import { refusing } from "../../src/keys/key-filter.ts";
import { allLayouts } from "../../src/layouts/all.ts";
import { createLimiter } from "../../src/limiter.ts";
import { survey } from "../../src/mirror.ts";
import { likelyTraits } from "../../src/naming/name.ts";
import { parseTemplate } from "../../src/naming/template.ts";
import { createPictureComparer } from "../../src/pictures/picture-comparer.ts";
import { openSource } from "../../src/stores/all.ts";
import { WITHOUT_SHARP } from "../pictures/loading.ts";
import { nameOf, photo } from "../scripts/proof-rig.ts";

const { signal } = new AbortController();

test("all is mirrored, and one warning says why; once it is installed the next run proves", async () => {
  const folder = mkdtempSync(join(tmpdir(), "no-decoder-"));
  const bucket = join(folder, "bucket");
  for (let nth = 0; nth < 31; nth += 1) {
    const { original, tile } = photo(nth);
    for (const [where, bytes] of Object.entries({ original, tile })) {
      mkdirSync(join(bucket, where), { recursive: true });
      writeFileSync(join(bucket, where, nameOf(nth)), bytes);
    }
  }
  const catalogue = openCatalogue(join(folder, "c.sqlite"));
  const run = async (comparer: ReturnType<typeof createPictureComparer>) => {
    const events: RunEvent[] = [];
    const emit = (event: RunEvent) => void events.push(event);
    const source = await openSource(bucket, { emit });
    try {
      await catalogue.runs.start("mirror");
      const limiter = createLimiter({ concurrency: 4, listConcurrency: "auto", emit });
      await survey(
        {
          source,
          catalogue,
          comparer,
          places: [
            {
              target: { name: "", id: "", traits: likelyTraits("linux"), freeBytes: null },
              namer: null,
            },
          ],
          limiter,
          emit,
          signal,
        },
        {
          layout: "auto",
          known: allLayouts(),
          renditions: "fallback",
          proofBytes: null,
          refusal: refusing({ include: [], exclude: [], since: null }),
          template: parseTemplate("{key}"),
          limit: null,
        },
      );
      const { original, rendition } = await catalogue.listing.kinds();
      const warned = events.filter((event) => event.type === "warning");
      return { original, rendition, warned, gets: source.requests.get };
    } finally {
      await source.close();
    }
  };
  try {
    const bare = await run(createPictureComparer(WITHOUT_SHARP));
    expect(bare).toMatchObject({ original: 62, rendition: 0 });
    expect(bare.warned.map(({ code }) => code)).toEqual(["no-decoder"]);
    expect(bare.warned[0]?.message).toMatch(/sharp is not installed.*npm install --include=optional/);
    // Whoever finds out by the first picture does not fetch the others.
    expect(bare.gets).toBeLessThan(6);
    const installed = await run(createPictureComparer());
    expect(installed).toMatchObject({ original: 31, rendition: 31, warned: [] });
  } finally {
    await catalogue.close();
    rmSync(folder, { recursive: true });
  }
}, 60_000);
