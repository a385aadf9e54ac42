import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bareRepository } from "../demo/bare-repository.ts";
import { testCall } from "../testing/call.ts";
import { type CliResult, jsonOf, kubeferry } from "../testing/cli.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const TIMEOUT = { timeout: 90_000 };

describe.skipIf(missingServers("kustomize"))("kubeferry drift", () => {
  const clusters: ReplayServer[] = [];
  const configs = { asItWas: "", later: "" };

  beforeAll(async () => {
    const store = { type: "folder", path: join(await freshFolder(), "store") };
    const { folder: url } = await bareRepository(join(await freshFolder(), "fleet.git"));
    const gitops = { mode: "push", namespaces: ["shop"], repository: { url } };
    for (const [name, state] of [
      ["asItWas", "before"],
      ["later", "after"],
    ] as const) {
      const replay = await serveSnapshot(await smallCluster(state), { port: 0 }, testCall);
      clusters.push(replay);
      const kubeconfig = join(await freshFolder(), "kubeconfig");
      await writeFile(kubeconfig, replay.kubeconfig);
      const cluster = { name: "small", domain: "example.internal" };
      configs[name] = await writeConfig({ cluster, kubernetes: { kubeconfig }, store, gitops });
    }
    const run = await kubeferry(["run", "--config", configs.asItWas]);
    if (run.code !== 0) throw new Error(run.stdout + run.stderr);
  }, 90_000);

  afterAll(async () => {
    for (const cluster of clusters) await cluster.close();
  });

  it("finds none in the cluster that both were made from, and ends with 0", TIMEOUT, async () => {
    const found = await drift(configs.asItWas);
    expect(found.stdout).toMatch(/^against Git, commit [0-9a-f]{12}, environment \w+\n {2}no drift\n/);
    expect(found.stdout).toMatch(/against example.internal\/small, snapshot 1 of .*\n {2}no drift\n$/);
    expect(found.code).toBe(0);
  });

  it(
    "names what is missing, changed and unmanaged after a Deployment was scaled, and ends with 3",
    TIMEOUT,
    async () => {
      const found = await drift(configs.later, "--against", "git");
      expect(found.code, found.stderr).toBe(3);
      expect(found.stdout).toContain("missing: configmaps shop/g\n");
      expect(found.stdout).toContain("unmanaged: configmaps shop/h\n");
      expect(found.stdout).toContain("changed: deployments.apps shop/web\n      /spec/replicas: 1 → 3\n");
      expect(found.stdout).toContain("1 missing, 6 changed, 1 unmanaged");
    },
  );

  it("is one JSON document with both comparisons", TIMEOUT, async () => {
    const found = await drift(configs.later, "--output", "json", "-n", "shop", "--include-resources", "deployments");
    expect(found.code).toBe(3);
    expect(jsonOf(found)).toMatchObject({
      git: { summary: { added: 0, removed: 0, changed: 3 } },
      snapshot: { summary: { added: 0, removed: 0, changed: 3 } },
      applications: null,
    });
  });

  it(
    "says of a namespace that is nowhere that it fits nothing, and not only that there is no drift",
    TIMEOUT,
    async () => {
      const found = await drift(configs.asItWas, "-n", "shop", "-n", "shpo");
      expect(found).toMatchObject({
        code: 0,
        stderr: "--include-namespaces shpo fits no namespace that was looked at\n",
      });
    },
  );

  it("cannot run without a program that builds kustomizations, and says what to install", TIMEOUT, async () => {
    const found = await kubeferry(["drift", "--config", configs.asItWas], { env: { PATH: dirname("/nonexistent/x") } });
    expect(found).toMatchObject({ code: 2, stderr: expect.stringContaining("neither kustomize nor kubectl on PATH") });
  });

  function drift(config: string, ...args: readonly string[]): Promise<CliResult> {
    const path = `${dirname(servers.binary("kustomize"))}:${process.env.PATH ?? ""}`;
    return kubeferry(["drift", "--config", config, ...args], { env: { PATH: path } });
  }
});
