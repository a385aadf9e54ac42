import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ReplayServer } from "@kubeferry/kube-replay";
import type { GitOpsReport, RunReport } from "@kubeferry/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { shopToFleet } from "../testing/shop-to-fleet.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const execute = promisify(execFile);
const WEB = "namespaces/shop/base/deployment-web.yaml";

describe("--mode, before gitops.mode", { timeout: 90_000 }, () => {
  let replay: ReplayServer;
  let config: string;
  let repository: string;
  let directory: string;

  beforeAll(async () => {
    directory = join(await freshFolder(), "fleet");
    ({ replay, config, repository } = await shopToFleet({ mode: "dry-run", directory }));
  }, 60_000);
  afterAll(() => replay.close());

  it("of run and gitops does with the result what it says", async () => {
    const looked = jsonOf<RunReport>(await kubeferry(["run", "--output", "json", "--config", config]));
    expect(looked.gitops).toMatchObject({ mode: "dry-run", commit: "" });
    expect(looked.gitops?.proposed).toContainEqual({ path: WEB, change: "added" });

    const written = await kubeferry(["gitops", "--mode", "directory", "--config", config]);
    expect(written).toMatchObject({ code: 0 });
    expect(written.stdout).toContain(`written to ${directory}: no commit, nothing was pushed`);
    const text = await readFile(join(directory, WEB), "utf8");

    const args = ["gitops", "--mode", "push", "--output", "json", "--config", config];
    const pushed = jsonOf<GitOpsReport>(await kubeferry(args));
    expect(pushed).toMatchObject({ mode: "push", branch: "main", requests: [{ branch: "main", outcome: "none" }] });
    const show = ["-C", repository, "show"];
    expect((await execute("git", [...show, "-s", "--format=%H", "main"])).stdout.trim()).toBe(pushed.commit);
    expect((await execute("git", [...show, `main:${WEB}`])).stdout).toBe(text);
  });

  it("is refused where it is none, and where the folder is missing", async () => {
    const other = await kubeferry(["gitops", "--mode", "merge", "--config", config]);
    expect(other.code).toBe(2);
    const nowhere = await writeConfig({
      store: { type: "folder", path: await freshFolder() },
      gitops: { namespaces: ["shop"], repository: { url: repository } },
    });
    const missing = await kubeferry(["gitops", "--mode", "directory", "--config", nowhere]);
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.stderr).toContain("gitops.directory: missing: mode directory writes there");
  });
});
