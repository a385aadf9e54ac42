import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const PACKAGE = dirname(import.meta.dirname);

it("prints what the README says when its example is run as it stands there", async () => {
  const readme = await readFile(join(PACKAGE, "README.md"), "utf8");
  const [, code = "", expected] = /```ts\n([\s\S]*?)\/\/ (.*)\n```/.exec(readme) ?? [];
  const args = ["--conditions=kubeferry-source", "--input-type=module-typescript", "--eval", code];
  const temporary = await mkdtemp(join(tmpdir(), "kubeferry-readme-"));
  try {
    const env = { ...process.env, TMPDIR: temporary, TEMP: temporary };
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: PACKAGE, env });
    expect(stdout.trim()).toBe(expected);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
});
