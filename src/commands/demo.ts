/** `photohaul demo`: the whole thing on this computer, no account needed. */

import { mkdtemp, readdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { startS3 } from "../../fixtures/s3/server.ts";
import { sampleBucket } from "../../fixtures/sample/bucket.ts";
import { EXIT } from "../error-messages.ts";
import { createCommand, type Process } from "../run/command.ts";
import { command as inventory } from "./inventory.ts";
import { command as mirror } from "./mirror.ts";

export const command = createCommand(
  {
    positional: "",
    description:
      "Starts a sample bucket on this computer (photos and videos in three sizes, oddities included), takes its inventory, mirrors the originals into a new folder, and says what to type for a bucket of your own.",
    options: z.object({}),
    examples: [["photohaul demo", "takes a few seconds, needs no network"]],
  },
  (_options, process) => runDemo(process),
);

async function runDemo(process: Process): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "photohaul-demo-"));
  const say = (line: string) => process.stdout.write(`${line}\n`);
  await using server = await startS3({ credentials: "anonymous" });
  const bucket = server.bucket("photos");
  for (const { key, body, ...facts } of sampleBucket()) bucket.put(key, body, facts);
  const typed = {
    source: "s3://photos",
    endpoint: server.endpoint,
    "no-sign-request": true,
    catalogue: join(folder, "catalogue.sqlite"),
  };
  const photos = join(folder, "photos");
  const line = `s3://photos --endpoint ${server.endpoint} --no-sign-request`;

  say(`A sample bucket is at ${server.endpoint} until this ends.\n`);
  say(`$ photohaul inventory ${line}\n`);
  const seen = await inventory.run(typed, process);
  if (seen !== EXIT.ok) return seen;
  say(`\n$ photohaul mirror s3://photos ${photos} --endpoint ${server.endpoint} --no-sign-request\n`);
  const brought = await mirror.run({ ...typed, timezone: "Europe/Berlin", target: [photos] }, process);
  if (brought !== EXIT.ok) return brought;
  for (const said of await farewell(photos)) say(said);
  return EXIT.ok;
}

async function farewell(photos: string): Promise<string[]> {
  const shown = join("original", "2012", "06");
  const names = (await readdir(join(photos, shown)).catch(() => [])).slice(0, 3);
  const dated = await Promise.all(
    names.map(async (name) => {
      const { mtime } = await stat(join(photos, shown, name));
      return `  ${mtime.toISOString().slice(0, 10)}  ${join(shown, name)}`;
    }),
  );
  return [
    "",
    `The photos are in ${photos}, each with the time it was taken:`,
    ...dated,
    `Check them without photohaul:  cd ${photos} && sha256sum -c --quiet .photohaul/SHA256SUMS`,
    "",
    "For a bucket of your own:",
    "  export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…     (or --profile NAME)",
    "  photohaul mirror s3://your-bucket /media/usb --dry-run     what is there, and does it fit?",
    "  photohaul mirror s3://your-bucket /media/usb               bring it home; again tomorrow: what is new",
    "From a checkout, `npm start --` stands for `photohaul`.",
  ];
}
