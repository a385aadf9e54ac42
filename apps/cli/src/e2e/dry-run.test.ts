import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ReplayServer } from "@kubeferry/kube-replay";
import type { GitOpsReport } from "@kubeferry/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { shopToFleet } from "../testing/shop-to-fleet.ts";
import { freshFolder } from "../testing/workspace.ts";

const execute = promisify(execFile);

describe("kubeferry gitops --dry-run", () => {
  let replay: ReplayServer;
  let config: string;
  let repository: string;

  beforeAll(async () => {
    ({ replay, config, repository } = await shopToFleet({ environments: { dev: {} } }));
    expect(await kubeferry(["backup", "--config", config])).toMatchObject({ code: 0 });
  }, 60_000);
  afterAll(() => replay.close());

  const branches = async () => (await execute("git", ["-C", repository, "branch", "--format=%(refname:short)"])).stdout;

  it("prints the tree and a diff that git can apply, and pushes nothing", { timeout: 60_000 }, async () => {
    const shown = await kubeferry(["gitops", "--dry-run", "--config", config]);
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toMatch(/^\.\n/);
    expect(shown.stdout).toContain("deployment-web.yaml +\n");
    expect(shown.stdout).toMatch(
      /\+\+\+ b\/namespaces\/shop\/base\/deployment-web\.yaml\n@@ [^\n]*\n\+apiVersion: apps\/v1\n/,
    );
    expect(shown.stdout).toContain("dry run: nothing was pushed");
    expect(await branches()).toBe("main\n");

    const clone = await freshFolder();
    await execute("git", ["clone", "--quiet", repository, clone]);
    await writeFile(join(clone, "shown.patch"), shown.stdout);
    await execute("git", ["-C", clone, "apply", "shown.patch"]);
    expect(await kubeferry(["gitops", "--config", config])).toMatchObject({ code: 0 });
    const { stdout } = await execute("git", [
      "-C",
      repository,
      "show",
      "kubeferry/main:namespaces/shop/.kubeferry.json",
    ]);
    expect(await readFile(join(clone, "namespaces/shop/.kubeferry.json"), "utf8")).toBe(stdout);
  });

  it("names the files in the JSON report, which is all that stdout then holds", { timeout: 60_000 }, async () => {
    const before = await branches();
    const report = jsonOf<GitOpsReport>(
      await kubeferry(["gitops", "--dry-run", "--output", "json", "--config", config]),
    );
    expect(report).toMatchObject({ status: "complete", commit: "", pullRequest: null });
    expect(report.proposed).toContainEqual({ path: "namespaces/shop/base/deployment-web.yaml", change: "added" });
    expect(report.files.written).toBe(report.proposed?.length);
    expect(await branches()).toBe(before);
  });
});
