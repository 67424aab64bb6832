/** `photohaul keys new`: a key for sealed targets, in a file and on paper. */

import { rm } from "node:fs/promises";
import { z } from "zod";
import { EXIT } from "../error-messages.ts";
import { fitted } from "../report/screen.ts";
import { createCommand } from "../run/command.ts";
import { makeKeyFile, writeNew } from "../seal/identity-file.ts";
import { flag, text } from "./option-values.ts";

const OPTIONS = z.object({
  action: z.enum(["new"]).meta({ description: "`new` makes one" }),
  file: z.string().min(1).meta({ description: "where the key is to lie; never over what lies there" }),
  paper: text.meta({ description: "also a page to print, FILE.html: the key as text and as a QR code" }),
  "post-quantum": flag.meta({
    description: "a key that computers of the future do not break either; age reads it from version 1.3 on",
  }),
});

export const command = createCommand(
  {
    positional: "<action> <file>",
    description:
      "Makes a key of age (age-encryption.org) in a file that only you can read, and prints its recipient, which is public: photos are sealed to it with --encrypt-to. Whoever loses all keys of a sealed target has lost its photos, so make two, and keep one on paper.",
    options: OPTIONS,
    examples: [
      ["photohaul keys new ~/photos.key --paper photos-key.html", "a key, and the page for the drawer"],
      ["photohaul mirror s3://my-photos /media/usb --encrypt-to age1…", "seal to it; the key itself is not needed"],
      ["photohaul restore /media/usb ~/Photos --identity ~/photos.key", "and open again"],
    ],
  },
  async ({ file, paper, "post-quantum": hybrid }, { stdout, stderr }) => {
    const { identity, recipient } = await makeKeyFile(file, hybrid);
    if (paper !== null) {
      try {
        const { paperPage } = await import("../report/paper-page.ts");
        await writeNew(paper, paperPage(identity, recipient));
      } catch (error) {
        // Nobody was told of it, and the next try is to find its name free.
        await rm(file);
        throw error;
      }
    }
    stdout.write(`${recipient}\n`);
    const where = paper === null ? file : `${file}, and on ${paper}: print that page, put it away, and delete the file`;
    const says = `The key itself is in ${where}. Above is its recipient: give it to --encrypt-to. Without the key nobody opens what is sealed to it, you neither.`;
    stderr.write(`${fitted(says, stderr)}\n`);
    return EXIT.ok;
  },
);
