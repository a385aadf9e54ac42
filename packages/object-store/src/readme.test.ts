import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("does what the README's example says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const printed = /```text\n([\s\S]*?)```/.exec(readme)?.[1];
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-readme-"));
  await symlink(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(folder, "node_modules"));
  const args = ["--conditions=kubeferry-source", "--no-warnings", "--input-type=module-typescript", "--eval", example];
  expect(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" })).toBe(printed);
  await rm(folder, { recursive: true });
});
