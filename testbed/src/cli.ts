import { parseArgs } from "node:util";
import { type BinaryName, binaryNames, isBinaryName } from "./binaries/catalog.ts";
import { build } from "./commands/build.ts";
import type { CommandContext } from "./commands/context.ts";
import { down } from "./commands/down.ts";
import { status } from "./commands/status.ts";
import { type UpName, up, upNames } from "./commands/up.ts";
import { TestbedError } from "./errors.ts";

const maxClusters = 16;

const usage = `Usage: npm run testbed -- <command>

  build [names]                    build what is missing: ${binaryNames.join(", ")}
  up [names] [--clusters N]        start servers until \`down\`: ${upNames.join(", ")}
                                   (without names: kube-apiserver, minio, gitea)
  down                             end what \`up\` started and what crashed test runs left
  status                           what runs

Places: KUBEFERRY_TESTBED_CACHE (built programs), KUBEFERRY_TESTBED_HOME (runs; default .testbed).
Programs offered by KUBEBUILDER_ASSETS or PATH are used first, unless KUBEFERRY_TESTBED_PINNED=1.`;

/** What the caller can mend: exit code 2. Anything else is 1. */
const callersToMend: readonly string[] = ["bad-request", "no-go", "not-built", "already-up"];

const context: CommandContext = {
  environment: process.env,
  say: (line) => process.stdout.write(`${line}\n`),
};

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof TestbedError && callersToMend.includes(error.kind) ? 2 : 1;
}

async function run(words: readonly string[]): Promise<void> {
  const { command, names, clusters, help } = parse(words);
  if (help) return context.say(usage);
  switch (command) {
    case "build":
      return await build(names.map(binaryName), context);
    case "up":
      await up({ names: names.map(upName), clusters: clusterCount(clusters) }, context);
      return;
    case "down":
      return await down(context);
    case "status":
      return status(context);
    default:
      throw badRequest(command === undefined ? "no command" : `unknown command ${command}`, `\n${usage}`);
  }
}

function parse(words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { clusters: { type: "string", default: "1" }, help: { type: "boolean", short: "h", default: false } },
    });
    const [command, ...names] = positionals;
    return { command, names, ...values };
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error), `\n${usage}`);
  }
}

function binaryName(word: string): BinaryName {
  if (isBinaryName(word)) return word;
  throw badRequest(`nothing is called ${word}`, `choose from ${binaryNames.join(", ")}`);
}

function upName(word: string): UpName {
  const name = upNames.find((known) => known === word);
  if (name !== undefined) return name;
  throw badRequest(`no server is called ${word}`, `choose from ${upNames.join(", ")}`);
}

function clusterCount(word: string): number {
  const count = Number(word);
  if (Number.isInteger(count) && count >= 1 && count <= maxClusters) return count;
  throw badRequest(`--clusters ${word} is no number from 1 to ${maxClusters}`, "leave it out for one");
}

function badRequest(problem: string, next: string): TestbedError {
  return new TestbedError({ kind: "bad-request", who: "testbed", operation: "read the command line", problem, next });
}
