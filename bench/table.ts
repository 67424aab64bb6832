/** Medians and ratios as Markdown. */

import { cpus, release, totalmem } from "node:os";
import type { Cost } from "./measure.ts";
import type { Program, Scenario } from "./scenarios.ts";

export interface Measured {
  readonly scenario: Scenario;
  /** Medians by contender. */
  readonly costs: ReadonlyMap<string, Cost>;
}

/** Where and when, for whoever compares. */
export function machine(present: Readonly<Record<Program, string | null>>, runs: number): string {
  const cores = cpus();
  const programs = Object.entries(present).map(([name, version]) => {
    return version === null ? `no ${name}` : version.startsWith(name) ? version : `${name} ${version}`;
  });
  return [
    new Date().toISOString().slice(0, 10),
    `${cores.length} cores of ${cores[0]?.model ?? "unknown"}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${process.platform} ${release()}`,
    ...programs,
    `medians of ${runs} run${runs === 1 ? "" : "s"}, interleaved`,
  ].join(" · ");
}

export function table(measured: readonly Measured[]): string {
  const rows = measured.flatMap(({ scenario, costs }) => [
    ...[...costs].map(([name, { wall, cpu, rss }], index) => [
      index === 0 ? scenario.title : "",
      name,
      wall.toFixed(2),
      cpu.toFixed(2),
      rss.toFixed(0),
    ]),
    ...(scenario.bound === undefined ? [] : [["", scenario.bound.name, scenario.bound.seconds.toFixed(2), "", ""]]),
  ]);
  const costs = markdown(["", "", "wall s", "CPU s", "peak MB"], rows);
  return `${costs}\n\n${ratios(measured)}`;
}

function ratios(measured: readonly Measured[]): string {
  const rows = measured.flatMap(({ scenario, costs }) => {
    return scenario.goals.flatMap(({ ours, against, most, of = "wall" }) => {
      const cost = (name: string) => (name === scenario.bound?.name ? scenario.bound.seconds : costs.get(name)?.[of]);
      const mine = cost(ours);
      const theirs = against.reduce<number | undefined>((sum, name) => {
        const seconds = cost(name);
        return sum === undefined || seconds === undefined ? undefined : sum + seconds;
      }, 0);
      if (mine === undefined || theirs === undefined) return [];
      const ratio = mine / theirs;
      const verdict = ratio <= most ? "reached" : "missed";
      return [
        [
          scenario.name,
          `${of === "cpu" ? "CPU of " : ""}${ours} / ${against.join(" + ")}`,
          ratio.toFixed(3),
          most.toFixed(3),
          verdict,
        ],
      ];
    });
  });
  return markdown(["scenario", "wall of", "ratio", "goal", ""], rows);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
