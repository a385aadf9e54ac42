// `npm run bench -- [--size 10k] [--rounds 5] [--only backup,help] [--ci] [--json file]`: what kubeferry takes, next to the
// least that it could. Ends with 1 when a claim does not hold.
import { writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measureSuite, type SuiteResult } from "./frame/measure.ts";
import { brokenClaims, tablesOf } from "./frame/report.ts";
import { suites } from "./suites.ts";

const CI = { objects: 2_000, rounds: 3 };
const BY_HAND = { objects: 10_000, rounds: 5 };

const { values } = parseArgs({
  options: {
    size: { type: "string" },
    rounds: { type: "string" },
    only: { type: "string" },
    ci: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const usual = values.ci ? CI : BY_HAND;
const objects = values.size === undefined ? usual.objects : objectsIn(values.size);
const rounds = values.rounds === undefined ? usual.rounds : Number(values.rounds);
const only = values.only?.split(",");
const unknown = only?.filter((name) => !suites.some((suite) => suite.name === name)) ?? [];
if (unknown.length > 0) {
  throw new Error(`no suite is called ${unknown.join(", ")}: there are ${suites.map(({ name }) => name).join(", ")}`);
}

const results: SuiteResult[] = [];
for (const suite of suites.filter(({ name }) => only?.includes(name) ?? true)) {
  const onRound = (round: number) => say(`${suite.name}: round ${round} of ${rounds}, load ${load()}`);
  const result = await measureSuite(suite, { objects, rounds }, onRound);
  results.push(result);
  process.stdout.write(`${tablesOf(result)}\n`);
}
if (values.json !== undefined) {
  const [{ model } = { model: "unknown" }] = cpus();
  const machine = {
    cpus: cpus().length,
    model,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  const content = { date: new Date().toISOString().slice(0, 10), machine, objects, rounds, load: load(), results };
  await writeFile(values.json, `${JSON.stringify(content, undefined, 2)}\n`);
}
const broken = brokenClaims(results, { inCi: values.ci });
for (const { claim } of broken) say(`does not hold: ${claim.what}`);
process.exitCode = broken.length > 0 ? 1 : 0;

/** "10k" → 10,000. */
function objectsIn(size: string): number {
  const [, digits, thousands] = /^(\d+)(k?)$/.exec(size) ?? [];
  if (digits === undefined) throw new Error(`--size ${size}: give a number of objects, such as 2000 or 10k`);
  return Number(digits) * (thousands === "k" ? 1_000 : 1);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
