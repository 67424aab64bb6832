/** `mirror --gallery`: what a run brought is shown, on each target where a page may lie. Nothing of it is the run's failure. */

import { resolve } from "node:path";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { createThumbnailer } from "../pictures/picture-comparer.ts";
import { isInStore } from "../targets/apart.ts";
import type { Target } from "../targets/target.ts";
import { GalleryPlace } from "./gallery-place.ts";
import { emptyGallery, type GalleryPorts, makeGallery } from "./make-gallery.ts";

/** True where a page can lie beside the photos: in a folder, and not beside what is sealed. */
function mayHoldGallery({ name, own }: Pick<Target, "name" | "own">): boolean {
  return !isInStore(name) && own !== undefined;
}

interface Ports extends Required<Pick<GalleryPorts, "standsIn">>, Pick<GalleryPorts, "signal"> {
  readonly emit: Emit;
}

/** Adds what is new to the galleries of these targets, one after the other; what goes wrong there is a warning. */
export async function showWhatCame(targets: readonly Target[], { emit, signal, standsIn }: Ports): Promise<void> {
  const thumbnailer = createThumbnailer();
  const shrink = (photo: Buffer) => thumbnailer.shrink(photo, signal);
  const meter = { start: () => undefined, done: () => undefined };
  try {
    for (const target of targets.filter(mayHoldGallery)) {
      const place = new GalleryPlace(resolve(target.name), true);
      const ports = { target, place, originals: true, shrink, standsIn, meter, onlyWhatIsNew: true, signal };
      await makeGallery(ports, emptyGallery()).catch((error: unknown) => {
        if (!(error instanceof HaulError)) throw error;
        const message = `the gallery of ${target.name} is as it was: ${error.message}. The photos are not concerned; \`photohaul gallery ${target.name}\` tries again`;
        emit({ type: "warning", code: "gallery", message });
      });
    }
  } finally {
    thumbnailer.close();
  }
}
