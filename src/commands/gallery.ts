/** `photohaul gallery`: from options to a page that shows what is kept on a target. */

import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { HaulError } from "../errors.ts";
import type { Emit, GallerySummary } from "../events.ts";
import { GalleryPlace } from "../gallery/gallery-place.ts";
import { emptyGallery, type GalleryReport, makeGallery } from "../gallery/make-gallery.ts";
import { createMeter } from "../photo/progress.ts";
import { createThumbnailer } from "../pictures/picture-comparer.ts";
import { createCommand, type Process } from "../run/command.ts";
import { type Ended, ending, execute } from "../run/frame.ts";
import type { Output } from "../run/output.ts";
import { openKept } from "../targets/all.ts";
import { isInStore } from "../targets/apart.ts";
import type { Target } from "../targets/target.ts";
import { beNice, NICE_OPTION } from "./limit-options.ts";
import { text } from "./option-values.ts";
import { checkFiles, OUTPUT_OPTIONS, outputOptions } from "./output-options.ts";
import { IDENTITY_OPTION, identitiesOf } from "./sealing-options.ts";
import { mustConcern, optionsFor, STORE_FORMS, TARGET_OPTIONS, warningTo } from "./target-options.ts";

const OPTIONS = z.object({
  target: z.string().meta({ description: `the folder, ${STORE_FORMS} that photos were kept in` }),
  out: text.meta({
    description:
      "folder of this computer to put the page into; it has thumbnails only, and shows also what lies in a bucket or is sealed",
  }),
  ...TARGET_OPTIONS,
  ...IDENTITY_OPTION,
  ...NICE_OPTION,
  ...OUTPUT_OPTIONS,
});
type GalleryTyped = z.output<typeof OPTIONS>;

export const command = createCommand(
  {
    positional: "<target>",
    description:
      "Writes gallery.html into the folder that photos were kept in: a page that opens by a double click, without a network and without a program, and shows them by the year they were taken. Thumbnails are those that cameras put into photos, and are made where the package sharp is installed. No photo is changed, and nowhere is said where one was taken. Run again, it looks only at what is new.",
    options: OPTIONS,
    examples: [
      ["photohaul gallery /media/usb", "then open /media/usb/gallery.html"],
      ["photohaul gallery s3://my-copy --out ~/gallery", "of photos in a bucket: thumbnails, on this computer"],
      ["photohaul gallery /media/sealed --identity ~/photos.key --out ~/gallery", "of a sealed target"],
    ],
  },
  async (options, process) => {
    const { target, out } = options;
    mustConcern({ source: null, by: "a source", targets: [target] }, options);
    await checkFiles(options);
    beNice(options.nice, process.platform);
    const place = placeFor(target, out);
    const report = emptyGallery();
    const start = {
      command: "gallery",
      source: out === null ? "" : target,
      targets: [out ?? target],
      dryRun: false,
      catalogue: "",
    } as const;
    const run = ({ emit }: Output) => show({ options, place, report, emit, process });
    const summary = (ended: Ended) => summarise(options, place, report, ended);
    return execute({ start, output: outputOptions(options), run, summary }, process);
  },
);

/** @throws HaulError `usage` where the page cannot lie with the photos */
function placeFor(target: string, out: string | null): GalleryPlace {
  if (out !== null) {
    if (isInStore(out)) throw new HaulError("usage", `--out ${out} is no folder of this computer`);
    return new GalleryPlace(resolve(out), false);
  }
  if (!isInStore(target)) return new GalleryPlace(resolve(target), true);
  const says = `a page in ${target} would not open by a double click`;
  throw new HaulError("usage", `${says}. Name a folder of this computer with --out; it gets thumbnails`);
}

interface Showing {
  readonly options: GalleryTyped;
  readonly place: GalleryPlace;
  readonly report: GalleryReport;
  readonly emit: Emit;
  readonly process: Process;
}

async function show({ options, place, report, emit, process }: Showing): Promise<void> {
  const { signal } = process;
  const { out } = options;
  await using opened = new AsyncDisposableStack();
  const target = await openShown(options, emit, process);
  opened.defer(() => target.close());
  if (out !== null) await mkdir(out, { recursive: true });
  const thumbnailer = createThumbnailer();
  opened.defer(() => thumbnailer.close());
  // From a bucket photos are not fetched whole for this.
  const shrink = isInStore(options.target) ? {} : { shrink: (photo: Buffer) => thumbnailer.shrink(photo, signal) };
  const meter = createMeter(emit, Date.now);
  await makeGallery({ target, place, originals: out === null, ...shrink, meter, signal }, report);
  const { unread } = report;
  if (unread === 0) return;
  const message = `${unread} photos that the lists of ${target.name} name cannot be read there: the gallery has their names only. \`photohaul verify ${target.name}\` says what is wrong`;
  emit({ type: "warning", code: "gallery", message });
}

/** @throws HaulError `sealed` for a sealed target without a key, `usage` where a page on it would show what is sealed */
async function openShown(options: GalleryTyped, emit: Emit, process: Process): Promise<Target> {
  const { target: name, out } = options;
  const identities = await identitiesOf(options.identity, process.env);
  const sealing = identities.length === 0 ? {} : { sealing: { recipients: [], identities } };
  const reach = { ...optionsFor(name, [name], options, null), ...sealing, ...warningTo(emit) };
  const target = await openKept(name, { ...reach, signal: process.signal });
  // Its marker may be lost, and does not say it then.
  const isSealed = target.own === undefined;
  if (!isSealed || out !== null) return target;
  await target.close();
  const says = `${name} is sealed, and a page beside the photos would show them to everybody`;
  throw new HaulError("usage", `${says}. Name your key and a folder that is yours alone: --identity FILE --out FOLDER`);
}

function summarise(
  { target, out }: GalleryTyped,
  { page }: GalleryPlace,
  report: GalleryReport,
  ended: Ended,
): GallerySummary {
  const end = ending(ended, false);
  return { type: "summary", command: "gallery", source: target, targets: [out ?? target], page, ...report, ...end };
}
