import { createCleaner } from "@kubeferry/clean";
import type { JsonObject, ResourceType } from "@kubeferry/model";
import { configMap, deployment, named, namespace, typeOf, withMetadata } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { gitView, type ViewFacts } from "./git-view.ts";

const cleaner = createCleaner();

const SCALED: ViewFacts = { scaled: true, applications: new Set() };

function view(live: JsonObject, facts?: ViewFacts): JsonObject {
  return gitView(live, typeOf(live), cleaner, facts);
}

function optionsOf(live: JsonObject): unknown {
  const { annotations } = view(live).metadata as { annotations?: JsonObject };
  return annotations?.["argocd.argoproj.io/sync-options"];
}

describe("the view that Git gets of an object", () => {
  it("adds no annotation to an ordinary object", () => {
    expect(view(deployment("shop/web")).metadata).toEqual({ name: "web", namespace: "shop" });
  });

  it("keeps Argo CD from pruning and deleting what holds data or other objects", () => {
    const claim: JsonObject = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: named("shop/data") };
    expect(optionsOf(claim)).toBe("Prune=false,Delete=false");
    expect(optionsOf(namespace("shop"))).toBe("Prune=false,Delete=false");
  });

  it("adds to the options that are there, and leaves a stricter word of people's alone", () => {
    const withOptions = (options: string) =>
      optionsOf(withMetadata(namespace("shop"), { annotations: { "argocd.argoproj.io/sync-options": options } }));
    expect(withOptions("Validate=false")).toBe("Validate=false,Prune=false,Delete=false");
    expect(withOptions("Delete=confirm, Prune=true")).toBe("Delete=confirm,Prune=false");
    expect(withOptions("Prune=false,Delete=false")).toBe("Prune=false,Delete=false");
  });

  it("has large objects applied by the server, since their copy would not fit into an annotation", () => {
    expect(optionsOf(configMap("shop/large", { text: "x".repeat(199_000) }))).toBeUndefined();
    expect(optionsOf(configMap("shop/large", { text: "x".repeat(200_001) }))).toBe("ServerSideApply=true");
    // Six bytes for each of these characters.
    expect(optionsOf(configMap("shop/odd", { text: "\u0001".repeat(33_000) }))).toBeUndefined();
    expect(optionsOf(configMap("shop/odd", { text: "\u0001".repeat(33_400) }))).toBe("ServerSideApply=true");
  });

  it("is the same again when Git's own annotations come back from the cluster", () => {
    const once = view(namespace("shop"));
    const back = { ...once, metadata: { ...(once.metadata as JsonObject), uid: "u", resourceVersion: "2" } };
    expect(view(back)).toEqual(once);
  });

  it("leaves out replicas that only an autoscaler set, and keeps those that somebody asked for", () => {
    const replicas = (live: JsonObject, facts?: ViewFacts) => (view(live, facts).spec as JsonObject).replicas;
    expect(replicas(deployment("shop/web", 7), SCALED)).toBeUndefined();
    expect(replicas(deployment("shop/web", 7))).toBe(7);
    const applied = { "kubectl.kubernetes.io/last-applied-configuration": '{"spec":{"replicas":2}}' };
    expect(replicas(deployment("shop/web", 7, applied), SCALED)).toBe(7);
    const managedFields = [{ manager: "argocd", operation: "Apply", fieldsV1: { "f:spec": { "f:replicas": {} } } }];
    expect(replicas(withMetadata(deployment("shop/web", 7), { managedFields }), SCALED)).toBe(7);
  });

  it("takes away the marks of our own Applications, by annotation or by label, and no other label", () => {
    const ours: ViewFacts = { scaled: false, applications: new Set(["shop-prod"]) };
    const marked = (metadata: JsonObject) => view(withMetadata(configMap("shop/x"), metadata), ours).metadata;
    const plain = { name: "x", namespace: "shop" };
    const annotations = { "argocd.argoproj.io/tracking-id": "shop-prod:/ConfigMap:shop/x" };
    expect(marked({ annotations })).toEqual(plain);
    expect(marked({ labels: { "argocd.argoproj.io/instance": "shop-prod" } })).toEqual(plain);
    const labels = { "app.kubernetes.io/instance": "x-abc" };
    expect(marked({ annotations, labels })).toEqual({ ...plain, labels });
  });

  it("keeps an instance label that Argo CD did not set, though it names an Application of ours", () => {
    const ours: ViewFacts = { scaled: false, applications: new Set(["shop-prod"]) };
    const labels = { "app.kubernetes.io/instance": "shop-prod" };
    const setBy = (manager: string) => [
      {
        manager,
        operation: "Update",
        fieldsV1: { "f:metadata": { "f:labels": { "f:app.kubernetes.io/instance": {} } } },
      },
    ];
    const kept = (metadata: JsonObject) =>
      (view(withMetadata(configMap("shop/x"), { labels, ...metadata }), ours).metadata as JsonObject).labels;
    const annotations = { "argocd.argoproj.io/tracking-id": "shop-prod:/ConfigMap:shop/x" };
    expect(kept({})).toEqual(labels);
    expect(kept({ managedFields: setBy("kubectl-client-side-apply") })).toEqual(labels);
    expect(kept({ managedFields: setBy("argocd-controller"), annotations })).toEqual(labels);
    expect(kept({ managedFields: setBy("argocd-controller") })).toBeUndefined();
  });

  it("leaves the live object as it is", () => {
    const live = namespace("shop");
    const before = structuredClone(live);
    const type: ResourceType = typeOf(live);
    gitView(live, type, cleaner, SCALED);
    expect(live).toEqual(before);
  });
});
