import { setTimeout } from "node:timers/promises";
import { parseJson } from "@kubeferry/model";
import { createFleet, type Fleet } from "@kubeferry/test-fleet";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationDefinition } from "../testing/application-definition.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const LIMIT = { timeout: 120_000 };
const ARGO_CD = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop-live";
const MERGE_PATCH = { "content-type": "application/merge-patch+json" };
const ROLLBACK = "kubeferry/main-rollback-example.internal-live-1-of-shop";

const settings = (greeting: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "shop" },
  data: { greeting },
});
const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const added = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "added", namespace: "shop" }, data: {} };

describe.skipIf(missingServers("kube-apiserver"))("kubeferry rollback", () => {
  let kube: FreshKubeApi;
  let fleet: Fleet;
  let config: string;

  const command = (...args: string[]) =>
    kubeferry(["rollback", "--to", "1", "--namespace", "shop", "--config", config, ...args]);
  const get = async (path: string) => parseJson((await kube.request("GET", path)).body) as Record<string, never>;
  const greeting = async () => (await get("/api/v1/namespaces/shop/configmaps/settings")).data;

  /** Snapshot 1 says hello; snapshot 2, the cluster and Git say good bye, and have one object more. */
  beforeAll(async () => {
    [kube, fleet] = await Promise.all([servers.freshKubeApi(), createFleet("folder")]);
    config = await writeConfig({
      store: { type: "folder", path: await freshFolder() },
      cluster: { name: "live", domain: "example.internal" },
      kubernetes: { kubeconfig: kube.kubeconfig },
      recovery: { restore: { maxRemovals: { percent: 100 } } },
      gitops: {
        namespaces: ["shop"],
        repository: { url: fleet.url },
        environments: { live: { destination: { server: "https://kubernetes.default.svc" } } },
      },
    });
    await kube.apply(namespace("shop"), namespace("argocd"), settings("hello"));
    await kubeferry(["backup", "--config", config]);
    await kube.apply(settings("good bye"), added);
    const run = await kubeferry(["run", "--config", config]);
    expect(run.code, run.stderr).toBe(0);
    await fleet.merge("kubeferry/main");
  }, 180_000);
  afterAll(async () => {
    await Promise.all([kube?.stop(), fleet?.close()]);
  });

  it("with options that do not go together ends with 2 and says why", LIMIT, async () => {
    const result = await command("--via", "cluster", "--sync");
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("it belongs to --via git");
  });

  it("of a namespace that is nowhere says so and ends with 1, and not that nothing changed", LIMIT, async () => {
    const result = await command("--namespace", "shpo", "--dry-run");
    expect(result.stdout).toContain("not taken back: namespace shpo: neither Git nor ");
    expect(result.stdout).not.toContain("namespace shop:");
    expect(result.code, result.stderr).toBe(1);
  });

  it("--sync where there is no Argo CD ends with 2 before anything is pushed", LIMIT, async () => {
    const result = await command("--sync");
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("its API (applications.argoproj.io) is not served there");
    expect(await fleet.tip(ROLLBACK)).toBe("");
  });

  it(
    "proposes the earlier state, and --sync has Argo CD sync the commit that holds it once it is merged",
    LIMIT,
    async () => {
      await kube.apply(applicationDefinition);
      const status = { sync: { status: "OutOfSync" }, health: { status: "Healthy" } };
      const metadata = { name: "shop-live", namespace: "argocd" };
      const application = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata };
      await kube.apply({ ...application, spec: { project: "kubeferry" }, status });

      const proposed = await command();
      expect(proposed.code, proposed.stderr).toBe(0);
      expect(proposed.stdout).toContain("rollback of example.internal/live to snapshot 1 of ");
      expect(proposed.stdout).toContain(`on ${ROLLBACK}`);

      const waited = await command("--sync", "--timeout", "1s");
      expect(waited.code).toBe(1);
      expect(waited.stdout).toContain("not merged within 1s: nothing was synced");
      expect((await get(ARGO_CD)).operation).toBeUndefined();

      await fleet.merge(ROLLBACK);
      const stop = new AbortController();
      const controller = standIn(stop.signal);
      const synced = await command("--sync", "--timeout", "1m", "--output", "json");
      stop.abort();
      const revision = await fleet.tip("main");
      expect(synced.code, synced.stderr).toBe(0);
      expect(jsonOf(synced)).toMatchObject({
        merged: revision,
        applications: [{ name: "shop-live", outcome: "synced", sync: "Synced", health: "Healthy" }],
      });
      expect(await controller).toEqual([{ initiatedBy: { username: "kubeferry" }, sync: { revision, prune: false } }]);
    },
  );

  it("--via cluster shows what it would do, and with --yes takes the namespace back", LIMIT, async () => {
    const shown = await command("--via", "cluster");
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.stdout).toContain("remove configmaps shop/added");
    expect(shown.stderr).toContain("nothing was changed; --yes carries it out");
    expect(await greeting()).toEqual({ greeting: "good bye" });

    const done = await command("--via", "cluster", "--yes");
    expect(done.code, done.stderr).toBe(0);
    expect(await greeting()).toEqual({ greeting: "hello" });
    expect((await kube.request("GET", "/api/v1/namespaces/shop/configmaps/added")).status).toBe(404);
  });

  /** Does with an operation what Argo CD's controller does, a look later. @returns the operations that it saw */
  async function standIn(signal: AbortSignal): Promise<readonly unknown[]> {
    const seen: unknown[] = [];
    while (!signal.aborted) {
      const { operation } = (await get(ARGO_CD)) as { operation?: { sync: { revision: string } } };
      if (operation !== undefined) {
        seen.push(operation);
        const { revision } = operation.sync;
        const operationState = { phase: "Succeeded", startedAt: "2026-11-21T07:00:00Z", syncResult: { revision } };
        const status = { operationState, sync: { status: "Synced", revision }, health: { status: "Healthy" } };
        await kube.request("PATCH", ARGO_CD, { operation: null, status }, MERGE_PATCH);
      }
      await setTimeout(100);
    }
    return seen;
  }
});
