/**
 * npm run bench [-- SCENARIO…] [--runs N] [--scratch DIR] [--write]
 * Runs each scenario N times, its contenders in turn, and prints medians and ratios as Markdown; with
 * --write they replace the table in bench/README.md. README.md there says what is compared and why so.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { startServer as startProgram } from "../test/servers/start.ts";
import { type Cost, measure, medianCost } from "./measure.ts";
import { type Place, versions } from "./programs.ts";
import { type Contender, SCENARIOS, type Scenario } from "./scenarios.ts";
import { type Measured, machine, table } from "./table.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "5" },
    scratch: { type: "string", default: tmpdir() },
    write: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
const present = versions();

/** The server's endpoint; it ends when the returned function is called, or with this process. */
async function startServer(options: readonly string[]): Promise<[string, () => Promise<void>]> {
  const file = join(import.meta.dirname, "server.ts");
  const child = spawn(process.execPath, [file, ...options], { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = await once(createInterface(child.stdout), "line");
  const ended = once(child, "exit");
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  return [`http://127.0.0.1:${port}`, stop];
}

/** OpenSSH as the tests start it. */
async function startSsh() {
  const { running, stop } = await startProgram({ name: "sshd", script: "sshd.sh", ports: 2, programs: {} });
  const home = mkdtempSync(join(tmpdir(), "photohaul-bench-home-"));
  cpSync(running.ssh ?? "", join(home, ".ssh"), { recursive: true });
  const stopAll = async () => {
    await stop();
    rmSync(home, { recursive: true });
  };
  return { reach: { url: running.endpoint, home }, stop: stopAll };
}

/** One measured run of one contender in a folder of its own. */
async function runOnce(contender: Contender, place: Place): Promise<Cost> {
  mkdirSync(place.folder, { recursive: true });
  if (contender.before !== undefined) await measure(contender.before(place), place.folder);
  const cost = await measure(contender.run(place), place.folder);
  contender.check(place);
  return cost;
}

async function runScenario(scenario: Scenario, scratch: string): Promise<Measured> {
  const [endpoint, stop] = await startServer(scenario.server);
  const ssh = scenario.ssh === true ? await startSsh() : null;
  const here = scenario.contenders.filter(({ program }) => present[program] !== null);
  const costs = new Map<string, Cost[]>(here.map(({ name }) => [name, []]));
  try {
    for (let run = 1; run <= runs; run++) {
      for (const [index, contender] of here.entries()) {
        const folder = join(scratch, `${scenario.name}-${run}-${index}`);
        const cost = await runOnce(contender, { endpoint, folder, ...(ssh === null ? {} : { ssh: ssh.reach }) });
        costs.get(contender.name)?.push(cost);
        if (scenario.bulky === true) rmSync(folder, { recursive: true });
        const { wall, cpu, rss } = cost;
        console.error(
          `${scenario.name} ${run}/${runs} ${contender.name}: ${wall.toFixed(2)} s, CPU ${cpu.toFixed(2)} s, ${rss.toFixed(0)} MB`,
        );
      }
    }
  } finally {
    await stop();
    await ssh?.stop();
  }
  const medians = [...costs].map(([name, all]) => [name, medianCost(all)] as const);
  return { scenario, costs: new Map(medians) };
}

function chosen(): readonly Scenario[] {
  const known = SCENARIOS.map(({ name }) => name);
  if (!(runs >= 1) || positionals.some((name) => !known.includes(name))) {
    throw new Error(`Scenarios: ${known.join(" ")}; --runs 1 or more`);
  }
  return SCENARIOS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
}

const wanted = chosen();
const scratch = mkdtempSync(join(values.scratch, "photohaul-bench-"));
try {
  const measured: Measured[] = [];
  for (const scenario of wanted) measured.push(await runScenario(scenario, scratch));
  const text = `${machine(present, runs)}\n\n${table(measured)}\n`;
  console.log(text);
  if (values.write) {
    const readme = join(import.meta.dirname, "README.md");
    const [before = "", rest = ""] = readFileSync(readme, "utf8").split("<!-- table -->\n");
    const after = rest.split("<!-- end of table -->\n")[1] ?? "";
    writeFileSync(readme, `${before}<!-- table -->\n${text}<!-- end of table -->\n${after}`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
