/** Holds docs/reliability.md to the results of a run: a promise whose test did not run and pass fails the run. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Reporter, TestModule, TestRunEndReason, Vitest } from "vitest/node";
import { type Ended, notShown, shownOn } from "./reliability-rows.ts";

export default class ReliabilityReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    _errors: readonly unknown[],
    reason: TestRunEndReason,
  ): Promise<void> {
    const vitest = this.#vitest;
    // A run that failed says so itself; one of chosen tests shows what it was asked to.
    if (vitest === undefined || reason !== "passed") return;
    if (vitest.config.testNamePattern !== undefined) return;
    const all = await vitest.globTestSpecifications();
    const files = new Set(all.map(({ moduleId }) => relative(vitest, moduleId)));
    const missing = notShown(
      shownOn(),
      modules.flatMap((module) => endedIn(vitest, module)),
      {
        whole: all.length === modules.length,
        belongs: (file) => files.has(file),
        textOf: (file) => readFileSync(join(vitest.config.root, file), "utf8"),
      },
    );
    if (missing.length === 0) return;
    vitest.logger.error(`\n${missing.join("\n")}\n`);
    process.exitCode = 1;
  }
}

function endedIn(vitest: Vitest, module: TestModule): Ended[] {
  const file = relative(vitest, module.moduleId);
  return [...module.children.allTests()].map((one) => ({
    file,
    name: one.fullName,
    state: one.result().state,
  }));
}

function relative(vitest: Vitest, moduleId: string): string {
  return moduleId.slice(vitest.config.root.replace(/\/$/, "").length + 1);
}
