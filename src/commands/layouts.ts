/** `photohaul layouts`: the layouts that are known, and the check of a user's own. */

import { z } from "zod";
import { EXIT } from "../error-messages.ts";
import { allLayouts } from "../layouts/all.ts";
import type { Layout } from "../layouts/layout.ts";
import { loadLayoutFile } from "../originals/layout-file.ts";
import { forTerminal } from "../report/escape.ts";
import { createCommand } from "../run/command.ts";
import { flag, text } from "./option-values.ts";

export const command = createCommand(
  {
    positional: "",
    description:
      "Lists the layouts of photo services that photohaul knows, with examples of their keys; --layout takes their names. With --check, reads a layout file of your own and says what is wrong with it.",
    options: z.object({
      check: text.meta({ description: "check the layout FILE (JSON or TOML)" }),
      json: flag.meta({ description: "the list as JSON" }),
    }),
    examples: [
      ["photohaul layouts", "which services are known"],
      ["photohaul layouts --check mine.toml", "is my own layout right?"],
      ["photohaul mirror s3://my-photos /media/usb --layout mine.toml", "use it"],
    ],
  },
  async ({ check, json }, { stdout }) => {
    if (check !== null) {
      const { id, originals, renditions, tokens } = await loadLayoutFile(check);
      const rules = originals.length + renditions.length + tokens.length;
      stdout.write(`${forTerminal(check)} is right: layout ${id}, ${rules} rules, all examples as they say\n`);
      return EXIT.ok;
    }
    if (json) {
      const list = allLayouts().map(({ id, title }) => ({ id, title }));
      stdout.write(`${JSON.stringify(list)}\n`);
      return EXIT.ok;
    }
    for (const layout of allLayouts()) stdout.write(`${describe(layout).join("\n")}\n\n`);
    return EXIT.ok;
  },
);

function describe(layout: Layout): string[] {
  const originals = layout.originals.flatMap(({ examples }) => examples.slice(0, 1));
  const renditions = layout.renditions.flatMap(({ examples }) => examples.slice(0, 1));
  return [
    `${layout.id}  ${layout.title}`,
    ...originals.map((key) => `  original   ${forTerminal(key)}`),
    ...renditions.map((key) => `  rendition  ${forTerminal(key)}`),
  ];
}
