/** `photohaul layouts`: the layouts that are known, and the check of a user's own. */

import { z } from "zod";
import { EXIT } from "../error-messages.ts";
import { allLayouts } from "../layouts/all.ts";
import type { Layout } from "../layouts/layout.ts";
import { loadLayoutFile } from "../originals/layout-file.ts";
import { paragraph, type Section } from "../report/section.ts";
import { createCommand } from "../run/command.ts";
import { answer } from "../run/frame.ts";
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
  ({ check, json }, process) =>
    answer(process, { json: json && check === null }, async ({ page }) => {
      if (check === null) {
        const list = allLayouts().map(({ id, title }) => ({ id, title }));
        page(allLayouts().map(layoutSection), list);
        return EXIT.ok;
      }
      const { id, originals, renditions, tokens } = await loadLayoutFile(check);
      const rules = originals.length + renditions.length + tokens.length;
      page([paragraph(`${check} is right: layout ${id}, ${rules} rules, all examples as they say`)]);
      return EXIT.ok;
    }),
);

function layoutSection({ id, title, originals, renditions }: Layout): Section {
  const first = (label: string) => (rule: { readonly examples: readonly string[] }) =>
    rule.examples.slice(0, 1).map((key) => ({ label, text: key }));
  const rows = [...originals.flatMap(first("original")), ...renditions.flatMap(first("rendition"))];
  return { id, title: `${id}  ${title}`, rows };
}
