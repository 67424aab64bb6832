/** The manual page: all commands with their options, from the same declarations as `--help`. For `man -l`, and in the package. Pure. */

import type { Command } from "./command.ts";
import { optionsOf, positionalsOf } from "./command-options.ts";

export interface ManEntry {
  readonly name: string;
  readonly summary: string;
  readonly command: Command;
}

/** @returns the page in roff, as man(7) has it. @param exits what each exit code means */
export function manPage(
  entries: readonly ManEntry[],
  version: string,
  exits: readonly (readonly [number, string])[],
): string {
  return [
    `.TH PHOTOHAUL 1 "" "photohaul ${plain(version)}"`,
    ".SH NAME",
    "photohaul \\- brings your photos home: every original out of a photo service's bucket",
    ".SH SYNOPSIS",
    ".B photohaul",
    "\\fIcommand\\fR [\\fIoptions\\fR]",
    ".SH COMMANDS",
    ...entries.flatMap(({ name, summary }) => [".TP", `.B ${plain(name)}`, plain(summary)]),
    ...entries.flatMap(commandPage),
    '.SH "EXIT STATUS"',
    ...exits.flatMap(([code, means]) => [".TP", `.B ${code}`, plain(means)]),
    ".SH FILES",
    "What is remembered of each source lies in \\fI$XDG_STATE_HOME/photohaul\\fR (\\fI~/.local/state/photohaul\\fR).",
    "",
  ].join("\n");
}

function commandPage({ name, command }: ManEntry): string[] {
  return [
    `.SH "PHOTOHAUL ${name.toUpperCase()}"`,
    `.B photohaul ${name}`,
    `${plain(command.positional)} [\\fIoptions\\fR]`,
    ".PP",
    plain(command.description),
    ...positionalsOf(command).flatMap(([word, what]) => [".TP", `.I ${word}`, plain(what)]),
    ...optionsOf(command).flatMap((option) => {
      const alias = typeof option.alias === "string" ? `\\-${option.alias}, ` : "";
      const value = option.type === "boolean" ? "" : " \\fIvalue\\fR";
      const choices = option.choices === undefined ? "" : ` (${option.choices.join(", ")})`;
      const initial = option.defaultDescription === undefined ? "" : ` [default: ${option.defaultDescription}]`;
      const head = `.B ${alias}\\-\\-${plain(option.name)}${value}`;
      return [".TP", head, plain(`${option.describe ?? ""}${choices}${initial}`)];
    }),
    ...command.examples.flatMap(([line, what]) => [".PP", `${plain(what)}:`, ".PP", ".nf", plain(line), ".fi"]),
  ];
}

/** Text that roff takes for nothing else: a line that begins with a dot would be a request. */
function plain(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/, "\\&$1");
}
