import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

type Listed = { readonly cluster: string; readonly snapshots: readonly { readonly sequence: number }[] };
type Pruned = { readonly snapshots: readonly { readonly reasons: readonly string[] }[] };

describe("kubeferry snapshots with several clusters configured", () => {
  let replay: ReplayServer;
  let config: string;

  beforeAll(async () => {
    replay = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
    const folder = await freshFolder();
    await writeFile(join(folder, "kubeconfig"), replay.kubeconfig);
    // No domain: it is identified, so that only the store knows it.
    config = await writeConfig({
      kubernetes: { kubeconfig: join(folder, "kubeconfig") },
      store: { type: "folder", path: join(folder, "shared") },
      backup: { secrets: "omit", mirror: false },
      metrics: { enabled: false },
      retention: { keepLast: 1, run: "manual", byEnvironment: { prod: { keepLast: 3 } } },
      clusters: [
        { name: "east" },
        { name: "west", store: { path: join(folder, "west") }, retention: { keepLast: 2 } },
        { name: "live", environment: "prod" },
      ],
    });
    for (const _ of [1, 2, 3]) expect((await kubeferry(["backup", "-f", config])).code).toBe(0);
  }, 180_000);
  afterAll(() => replay.close());

  it("list reads the store of the one that is named, by its name alone or with its domain", {
    timeout: 90_000,
  }, async () => {
    for (const name of ["west", "local/west"]) {
      const listed = await kubeferry(["snapshots", "list", "-f", config, "--cluster", name, "--output", "json"]);
      expect(listed.code, listed.stderr).toBe(0);
      expect(jsonOf<Listed>(listed)).toMatchObject({ cluster: "local/west", snapshots: [{}, {}, {}] });
    }
  });

  it("list asks which one, when none is named", { timeout: 90_000 }, async () => {
    const asked = await kubeferry(["snapshots", "list", "-f", config]);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain("several are configured: east, west, live; name one: --cluster <name>");
  });

  it("list says of a name that is nowhere that it is nowhere, not that there is no snapshot yet", {
    timeout: 90_000,
  }, async () => {
    const asked = await kubeferry(["snapshots", "list", "-f", config, "--cluster", "wset"]);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain("there is no cluster called wset in it");
  });

  it.each([
    ["east", 1],
    ["west", 2],
    ["live", 3],
  ])("prune keeps of %s what its own retention says: %i", { timeout: 60_000 }, async (name, kept) => {
    const looked = await kubeferry([
      "snapshots",
      "prune",
      "-f",
      config,
      "--cluster",
      name,
      "--dry-run",
      "--output",
      "json",
    ]);
    expect(looked.code, looked.stderr).toBe(0);
    expect(jsonOf<Pruned>(looked).snapshots.filter(({ reasons }) => reasons.length > 0)).toHaveLength(kept);
  });

  it("list never shows another cluster than the one that is configured by its name alone", {
    timeout: 90_000,
  }, async () => {
    const folder = await freshFolder();
    const store = { type: "folder", path: join(folder, "store") };
    await writeFile(join(folder, "kubeconfig"), replay.kubeconfig);
    const one = (name: string) =>
      writeConfig({
        cluster: { name },
        kubernetes: { kubeconfig: join(folder, "kubeconfig") },
        store,
        backup: { secrets: "omit", mirror: false },
        metrics: { enabled: false },
      });
    expect((await kubeferry(["backup", "-f", await one("first")])).code).toBe(0);
    const other = await kubeferry(["snapshots", "list", "-f", await one("second")]);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("there is no cluster called second in it");
  });
});
