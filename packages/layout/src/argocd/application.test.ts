import { parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { application } from "./application.ts";

const SETTINGS = { autoSync: true, prune: true, selfHeal: true, syncOptions: ["Validate=false"], namespace: undefined };

const ARGO_CD = {
  namespace: "argocd",
  project: "fleet",
  repositoryUrl: "https://git.example.com/fleet",
  revision: "main",
};

function manifest(folder: string, change: object = {}, scaled: readonly string[] = []): JsonObject {
  const content = application(
    {
      folder,
      path: `${folder}/prod`,
      environment: "prod",
      place: { destination: { name: "live" } },
      settings: { ...SETTINGS, ...change },
      scaled: scaled.map((name) => ({ group: "apps", kind: "Deployment", name })),
    },
    ARGO_CD,
  );
  return parseYaml(content.text) as JsonObject;
}

describe("an Application", () => {
  it("prunes and heals where that is configured, and never prunes what has no namespace", () => {
    const automated = (folder: string, change?: object) => manifest(folder, change).spec;
    expect(automated("namespaces/shop")).toMatchObject({ syncPolicy: { automated: { prune: true, selfHeal: true } } });
    expect(automated("cluster")).toMatchObject({ syncPolicy: { automated: { prune: false, selfHeal: true } } });
    expect(automated("namespaces/shop", { autoSync: false })).not.toMatchObject({ syncPolicy: { automated: {} } });
  });

  it("deploys to the namespace that the objects are in there, and makes none", () => {
    const { spec, metadata } = manifest("namespaces/shop", { namespace: "shop-live" });
    expect(spec).toMatchObject({ destination: { name: "live", namespace: "shop-live" } });
    expect(JSON.stringify({ spec, metadata })).not.toMatch(/CreateNamespace|Replace|finalizers|allowEmpty/);
  });

  it("leaves the replicas of autoscaled workloads alone, in what it shows and in what it writes", () => {
    expect(manifest("namespaces/shop", {}, ["web"]).spec).toMatchObject({
      ignoreDifferences: [{ group: "apps", kind: "Deployment", name: "web", jsonPointers: ["/spec/replicas"] }],
      syncPolicy: {
        syncOptions: ["SkipDryRunOnMissingResource=true", "Validate=false", "RespectIgnoreDifferences=true"],
      },
    });
    expect(manifest("namespaces/shop").spec).not.toHaveProperty("ignoreDifferences");
  });
});
