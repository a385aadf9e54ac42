import { execFile } from "node:child_process";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { ReplayServer } from "@kubeferry/kube-replay";
import type { GitOpsReport } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { shopToFleet } from "../testing/shop-to-fleet.ts";
import { freshFolder } from "../testing/workspace.ts";

const execute = promisify(execFile);

describe.skipIf(missingServers("kustomize"))("kubeferry gitops --verify", { timeout: 60_000 }, () => {
  let replay: ReplayServer;
  let config: string;
  let repository: string;
  /** Holds git, and none of the programs that build. */
  let git: string;

  beforeAll(async () => {
    ({ replay, config, repository } = await shopToFleet({ environments: { dev: {}, prod: {} } }));
    expect(await kubeferry(["backup", "--config", config])).toMatchObject({ code: 0 });
    git = await freshFolder();
    const { stdout } = await execute("sh", ["-c", "command -v git"]);
    await symlink(stdout.trim(), join(git, "git"));
  }, 60_000);
  afterAll(() => replay.close());

  const verify = (path: string, ...args: readonly string[]) =>
    kubeferry(["gitops", "--verify", ...args, "--config", config], { env: { PATH: `${path}:${git}` } });

  it("says what built the overlays, how many, and that nothing differs", async () => {
    const built = await verify(dirname(servers.binary("kustomize")), "--dry-run");
    expect(built).toMatchObject({ code: 0 });
    expect(built.stdout).toMatch(/^ {2}verified: 2 overlays built with kustomize, [1-9]\d* objects, no difference$/m);
    const json = jsonOf<GitOpsReport>(await verify("/nonexistent", "--dry-run", "--output", "json"));
    expect(json.verification).toMatchObject({ by: "model", overlays: 2, differing: 0, notVerified: [] });
  });

  it("ends with 2 when an overlay comes out otherwise, names it, and pushes nothing", async () => {
    const programs = join(await freshFolder(), "bin");
    await mkdir(programs);
    const build = `out=$("${servers.binary("kustomize")}" "$@") && echo "\${out/replicas: /paused: true$'\\n'  replicas: }"`;
    await writeFile(join(programs, "kustomize"), `#!/bin/bash\n${build}\n`);
    await chmod(join(programs, "kustomize"), 0o755);
    const stopped = await verify(programs, "--output", "json");
    expect(stopped).toMatchObject({ code: 2 });
    expect(stopped.stderr).toMatch(/blocked: namespaces\/shop\/dev: Deployment shop\/\S+ differs at \/spec\/paused; /);
    const report = jsonOf<GitOpsReport>(stopped);
    expect(report).toMatchObject({
      status: "failed",
      verification: { by: "kustomize", overlays: 2, differing: 2, differences: [{ path: "/spec/paused" }, {}] },
    });
    const branches = await execute("git", ["-C", repository, "branch", "--format=%(refname:short)"]);
    expect(branches.stdout).toBe("main\n");
  });

  it("is asked for by the configuration too, and the flag goes before it", async () => {
    const set = ["--set", "gitops.verify=true", "--dry-run", "--config", config];
    expect((await kubeferry(["gitops", ...set])).stdout).toContain("verified: 2 overlays");
    expect((await kubeferry(["gitops", "--no-verify", ...set])).stdout).not.toContain("verified");
  });
});
