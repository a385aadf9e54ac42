import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("the example of the README runs and prints what stands below it", () => {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const readme = readFileSync(`${folder}README.md`, "utf8");
  const [, program = "", printed = ""] = /```ts\n(.*?)```\n\nprints\n\n```text\n(.*?)```/s.exec(readme) ?? [];
  const options = ["--conditions=kubeferry-source", "--input-type=module", "-e", program];
  const run = spawnSync(process.execPath, options, { cwd: folder });
  expect(run.stderr.toString()).toBe("");
  expect(run.stdout.toString()).toBe(printed);
});
