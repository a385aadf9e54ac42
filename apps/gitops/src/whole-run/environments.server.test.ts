import { parseYaml } from "@kubeferry/clean";
import { configMap, deployment, named, namespace, withMetadata } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const DEV = { domain: "crc.testing", name: "dev", uid: "kube-system-of-dev" };
const PROD = { domain: "crc.testing", name: "prod", uid: "kube-system-of-prod" };
const HERE = "https://kubernetes.default.svc";

describe.skipIf(missingServers("kustomize"))("environments", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  it("of two clusters share what is equal, and each overlay builds to its own cluster", async () => {
    const gitops = {
      environments: { dev: { cluster: "crc.testing/dev" }, prod: { cluster: "crc.testing/prod" } },
    };
    const shared = [namespace("shop"), configMap("shop/same")];
    await fleet.snapshot([...shared, deployment("shop/web", 1), configMap("shop/only-dev")], {}, DEV);
    await fleet.snapshot([...shared, deployment("shop/web", 3), namespace("live")], {}, PROD);
    await fleet.run({ gitops });
    expect(Object.keys(await fleet.files(BRANCH))).toEqual([
      "namespaces/live/.kubeferry.json",
      "namespaces/live/base/kustomization.yaml",
      "namespaces/live/base/namespace.yaml",
      "namespaces/live/prod/kustomization.yaml",
      "namespaces/shop/.kubeferry.json",
      "namespaces/shop/base/configmap-same.yaml",
      "namespaces/shop/base/deployment-web.yaml",
      "namespaces/shop/base/kustomization.yaml",
      "namespaces/shop/base/namespace.yaml",
      "namespaces/shop/dev/configmap-only-dev.yaml",
      "namespaces/shop/dev/kustomization.yaml",
      "namespaces/shop/prod/kustomization.yaml",
    ]);
    const dev = await fleet.build(BRANCH, "namespaces/shop/dev");
    expect(Object.keys(dev).sort()).toEqual([
      "ConfigMap only-dev",
      "ConfigMap same",
      "Deployment web",
      "Namespace shop",
    ]);
    expect(dev["Deployment web"]).toMatchObject({ spec: { replicas: 1 } });
    const prod = await fleet.build(BRANCH, "namespaces/shop/prod");
    expect(Object.keys(prod).sort()).toEqual(["ConfigMap same", "Deployment web", "Namespace shop"]);
    expect(prod["Deployment web"]).toMatchObject({ spec: { replicas: 3 } });

    // Both clusters agree now: the object moves to the base, which removes nothing from any cluster.
    await fleet.merge(BRANCH);
    await fleet.snapshot([...shared, deployment("shop/web", 3), configMap("shop/only-dev")], {}, DEV);
    const live = [...shared, deployment("shop/web", 3), namespace("live")];
    await fleet.snapshot([...live, configMap("shop/only-dev")], {}, PROD);
    const report = await fleet.run({ gitops: { ...gitops, maxRemovals: { files: 0, percent: 0 } } });
    expect(report.files).toMatchObject({ written: 1, removed: 1 });
    const after = await fleet.build(BRANCH, "namespaces/shop/dev");
    expect(after["Deployment web"]).toMatchObject({ spec: { replicas: 3 } });
    expect(await fleet.build(BRANCH, "namespaces/shop/prod")).toEqual(after);
  });

  it("get an Application where there is a destination, and the project allows exactly what they use", async () => {
    const scaler = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: named("shop/web"),
      spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 9 },
    };
    await fleet.snapshot([namespace("shop"), deployment("shop/web", 7), scaler]);
    await fleet.run({
      gitops: { environments: { dev: {}, prod: { destination: { server: HERE }, autoSync: true } } },
    });
    const files = await fleet.files(BRANCH);
    expect(Object.keys(files).filter((path) => /application|argocd/.test(path))).toEqual([
      "argocd/.kubeferry.json",
      "argocd/project.yaml",
      "argocd/root-prod.yaml",
      "namespaces/shop/prod/application.yaml",
    ]);
    expect(parseYaml(files["namespaces/shop/prod/application.yaml"] ?? "")).toEqual({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "shop-prod", namespace: "argocd" },
      spec: {
        project: "kubeferry",
        source: { repoURL: fleet.url, targetRevision: "main", path: "namespaces/shop/prod" },
        destination: { server: HERE, namespace: "shop" },
        ignoreDifferences: [{ group: "apps", kind: "Deployment", name: "web", jsonPointers: ["/spec/replicas"] }],
        syncPolicy: {
          automated: { prune: false, selfHeal: false },
          retry: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
          syncOptions: ["SkipDryRunOnMissingResource=true", "RespectIgnoreDifferences=true"],
        },
      },
    });
    expect(parseYaml(files["argocd/project.yaml"] ?? "")).toEqual({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: "kubeferry", namespace: "argocd" },
      spec: {
        description: "What kubeferry generates from this repository, and nothing else.",
        sourceRepos: [fleet.url],
        destinations: [
          { namespace: "argocd", server: HERE },
          { namespace: "shop", server: HERE },
        ],
        clusterResourceWhitelist: [{ group: "", kind: "Namespace" }],
        namespaceResourceWhitelist: [
          { group: "apps", kind: "Deployment" },
          { group: "argoproj.io", kind: "Application" },
          { group: "autoscaling", kind: "HorizontalPodAutoscaler" },
        ],
      },
    });
    expect(parseYaml(files["argocd/root-prod.yaml"] ?? "")).toMatchObject({
      metadata: { name: "root.prod", namespace: "argocd" },
      spec: {
        source: {
          path: ".",
          directory: { recurse: true, include: "{cluster,namespaces/*}/prod/{application,application-*}.yaml" },
        },
      },
    });
    // Nobody asked for seven replicas but the autoscaler.
    expect(await fleet.build(BRANCH, "namespaces/shop/prod")).toMatchObject({
      "Deployment web": { spec: expect.not.objectContaining({ replicas: 7 }) },
    });
  });

  it("get what has no namespace by an Application that is never pruned by itself", async () => {
    const crd = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: named("widgets.example.com"),
      spec: { group: "example.com" },
    };
    await fleet.snapshot([namespace("shop"), crd]);
    const prod = { destination: { server: HERE }, autoSync: true, prune: true };
    await fleet.run({ gitops: { environments: { prod } } });
    const files = await fleet.files(BRANCH);
    expect(parseYaml(files["namespaces/shop/prod/application.yaml"] ?? "")).toMatchObject({
      spec: { syncPolicy: { automated: { prune: true, selfHeal: false } } },
    });
    expect(parseYaml(files["cluster/prod/application.yaml"] ?? "")).toMatchObject({
      metadata: { name: "cluster.prod" },
      spec: {
        source: { path: "cluster/prod" },
        destination: { server: HERE },
        syncPolicy: { automated: { prune: false, selfHeal: false } },
      },
    });
    expect(await fleet.build(BRANCH, "cluster/prod")).toMatchObject({
      "CustomResourceDefinition widgets.example.com": {
        metadata: { annotations: { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" } },
      },
    });
    expect(parseYaml(files["argocd/project.yaml"] ?? "")).toMatchObject({
      spec: {
        clusterResourceWhitelist: [
          { group: "", kind: "Namespace" },
          { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" },
        ],
      },
    });
  });

  it("deployed to several places get an Application each, and windows that name exactly these", async () => {
    const night = { kind: "allow", schedule: "0 22 * * *", duration: "90m", timeZone: "Europe/Copenhagen" };
    const gitops = {
      environments: {
        prod: { destinations: { eu: { server: "https://eu" }, us: { name: "us" } }, syncWindows: [night] },
        "prod-x": { destination: { server: "https://x" } },
      },
    };
    await fleet.snapshot([namespace("shop")]);
    await fleet.run({ gitops });
    const files = await fleet.files(BRANCH);
    const text = (path: string) => parseYaml(files[path] ?? "");
    expect(Object.keys(files).filter((path) => path.includes("/application"))).toEqual([
      "namespaces/shop/prod-x/application.yaml",
      "namespaces/shop/prod/application-eu.yaml",
      "namespaces/shop/prod/application-us.yaml",
    ]);
    expect(text("namespaces/shop/prod/application-us.yaml")).toMatchObject({
      metadata: { name: "shop-prod-us" },
      spec: { source: { path: "namespaces/shop/prod" }, destination: { name: "us", namespace: "shop" } },
    });
    expect(text("argocd/root-prod.yaml")).toMatchObject({
      spec: {
        source: { directory: { include: "{cluster,namespaces/*}/prod/{application,application-*}.yaml" } },
      },
    });
    expect(text("argocd/project.yaml")).toMatchObject({
      spec: {
        destinations: [
          { name: "us", namespace: "shop" },
          { namespace: "argocd", server: HERE },
          { namespace: "shop", server: "https://eu" },
          { namespace: "shop", server: "https://x" },
        ],
        syncWindows: [
          {
            applications: ["shop-prod-eu", "shop-prod-us"],
            duration: "90m",
            kind: "allow",
            manualSync: false,
            schedule: "0 22 * * *",
            timeZone: "Europe/Copenhagen",
          },
        ],
      },
    });

    // What one of the places has synced is ours.
    await fleet.merge(BRANCH);
    const annotations = { "argocd.argoproj.io/tracking-id": "shop-prod-us:/Namespace:shop/shop" };
    await fleet.snapshot([withMetadata(namespace("shop"), { annotations })]);
    expect(await fleet.run({ gitops })).toMatchObject({ commit: "", frozen: [], blocked: [] });
  });

  it("give no new commit after Argo CD has synced what they deploy", async () => {
    const gitops = { environments: { prod: { destination: { server: HERE } } } };
    await fleet.snapshot([namespace("shop"), deployment("shop/web")]);
    await fleet.run({ gitops });
    await fleet.merge(BRANCH);
    const synced = withMetadata(deployment("shop/web"), {
      annotations: { "argocd.argoproj.io/tracking-id": "shop-prod:apps/Deployment:shop/web" },
    });
    const shop = withMetadata(namespace("shop"), {
      annotations: {
        "argocd.argoproj.io/tracking-id": "shop-prod:/Namespace:shop/shop",
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
        "argocd.argoproj.io/sync-wave": "-10",
      },
    });
    await fleet.snapshot([shop, synced]);
    expect(await fleet.run({ gitops })).toMatchObject({ commit: "", frozen: [], blocked: [] });
  });

  it("are refused when two would deploy the same namespace to the same place", async () => {
    await fleet.snapshot([namespace("shop")], {}, DEV);
    await fleet.snapshot([namespace("shop")], {}, PROD);
    const environments = {
      dev: { cluster: "crc.testing/dev", destination: { server: `${HERE}/` } },
      prod: { cluster: "crc.testing/prod", destination: { name: "in-cluster" } },
    };
    await expect(fleet.run({ gitops: { environments } })).rejects.toThrow(
      /config: namespaces\/shop\/dev and namespaces\/shop\/prod would both be deployed to namespace shop in https:\/\/kubernetes.default.svc/,
    );
    expect(await fleet.tip(BRANCH)).toBe("");
  });
});
