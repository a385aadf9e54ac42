import { dirname } from "node:path";
import { createFleet, type Fleet } from "@kubeferry/test-fleet";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationDefinition } from "../testing/application-definition.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const LIMIT = { timeout: 120_000 };

const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const deployment = (replicas: number) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1" }] } },
  },
});

const application = (name: string, repoURL: string) => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name, namespace: "argocd" },
  spec: { project: "kubeferry", source: { repoURL } },
  status: { sync: { status: "OutOfSync" }, health: { status: "Degraded" } },
});

describe.skipIf(missingServers("kube-apiserver", "kustomize", "pushgateway"))("a Deployment scaled by hand", () => {
  let kube: FreshKubeApi;
  let fleet: Fleet;
  let gateway: string;
  let config: string;

  const command = (...args: string[]) =>
    kubeferry([...args, "--config", config], {
      env: { PATH: `${dirname(servers.binary("kustomize"))}:${process.env.PATH ?? ""}` },
    });

  /** Backup and Git say one replica, the cluster has three. */
  beforeAll(async () => {
    [kube, fleet, gateway] = await Promise.all([servers.freshKubeApi(), createFleet("folder"), servers.pushgateway()]);
    config = await writeConfig({
      store: { type: "folder", path: await freshFolder() },
      cluster: { name: "live", domain: "example.internal" },
      kubernetes: { kubeconfig: kube.kubeconfig },
      metrics: { enabled: false, push: { url: gateway } },
      gitops: {
        mode: "push",
        namespaces: ["shop"],
        repository: { url: fleet.url },
        environments: { live: { destination: { server: "https://kubernetes.default.svc" } } },
      },
    });
    await kube.apply(namespace("shop"), namespace("argocd"), applicationDefinition, deployment(1));
    const run = await command("run");
    expect(run.code, run.stderr).toBe(0);
    await kube.apply(deployment(3), application("shop-live", fleet.url), application("other", "https://git/x.git"));
  }, 180_000);
  afterAll(async () => {
    await Promise.all([kube?.stop(), fleet?.close()]);
  });

  it("is drift: exit code 3, beside what Argo CD says of our Applications, and in the metrics", LIMIT, async () => {
    const found = await command("drift", "--output", "json");
    expect(found.code, found.stderr).toBe(3);
    const fields = [{ path: "/spec/replicas", kind: "changed", before: 1, after: 3 }];
    const web = { kind: "Deployment", namespace: "shop", name: "web", change: "changed", fields };
    expect(jsonOf(found)).toMatchObject({
      git: { summary: { added: 0, removed: 0, changed: 1 }, differences: [web] },
      applications: [{ name: "shop-live", sync: "OutOfSync", health: "Degraded" }],
    });
    const lines = (await (await fetch(`${gateway}/metrics`)).text()).split("\n");
    const pushed = lines.filter((line) => /^gitops_/.test(line) && line.includes('cluster="example.internal/live"'));
    const short = pushed.map((line) => line.replace(/(cluster|instance|job|series)="[^"]*",?/g, ""));
    expect(short).toEqual(
      expect.arrayContaining([
        'gitops_drift_objects{against="git",kind="changed",} 1',
        'gitops_drift_objects{against="git",kind="missing",} 0',
        'gitops_drift_objects{against="git",kind="unmanaged",} 0',
        'gitops_application_sync_status{application="shop-live",status="OutOfSync"} 1',
        'gitops_application_health_status{application="shop-live",status="Degraded"} 1',
      ]),
    );
    expect(short.join("\n")).not.toContain('application="other"');
  });

  it("differs from the overlay on a branch, whose silence about other objects says nothing: 3", LIMIT, async () => {
    const found = await command("diff", "git:main:namespaces/shop/live", "live");
    expect(found.code, found.stderr).toBe(3);
    expect(found.stdout).toContain("/spec/replicas: 1 → 3");
    expect(found.stdout).toContain("0 added, 0 removed, 1 changed");
    const same = await command("diff", "git:main:namespaces/shop/live", "latest");
    expect(same.code, same.stdout + same.stderr).toBe(0);
  });

  it("is compared with no folder outside of the repository: 2", LIMIT, async () => {
    const out = await command("diff", "git:main:../..", "live");
    expect(out).toMatchObject({ code: 2, stdout: "" });
    expect(out.stderr).toContain("it lies outside of the repository");
  });
});
