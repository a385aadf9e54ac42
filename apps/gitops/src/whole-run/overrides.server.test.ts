import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { configMap, deployment, named, namespace, secret } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const ELSEWHERE = { destination: { cluster: "crc.testing/elsewhere" } };
/** The cluster that the snapshots are of, as it was called before. */
const OLD_NAME = { domain: "crc.testing", name: "old-name", uid: "kube-system-of-wrl62" };

const INGRESS: JsonObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: named("shop/web"),
  spec: { rules: [{ host: "shop.example.com" }], tls: [{ hosts: ["shop.example.com"], secretName: "tls" }] },
};
const BINDING: JsonObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: named("shop/view"),
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
  subjects: [{ kind: "ServiceAccount", name: "web", namespace: "shop" }],
};
const SCALER: JsonObject = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: named("shop/scaled"),
  spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "scaled" }, maxReplicas: 9 },
};
/** Somebody asked for a number, so that Git holds it although the autoscaler decides. */
const SCALED = deployment("shop/scaled", 4, {
  "kubectl.kubernetes.io/last-applied-configuration": '{"spec":{"replicas":4}}',
});
const SHOP = [namespace("shop"), deployment("shop/web"), deployment("shop/off", 0), SCALED, SCALER, INGRESS, BINDING];

const OVERRIDES = {
  replicas: 5,
  resources: [{ workload: "web", requests: { cpu: "100m" } }],
  images: [{ from: "nginx", tag: "1.30" }],
  hosts: [{ from: "*.example.com", to: "*.dev.example.com" }],
  labels: { tier: "small" },
  annotations: { "example.com/cost": "low" },
  patches: [{ target: { kind: "Deployment", name: "web" }, merge: { spec: { paused: true } } }],
  namespace: "{namespace}-dev",
};

