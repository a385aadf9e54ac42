import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { loadConfig } from "./index.ts";

const FOLDER = join(import.meta.dirname, "../../../examples/hosts");
const FILES = globSync("*.yaml", { cwd: FOLDER }).sort();

it("there is an example of a host", () => {
  expect(FILES.length).toBeGreaterThan(0);
});

it.each(FILES)("the example %s is a configuration that can be used", async (file) => {
  const path = join(FOLDER, file);
  const named = readFileSync(path, "utf8").matchAll(/\$\{(\w+)\}/g);
  const env = Object.fromEntries([...named].map(([, name = ""]) => [name, "a-value-of-the-test"]));
  const { config } = await loadConfig({ env, cwd: FOLDER, files: [path] });
  expect(config.gitops?.repository.platform).toBe(basename(file, ".yaml"));
});
