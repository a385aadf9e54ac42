import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

describe("kubeferry snapshots", () => {
  let replay: ReplayServer;
  let path: string;

  beforeAll(async () => {
    replay = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
  });
  afterAll(() => replay.close());

  it("list names a manifest that cannot be read, beside all others", async () => {
    const config = await backedUp({});
    await runTestBackup(config, {});
    await runTestBackup(config, {});
    await writeFile(join(path, "example.internal/small/_snapshots/default/0000000002.json"), "{}");
    const text = await kubeferry(["snapshots", "list", "--config", config]);
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(/^1 .* complete .*\n2 .* damaged .*\n3 .* complete /m);
    const listed = jsonOf<{ snapshots: object[] }>(
      await kubeferry(["snapshots", "list", "--config", config, "--output", "json"]),
    );
    expect(listed.snapshots).toMatchObject([
      { sequence: 1, complete: true },
      { sequence: 2, problem: "damaged" },
      { sequence: 3, complete: true },
    ]);
  });

  it("list finds the only cluster without being told, also beside what others keep in the store", async () => {
    await backedUp({});
    await mkdir(join(path, "elsewhere/backups"), { recursive: true });
    await writeFile(join(path, "elsewhere/backups/nightly.tar"), "not ours");
    const config = await writeConfig({ store: { type: "folder", path } });
    const listed = await kubeferry(["snapshots", "list", "--config", config, "--output", "json"]);
    expect(jsonOf(listed)).toMatchObject({ cluster: "example.internal/small", snapshots: [{ sequence: 1 }] });
  });

  it("verify finds nothing wrong where no mirror is kept, and misses one that is", async () => {
    const without = await backedUp({ mirror: false });
    expect(await kubeferry(["snapshots", "verify", "--config", without])).toMatchObject({ code: 0 });
    const kept = await backedUp({});
    await rm(join(path, "example.internal/small/_mirror.json"));
    const verified = await kubeferry(["snapshots", "verify", "--config", kept]);
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain("_mirror.json: is missing");
  });

  it("verify --repair writes the mirror anew, and removes what is beside it", async () => {
    const config = await backedUp({});
    const root = join(path, "example.internal/small");
    await writeFile(join(root, "shop/configmaps/a.yaml"), "changed: by somebody\n");
    await writeFile(join(root, "shop/configmaps/stray.yaml"), "nobody's: file\n");
    expect(await kubeferry(["snapshots", "verify", "--config", config])).toMatchObject({ code: 1 });
    const repaired = await kubeferry(["snapshots", "verify", "--repair", "--config", config]);
    expect(repaired).toMatchObject({ code: 0, stderr: expect.stringContaining("1 removed") });
    expect(await readFile(join(root, "shop/configmaps/a.yaml"), "utf8")).toContain("kind: ConfigMap");
  });

  /** One backup into a fresh folder. @returns its configuration */
  async function backedUp(backup: object): Promise<string> {
    path = join(await freshFolder(), "store");
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
    const config = await writeConfig({
      cluster: { name: "small", domain: "example.internal" },
      kubernetes: { kubeconfig },
      store: { type: "folder", path },
      backup,
    });
    await runTestBackup(config, {});
    return config;
  }
});