describe.skipIf(missingServers("kustomize"))("overrides", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  const build = (environment: string) => fleet.build(BRANCH, `namespaces/shop/${environment}`);

  it("of every kind are what kustomize builds, and the other environment is its source's", {
    timeout: 60_000,
  }, async () => {
    await fleet.snapshot(SHOP);
    await fleet.run({ gitops: { environments: { prod: {} } } });
    const source = await build("prod");
    await fleet.run({ gitops: { environments: { dev: { ...ELSEWHERE, ...OVERRIDES }, prod: {} } } });
    expect(await build("prod")).toEqual(source);

    const dev = await build("dev");
    const metadata = { namespace: "shop-dev", labels: { tier: "small" }, annotations: { "example.com/cost": "low" } };
    expect(dev["Deployment web"]).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", ...metadata },
      spec: {
        replicas: 5,
        paused: true,
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "web", image: "nginx:1.30", resources: { requests: { cpu: "100m" } } }] },
        },
      },
    });
    expect(dev["Namespace shop-dev"]).toMatchObject({ metadata: { name: "shop-dev", labels: { tier: "small" } } });
    expect(dev["Ingress web"]).toMatchObject({
      metadata,
      spec: {
        rules: [{ host: "shop.dev.example.com" }],
        tls: [{ hosts: ["shop.dev.example.com"], secretName: "tls" }],
      },
    });
    expect(dev["RoleBinding view"]).toMatchObject({ metadata, subjects: [{ name: "web", namespace: "shop-dev" }] });
    expect(dev["Deployment off"]).toMatchObject({ metadata, spec: { replicas: 0 } });
    expect(dev["Deployment scaled"]).toMatchObject({ metadata, spec: { replicas: 4 } });
    expect(Object.keys(dev)).toHaveLength(Object.keys(source).length);
  });

  it("do nothing towards the source cluster, whatever it is called", { timeout: 60_000 }, async () => {
    await fleet.snapshot([namespace("shop")], {}, OLD_NAME);
    await fleet.snapshot(SHOP);
    const cluster = "crc.testing/wrl62";
    const server = "https://prod.example.com";
    await fleet.run({ gitops: { environments: { source: { cluster } } } });
    const source = await build("source");
    const environments = {
      none: OVERRIDES,
      unnamed: { ...OVERRIDES, destination: { server } },
      byname: { ...OVERRIDES, destination: { server: `${server}:2`, cluster } },
      byuid: { ...OVERRIDES, destination: { cluster: "crc.testing/old-name" } },
    };
    const withSource = Object.entries(environments).map(([name, keys]) => [name, { cluster, ...keys }]);
    await fleet.run({ gitops: { environments: Object.fromEntries(withSource) } });
    for (const environment of Object.keys(environments)) expect(await build(environment)).toEqual(source);
  });

  it("of one namespace count before those of its environment, and give no commit when nothing changed", {
    timeout: 60_000,
  }, async () => {
    await fleet.snapshot([namespace("shop"), deployment("shop/web"), namespace("team"), deployment("team/web")]);
    const gitops = {
      namespaces: { shop: { dev: { replicas: 3 } }, team: null },
      environments: { dev: { ...ELSEWHERE, replicas: 1 }, prod: {} },
    };
    await fleet.run({ gitops });
    expect((await build("dev"))["Deployment web"]).toMatchObject({ spec: { replicas: 3 } });
    expect((await fleet.build(BRANCH, "namespaces/team/dev"))["Deployment web"]).toMatchObject({
      spec: { replicas: 1 },
    });
    expect((await build("prod"))["Deployment web"]).toMatchObject({ spec: { replicas: 2 } });
    await fleet.merge(BRANCH);
    expect(await fleet.run({ gitops })).toMatchObject({
      commit: "",
      frozen: [],
    });
  });

  it("that make an object one that cannot be in Git leave it out of that environment alone", {
    timeout: 60_000,
  }, async () => {
    await fleet.snapshot([namespace("shop"), configMap("shop/settings")]);
    const patch = { target: { kind: "ConfigMap" }, merge: { data: { odd: "\u0085" } } };
    const report = await fleet.run({ gitops: { environments: { dev: { ...ELSEWHERE, patches: [patch] }, prod: {} } } });
    expect(report.blocked).toEqual([
      { object: "ConfigMap shop/settings", reason: expect.stringContaining("as environment dev has it: ") as string },
    ]);
    expect(Object.keys(await build("dev"))).toEqual(["Namespace shop"]);
    expect(Object.keys(await build("prod")).sort()).toEqual(["ConfigMap settings", "Namespace shop"]);
  });

  it("that hold the value of a Secret are in no file", { timeout: 60_000 }, async () => {
    const planted = "hunter2-planted-value";
    const objects = [namespace("shop"), configMap("shop/settings"), secret("shop/db", { password: planted })];
    await fleet.snapshot(objects, { secrets: "plain" });
    const patch = { target: { kind: "ConfigMap" }, merge: { data: { url: `postgres://db:${planted}@db` } } };
    const report = await fleet.run({ gitops: { environments: { dev: { ...ELSEWHERE, patches: [patch] }, prod: {} } } });
    expect(report.blocked).toContainEqual({
      object: "ConfigMap shop/settings",
      reason: "as environment dev has it: it holds the value of a Secret in clear text",
    });
    expect(JSON.stringify(await fleet.files(BRANCH))).not.toContain(planted);
    expect(Object.keys(await build("prod")).sort()).toEqual(["ConfigMap settings", "Namespace shop"]);
  });

  it("that would mix two namespaces stop the run before anything is pushed", { timeout: 60_000 }, async () => {
    await fleet.snapshot([namespace("shop"), namespace("team")]);
    const environments = { dev: { ...ELSEWHERE, namespace: "all" } };
    await expect(fleet.run({ gitops: { environments } })).rejects.toThrow(
      "environment dev makes all in crc.testing/elsewhere of both shop and team",
    );
    expect(await fleet.tip(BRANCH)).toBe("");
  });

  it("of the example in docs/environments.md load, and build to what the page says", { timeout: 60_000 }, async () => {
    const page = await readFile(join(import.meta.dirname, "../../../../docs/environments.md"), "utf8");
    const example = parseYaml(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "") as { gitops: JsonObject };
    const { repository: _, ...gitops } = example.gitops;
    await fleet.snapshot([namespace("shop"), deployment("shop/web", 5), INGRESS, configMap("shop/settings")]);
    await fleet.run({ gitops });
    const dev = await build("dev");
    expect(dev["Deployment web"]).toMatchObject({
      metadata: { namespace: "shop-dev", labels: { stage: "dev" } },
      spec: {
        replicas: 2,
        template: {
          spec: {
            containers: [
              {
                image: "registry.dev.example.com/hub/library/nginx:1.30",
                resources: { requests: { cpu: "50m" } },
              },
            ],
          },
        },
      },
    });
    expect(dev["Ingress web"]).toMatchObject({ spec: { rules: [{ host: "shop.dev.example.com" }] } });
    expect(dev["ConfigMap settings"]).toMatchObject({ data: { greeting: "hello", LOG_LEVEL: "debug" } });
    expect((await build("prod"))["Deployment web"]).toMatchObject({
      metadata: { namespace: "shop" },
      spec: { replicas: 5 },
    });
    const applications = Object.keys(await fleet.files(BRANCH)).filter((path) => path.includes("/application"));
    expect(applications).toEqual([
      "namespaces/shop/dev/application.yaml",
      "namespaces/shop/prod/application-eu-west-1.yaml",
      "namespaces/shop/prod/application-us-east-1.yaml",
    ]);
  });
});
