// Breaks one named line at a time and shows that its named test turns red: `npm run mutations`.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MUTATIONS, type Mutation } from "./mutation-list.ts";
import { copyCheckout } from "./work-copy.ts";

const ROOT = join(import.meta.dirname, "..");
/** A test's start is one thread's work, so that two of them share two cores well. */
const AT_ONCE = 2;
const wanted = process.argv.slice(2);
const chosen = MUTATIONS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const survived: string[] = [];
/** Where copies of the checkout are broken, and what one run of the tests has compiled for the next one. */
const workplace = mkdtempSync(join(tmpdir(), "kubeferry-mutations-"));
process.on("exit", () => rmSync(workplace, { recursive: true, force: true }));
/** Runs of tests that are under way, and what settles with each. */
const running = new Map<ChildProcess, Promise<unknown>>();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => void endTests().then(() => process.exit(1)));

const queue = [...chosen];
try {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, chosen.length) }, (_, index) => work(String(index))));
} catch (error) {
  // The other one's tests would go on in a folder that is gone.
  await endTests();
  throw error;
}
process.stdout.write(
  `${chosen.length} mutations, ${chosen.length - survived.length} noticed, ${survived.length} lived\n`,
);
process.exitCode = survived.length === 0 ? 0 : 1;

/** Takes one mutation after the other to a copy of its own. */
async function work(name: string): Promise<void> {
  const copy = join(workplace, name);
  copyCheckout(ROOT, copy);
  for (let mutation = queue.shift(); mutation !== undefined; mutation = queue.shift()) {
    const started = performance.now();
    const red = await turnsRed(copy, mutation);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${red ? "red " : "LIVES"} ${mutation.name} (${mutation.test.file}, ${seconds} s)\n`);
    if (!red) survived.push(mutation.name);
  }
}

async function turnsRed(copy: string, { file, find, replace, test }: Mutation): Promise<boolean> {
  const path = join(copy, file);
  const original = readFileSync(path, "utf8");
  const parts = original.split(find);
  if (parts.length !== 2)
    throw new Error(`${file}: the line of a mutation stands in it ${parts.length - 1} times: ${find}`);
  try {
    writeFileSync(path, parts.join(replace));
    return await fails(copy, test);
  } finally {
    writeFileSync(path, original);
  }
}

/** True when a test of that name ran and failed. A file that does not load, or no test of the name, is not red. */
async function fails(copy: string, test: Mutation["test"]): Promise<boolean> {
  const folder = mkdtempSync(join(workplace, "report-"));
  const file = join(folder, "report.json");
  const config = "--config=vitest.one-test.config.ts";
  await run(copy, ["run", test.file, config, "-t", test.name, "--reporter=json", `--outputFile=${file}`, "--bail=1"]);
  const report = JSON.parse(readFileSync(file, "utf8")) as { numFailedTests: number };
  return report.numFailedTests > 0;
}

async function run(cwd: string, args: readonly string[]): Promise<void> {
  const child = spawn("vitest", args, {
    cwd,
    stdio: "ignore",
    env: { ...process.env, NODE_COMPILE_CACHE: join(workplace, "compiled") },
  });
  const closed = once(child, "close");
  running.set(child, closed);
  try {
    await closed;
  } finally {
    running.delete(child);
  }
}

/** Tests that are told to stop by SIGINT end the servers that they started; one that hangs has ten seconds for it. */
async function endTests(): Promise<void> {
  queue.length = 0;
  for (const child of running.keys()) child.kill("SIGINT");
  const late = setTimeout(() => {
    for (const child of running.keys()) child.kill("SIGKILL");
  }, 10_000);
  await Promise.allSettled(running.values());
  clearTimeout(late);
}
