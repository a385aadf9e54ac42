// `npm run check`: everything that needs no server, in under a minute. Prints what failed, and nothing else.
import { spawn } from "node:child_process";

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const STEPS: readonly Step[] = [
  { name: "format and lint", command: ["biome", "check", "."] },
  { name: "types", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "import directions", command: ["node", "--conditions=kubeferry-source", "tools/check-imports.ts"] },
  { name: "unused code", command: ["knip", "--no-progress"] },
  { name: "secrets in our own tree", command: ["secretlint", "--secretlintignore", ".gitignore", "**/*"] },
];
const UNIT_TESTS: Step = { name: "unit tests", command: ["vitest", "run", "--project", "quick*"] };

const withTests = !process.argv.includes("--static");
const startedMs = performance.now();
const failed: string[] = [];
for (const step of withTests ? [...STEPS, UNIT_TESTS] : STEPS) {
  const stepMs = performance.now();
  const { code, output } = await run(step.command);
  const seconds = ((performance.now() - stepMs) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok  " : "FAIL"} ${step.name} (${seconds} s)\n`);
  if (code !== 0) {
    failed.push(step.name);
    process.stdout.write(output);
  }
}
process.stdout.write(`checked in ${((performance.now() - startedMs) / 1000).toFixed(0)} s; the budget is 60 s\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

function run([program = "", ...args]: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString("utf8") }));
  });
}
