import type { JsonObject } from "@kubeferry/model";
import { configMap, withMetadata } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { type KnownApplications, managerOf } from "./manager.ts";

const URL = "https://git.example.com/acme/fleet.git";

function manager(metadata: JsonObject, inCluster: Readonly<Record<string, string>> = {}): string | undefined {
  const known: KnownApplications = {
    ours: new Set(["shop-dev", "shop-prod"]),
    inCluster: new Map(Object.entries(inCluster).map(([name, url]) => [name, new Set([url])])),
    repositoryUrl: URL,
  };
  return managerOf(withMetadata(configMap("shop/x"), metadata), known);
}

describe("who looks after an object", () => {
  it("is nobody for an ordinary one, labels of charts included", () => {
    expect(manager({ labels: { "app.kubernetes.io/instance": "x", "app.kubernetes.io/managed-by": "Helm" } })).toBe(
      undefined,
    );
    expect(manager({ ownerReferences: [{ kind: "Thing", name: "x", uid: "u" }] })).toBe(undefined);
  });

  it.each<[string, JsonObject]>([
    ["CronJob (owner)", { ownerReferences: [{ kind: "CronJob", name: "x", uid: "u", controller: true }] }],
    [
      "Helm",
      {
        labels: { "app.kubernetes.io/managed-by": "Helm" },
        annotations: { "meta.helm.sh/release-name": "x", "meta.helm.sh/release-namespace": "shop" },
      },
    ],
    ["Helm", { annotations: { "helm.sh/hook": "pre-upgrade" } }],
    ["Argo CD (hook)", { annotations: { "argocd.argoproj.io/hook": "PreSync" } }],
    ["Flux", { labels: { "kustomize.toolkit.fluxcd.io/name": "apps" } }],
    ["Flux", { labels: { "helm.toolkit.fluxcd.io/name": "apps" } }],
    ["OLM", { labels: { "olm.owner": "x" } }],
    ["OLM", { labels: { "operators.coreos.com/x.openshift-operators": "" } }],
    ["OpenShift", { annotations: { "include.release.openshift.io/self-managed-high-availability": "true" } }],
    ["Argo CD Application other", { annotations: { "argocd.argoproj.io/tracking-id": "other:/ConfigMap:shop/x" } }],
    ["Argo CD Application other", { labels: { "argocd.argoproj.io/instance": "other" } }],
  ])("is %s", (expected, metadata) => {
    expect(manager(metadata)).toBe(expected);
  });

  it("is an Application by the shared label only where such an Application exists", () => {
    const labels = { "app.kubernetes.io/instance": "other" };
    expect(manager({ labels })).toBe(undefined);
    expect(manager({ labels }, { other: "https://elsewhere.example.com/x.git" })).toBe("Argo CD Application other");
  });

  it("is not an Application of ours, unless one of that name reads another repository", () => {
    const annotations = { "argocd.argoproj.io/tracking-id": "shop-prod:/ConfigMap:shop/x" };
    expect(manager({ annotations })).toBe(undefined);
    expect(manager({ annotations }, { "shop-prod": URL })).toBe(undefined);
    expect(manager({ annotations }, { "shop-prod": "https://elsewhere.example.com/x.git" })).toBe(
      "Argo CD Application shop-prod",
    );
  });
});
