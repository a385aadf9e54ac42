// `npm run bench -- [--size 10k] [--rounds 5] [--only backup,start] [--ci] [--json file] [--svg file]`: what kubeferry takes,
// next to the least that it could. Ends with 1 when a claim does not hold, with 2 when it was asked for what there is not.
import { writeFile } from "node:fs/promises";
import { servers } from "@kubeferry/testbed";
import { type Asked, readArguments } from "./frame/arguments.ts";
import { load, thisMachine } from "./frame/machine.ts";
import { measureSuite, type Suite } from "./frame/measure.ts";
import { plotOf } from "./frame/plot.ts";
import { placeText, summaryOf, tablesOf } from "./frame/report.ts";
import { type Results, readResults, type SuiteResult, together, verdictsOf } from "./frame/results.ts";
import { withTemporaryFolder } from "./frame/temporary.ts";
import { suites } from "./suites.ts";

const names = suites.map(({ name }) => name);
const asked = readAsked();
process.exitCode = asked === undefined ? 2 : await bench(asked);

function readAsked(): Asked | undefined {
  try {
    return readArguments(process.argv.slice(2), suites);
  } catch (error) {
    say(`bench: ${(error as Error).message}`);
    return undefined;
  }
}

/** @returns the exit code */
async function bench(wanted: Asked): Promise<number> {
  const kept = wanted.json === undefined ? undefined : await readResults(wanted.json);
  const taken: SuiteResult[] = [];
  const soFar = (): Results => {
    return { machine: thisMachine(), servers: servers.used(), objects: wanted.objects, suites: taken };
  };
  // Before an hour's work: it refuses a file that this run's results do not belong in.
  together(kept, soFar(), names);
  for (const suite of suites.filter(({ name }) => wanted.suites.includes(name))) {
    const result = await measured(suite, wanted);
    taken.push(result);
    process.stdout.write(`${tablesOf(result, verdictsOf({ ...soFar(), suites: [result] }, wanted))}\n`);
    // After each suite, so that the hour does not go with the last of them.
    await write(wanted, together(kept, soFar(), names));
  }
  const verdicts = verdictsOf(soFar(), wanted);
  process.stdout.write(`${placeText(soFar())}\n\n${summaryOf(verdicts)}\n`);
  return verdicts.some(({ verdict }) => verdict === "does not hold") ? 1 : 0;
}

async function measured(suite: Suite, { objects, rounds, inCi }: Asked): Promise<SuiteResult> {
  const loads: number[] = [];
  const onRound = (round: number): void => {
    loads.push(load());
    say(`${suite.name}: round ${round} of ${rounds}, load ${load()}`);
  };
  const taken = await withTemporaryFolder(() => measureSuite(suite, { objects, rounds, inCi }, onRound));
  return { date: new Date().toISOString().slice(0, 10), loads, ...taken };
}

async function write({ json, svg }: Asked, results: Results): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(results, undefined, 2)}\n`);
  if (svg !== undefined) await writeFile(svg, plotOf(results));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
