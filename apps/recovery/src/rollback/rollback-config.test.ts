import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, loadConfig } from "@kubeferry/shared-config";
import { expect, it } from "vitest";
import { rollbackConfig } from "./rollback-config.ts";

async function configured(gitops: object): Promise<Config> {
  const file = join(await mkdtemp(join(tmpdir(), "kubeferry-test-")), "kubeferry.yaml");
  const repository = { url: "https://git.example.com/acme/fleet.git" };
  await writeFile(
    file,
    JSON.stringify({ store: { type: "folder", path: "/store" }, gitops: { namespaces: ["*"], repository, ...gitops } }),
  );
  return (await loadConfig({ files: [file], env: {} })).config;
}

it("a rollback is one request on a branch of its own that no host merges by itself, whatever is configured", async () => {
  const config = await configured({
    mode: "push",
    pullRequest: { autoMerge: "merge", split: "namespace", title: "[fleet] {title}" },
    source: { onPartial: "wait" },
  });
  const { gitops } = rollbackConfig(config, (branch) => `${branch}-rollback`);
  expect(gitops).toMatchObject({
    mode: "pull-request",
    repository: { branch: "kubeferry/main-rollback", base: "main" },
    pullRequest: { autoMerge: "off", split: "none", title: "[fleet] {title}" },
    source: { onPartial: "use" },
  });
});
