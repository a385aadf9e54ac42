import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import type { BackupReport, GitOpsReport } from "@kubeferry/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bareRepository } from "../demo/bare-repository.ts";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

describe("the layout of the bucket", () => {
  let replay: ReplayServer;

  beforeAll(async () => {
    replay = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
  });
  afterAll(() => replay.close());

  it.each([
    ["default", "company.local/production-east", "shop/deployments/web.yaml"],
    ["clusterbackup", "clusterbackup/production-east", "shop/deployments/web.yaml"],
    ["cluster", "production-east", "shop/deployments/web.yaml"],
    ["domain-kind", "company.local/production-east", "shop/deployment/web.yaml"],
  ])(
    "preset %s puts files below %s as %s, and both stages and the listing find them",
    { timeout: 60_000 },
    async (preset, root, file) => {
      const path = await freshFolder();
      const config = await configOf(path, { layout: { preset } });
      const backup = jsonOf<BackupReport>(await kubeferry(["backup", "--config", config, "--output", "json"]));
      expect(backup).toMatchObject({ status: "complete", snapshot: `${root}/_snapshots/default/0000000001.json` });
      expect(await readFile(join(path, root, file), "utf8")).toContain("kind: Deployment");
      const repository = await bareRepository(join(await freshFolder(), "fleet.git"));
      // Nothing but the store and the layout says which cluster it is.
      const reader = await writeConfig({
        store: { type: "folder", path },
        layout: { preset },
        gitops: { namespaces: ["shop"], repository: { url: repository.folder }, environments: { dev: {} } },
      });
      const listed = jsonOf(await kubeferry(["snapshots", "list", "--config", reader, "--output", "json"]));
      expect(listed).toMatchObject({ cluster: "company.local/production-east", snapshots: [{ sequence: 1 }] });
      const gitops = jsonOf<GitOpsReport>(await kubeferry(["gitops", "--config", reader, "--output", "json"]));
      expect(gitops.snapshot).toBe(backup.snapshot);
      expect(await kubeferry(["snapshots", "verify", "--config", config])).toMatchObject({ code: 0 });
    },
  );

  it("JSON files, checked as they are written, without what is larger than the mirror takes", {
    timeout: 60_000,
  }, async () => {
    const path = await freshFolder();
    const mirror = { format: "json", validate: true, maxResourceSize: 161 };
    const config = await configOf(path, { backup: { mirror } });
    const report = jsonOf<BackupReport>(await kubeferry(["backup", "--config", config, "--output", "json"]));
    expect(report.status).toBe("complete");
    const root = join(path, "company.local/production-east");
    const keys = report.mirror.tooLarge.map(({ object }) => object);
    expect(keys).toContain("configmaps/shop/a");
    expect(keys).not.toContain("deployments.apps/shop/web");
    await expect(access(join(root, "shop/configmaps/a.json"))).rejects.toThrow("ENOENT");
    const web = JSON.parse(await readFile(join(root, "shop/deployments/web.json"), "utf8"));
    expect(web).toMatchObject({ kind: "Deployment", metadata: { name: "web" }, spec: { replicas: 1 } });
    expect(await kubeferry(["snapshots", "verify", "--config", config])).toMatchObject({ code: 0 });
  });

  async function configOf(path: string, sections: Readonly<Record<string, unknown>>): Promise<string> {
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
    return writeConfig({
      cluster: { name: "production-east", domain: "company.local" },
      kubernetes: { kubeconfig },
      store: { type: "folder", path },
      ...sections,
    });
  }
});
