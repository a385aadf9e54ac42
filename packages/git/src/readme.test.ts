import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, it } from "vitest";
import { type LocalRepository, localRepository } from "./testing/local-repository.ts";

const opened: LocalRepository[] = [];
afterEach(() => {
  for (const repository of opened.splice(0)) repository.remove();
});

it("the README's example pushes a branch, and changes nothing when it is run again", async () => {
  const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const repository = localRepository({ "README.md": "hello\n" });
  opened.push(repository);
  const run = () =>
    promisify(execFile)(process.execPath, ["--conditions=kubeferry-source", "--input-type=module", "--eval", example], {
      cwd: join(import.meta.dirname, ".."),
      env: { ...process.env, REPOSITORY: repository.bare, NODE_OPTIONS: "" },
    });
  await run();
  expect(repository.git("diff", "--name-status", "main", "kubeferry/main")).toBe("A\tnamespaces/shop/base/web.yaml");
  await run();
  expect(repository.git("log", "--format=%s", "main..kubeferry/main")).toBe("Update shop");
});
