// Breaks one named line at a time and shows that its named test turns red: `npm run mutations`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MUTATIONS, type Mutation } from "./mutation-list.ts";

const ROOT = join(import.meta.dirname, "..");
const wanted = process.argv.slice(2);
const chosen = MUTATIONS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const survived: string[] = [];
/** What one run of the tests has compiled the next one finds here. */
const compiled = mkdtempSync(join(tmpdir(), "kubeferry-compiled-"));
process.on("exit", () => rmSync(compiled, { recursive: true, force: true }));

for (const mutation of chosen) {
  const started = performance.now();
  const red = await turnsRed(mutation);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${red ? "red " : "LIVES"} ${mutation.name} (${mutation.test.file}, ${seconds} s)\n`);
  if (!red) survived.push(mutation.name);
}
process.stdout.write(
  `${chosen.length} mutations, ${chosen.length - survived.length} noticed, ${survived.length} lived\n`,
);
process.exitCode = survived.length === 0 ? 0 : 1;

async function turnsRed({ file, find, replace, test }: Mutation): Promise<boolean> {
  const path = join(ROOT, file);
  const original = readFileSync(path, "utf8");
  const parts = original.split(find);
  if (parts.length !== 2)
    throw new Error(`${file}: the line of a mutation stands in it ${parts.length - 1} times: ${find}`);
  const restore = (): void => writeFileSync(path, original);
  const stopped = (): void => {
    restore();
    process.exit(1);
  };
  process.once("SIGINT", stopped);
  process.once("SIGTERM", stopped);
  try {
    writeFileSync(path, parts.join(replace));
    return await fails(test);
  } finally {
    restore();
    process.off("SIGINT", stopped);
    process.off("SIGTERM", stopped);
  }
}

/** True when a test of that name ran and failed. A file that does not load, or no test of the name, is not red. */
async function fails(test: Mutation["test"]): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "kubeferry-mutation-"));
  try {
    const file = join(folder, "report.json");
    await run("vitest", ["run", test.file, "-t", test.name, "--reporter=json", `--outputFile=${file}`, "--bail=1"]);
    const report = JSON.parse(readFileSync(file, "utf8")) as { numFailedTests: number };
    return report.numFailedTests > 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: "ignore",
      env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    });
    child.once("error", reject);
    child.once("close", () => resolve());
  });
}
