import { Buffer } from "node:buffer";
import { type JsonObject, objectKey, type ResourceType, typeName } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { filesSide } from "../sides/files-side.ts";
import type { Side, SideObject } from "../sides/side.ts";
import { quietCall } from "../testing/take-snapshot.ts";
import { managedLiveSide } from "./managed-live-side.ts";

const CONFIG_MAPS: ResourceType = {
  group: "",
  version: "v1",
  resource: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
  verbs: ["list"],
};

function configMap(namespace: string, name: string, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, ...metadata } };
}

const HELM = {
  annotations: { "meta.helm.sh/release-name": "web" },
  labels: { "app.kubernetes.io/managed-by": "Helm" },
};
const TRACKED = { annotations: { "argocd.argoproj.io/tracking-id": "shop-prod:/ConfigMap:shop/web" } };
const FOREIGN = { annotations: { "argocd.argoproj.io/tracking-id": "other:/ConfigMap:shop/x" } };

/** What of these objects of a cluster Git is compared with, when it holds shop/web and speaks of the namespace shop. */
async function seen(...objects: readonly JsonObject[]): Promise<readonly string[]> {
  const side = await filesSide({
    description: "Git",
    served: [CONFIG_MAPS],
    knowsAbsent: (_type, key) => key.startsWith("shop/"),
    leftOut: () => undefined,
  });
  await side.add(configMap("shop", "web"));
  const applications = new Set(["shop-prod"]);
  const wanted = managedLiveSide(liveWith(objects), { side, applications, repositoryUrl: "https://git/fleet.git" });
  const found: string[] = [];
  for (const type of wanted.types) {
    for await (const object of wanted.objects(type, new Set(), quietCall)) {
      found.push(`${typeName(type)} ${object.readable ? object.line.toString("utf8").replaceAll(/\s/g, "") : ""}`);
    }
  }
  await side.close();
  return found;
}

function liveWith(objects: readonly JsonObject[]): Side {
  async function* all(): AsyncIterable<SideObject> {
    for (const object of objects) {
      const { namespace, name } = object.metadata as Record<string, string>;
      const line = Buffer.from(JSON.stringify(object));
      yield { key: objectKey(namespace, name ?? ""), readable: true, line, wasSealed: false };
    }
  }
  return {
    description: "live",
    clusterUid: "u",
    types: [{ ...CONFIG_MAPS, knowsAbsent: () => true }],
    unlisted: () => ({ because: "absent" }),
    objects: all,
    schemas: async () => undefined,
  };
}

describe("the cluster as Git sees it", () => {
  it("has what nobody looks after, and not what a chart, another Application or a controller brought", async () => {
    const owned = { ownerReferences: [{ apiVersion: "v1", kind: "Widget", name: "w", uid: "u", controller: true }] };
    const found = await seen(
      configMap("shop", "byhand"),
      configMap("shop", "chart", HELM),
      configMap("shop", "foreign", FOREIGN),
      configMap("shop", "owned", owned),
    );
    expect(found).toEqual([expect.stringContaining('"name":"byhand"')]);
  });

  it("has nothing of namespaces that Git does not speak of", async () => {
    expect(await seen(configMap("team", "byhand"))).toEqual([]);
  });

  it("has what our own Application tracks, without Argo CD's marks, whether Git still holds it or not", async () => {
    const found = await seen(configMap("shop", "dropped", TRACKED), configMap("shop", "web", TRACKED));
    expect(found).toEqual([expect.stringContaining('"name":"dropped"'), expect.stringContaining('"name":"web"')]);
    expect(found.join()).not.toContain("argocd.argoproj.io");
  });

  it("has what Git holds, whoever else says that it is theirs", async () => {
    expect(await seen(configMap("shop", "web", HELM))).toEqual([expect.stringContaining('"name":"web"')]);
  });
});
