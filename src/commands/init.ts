/**
 * `photohaul init`: a conversation that ends in lines to type. It keeps nothing, asks for no secret, and every answer is an
 * option as well.
 */

import { z } from "zod";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import { createCommand, type Process } from "../run/command.ts";
import { askerAt } from "../run/output.ts";
import { type SetupAnswers, setupLines } from "../steps/setup-lines.ts";
import { mustBeSource } from "../stores/all.ts";
import { isBucket, isInStore, mustLieApart } from "../targets/apart.ts";
import { Questions } from "./init-questions.ts";
import { flag, serviceUrl, text, texts } from "./option-values.ts";
import { AT_OPTION } from "./schedule.ts";

const ANSWERS = { group: "Answers, each in place of a question:" };
const OPTIONS = z.object({
  source: text.meta({ ...ANSWERS, description: "where the photos are" }),
  endpoint: serviceUrl
    .nullable()
    .default(null)
    .meta({ ...ANSWERS, description: "URL of the service of a bucket; AWS when absent" }),
  profile: text.meta({ ...ANSWERS, description: "profile of ~/.aws/config to use" }),
  target: texts.meta({ ...ANSWERS, description: "where they are to go: a drive first, as a rule (repeatable)" }),
  seal: text.meta({ ...ANSWERS, description: "TARGET that is to be sealed with age" }),
  "storage-class": text.meta({ ...ANSWERS, description: "class of the photos in the target that is a bucket" }),
  at: AT_OPTION.meta({ ...ANSWERS, description: "time of day" }),
  print: flag.meta({ description: "ask nothing: what is not answered by an option is left out" }),
});
type Typed = z.output<typeof OPTIONS>;

export const command = createCommand(
  {
    positional: "",
    description:
      "Asks where the photos are, where they are to go and when, looks whether the source answers, and prints the lines that do it. Enter takes what stands in brackets. Nothing is written, and no secret is asked for.",
    options: OPTIONS,
    examples: [
      ["photohaul init", "asks, and prints the lines"],
      ["photohaul init --print --source s3://my-photos --target /media/usb", "the same without a question"],
    ],
  },
  converse,
);

async function converse(options: Typed, process: Process): Promise<number> {
  const ask = options.print ? undefined : askerAt(process);
  if (ask === undefined && (options.source === null || options.target.length === 0)) {
    const says = options.print ? "--print asks nothing, so both are needed" : "there is no terminal to ask at";
    throw new HaulError("usage", `${says}: photohaul init --print --source s3://my-photos --target /media/usb`);
  }
  const answers = await (ask === undefined ? answered(options) : asked(options, new Questions(ask, process)));
  const { stdout } = process;
  for (const doubt of doubts(answers)) stdout.write(`# ${doubt}\n`);
  for (const { what, line } of setupLines(answers)) stdout.write(`\n# ${what}\n${line}\n`);
  return EXIT.ok;
}

/** What the options say, checked. @throws HaulError `usage` */
async function answered(options: Typed): Promise<SetupAnswers> {
  const { source: typed, target: targets, seal: sealed, at } = options;
  const source = typed ?? "";
  mustBeSource(source);
  await mustLieApart(
    { name: source, role: "source" },
    targets.map((name) => ({ name, role: "target" })),
  );
  if (sealed !== null && !targets.includes(sealed)) {
    throw new HaulError("usage", `--seal ${sealed}: no target is called that`);
  }
  const storage = options["storage-class"];
  if (storage !== null && !targets.some(isBucket)) {
    throw new HaulError("usage", "--storage-class is for targets in buckets, and there is none");
  }
  return {
    source,
    reach: reachOf(options),
    targets,
    sealed,
    more: storage === null ? [] : ["--storage-class", storage],
    at,
  };
}

/** What they leave open is asked. */
async function asked(options: Typed, questions: Questions): Promise<SetupAnswers> {
  const source = options.source ?? (await questions.source(options));
  await questions.look(source, options);
  const targets = options.target.length > 0 ? options.target : await questions.targets();
  const away = targets.find(isInStore) ?? null;
  const seal = options.seal ?? (away !== null && (await questions.seals(away)) ? away : null);
  const bucket = targets.find(isBucket);
  const storage =
    options["storage-class"] ?? (bucket !== undefined && (await questions.archives(bucket)) ? "DEEP_ARCHIVE" : null);
  const at = await questions.time(options.at);
  return answered({ ...options, source, target: targets, seal, "storage-class": storage, at });
}

function reachOf({ endpoint, profile }: Pick<Typed, "endpoint" | "profile">): string[] {
  return [...(endpoint === null ? [] : ["--endpoint", endpoint]), ...(profile === null ? [] : ["--profile", profile])];
}

/** One company, or one house, that is gone takes with it all that lies there. */
function doubts({ source, targets }: Pick<SetupAnswers, "source" | "targets">): string[] {
  const away = targets.filter(isInStore);
  const none =
    targets.length === 1
      ? ["One copy besides the service is a beginning; a second one elsewhere outlives a fire."]
      : [];
  const same = isBucket(source) && away.some(isBucket);
  return [
    ...none,
    ...(same
      ? [
          "A copy with the same company is gone with the account: name another one with --target-endpoint and --target-profile.",
        ]
      : []),
  ];
}
