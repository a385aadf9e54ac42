import { mirrorView } from "@kubeferry/backup";
import { type JsonObject, objectKey, type ResourceType } from "@kubeferry/model";
import { openStore } from "@kubeferry/object-store";
import { type CapturedObject, createSnapshotWriter, type Snapshot } from "@kubeferry/snapshot";
import { testCall } from "./call.ts";
import { ordinaryMirror } from "./mirror-settings.ts";
import { freshFolder } from "./workspace.ts";

const VERBS = ["get", "list"];
const NAMESPACES: ResourceType = {
  group: "",
  version: "v1",
  resource: "namespaces",
  kind: "Namespace",
  namespaced: false,
  verbs: VERBS,
};
const CONFIG_MAPS: ResourceType = {
  group: "",
  version: "v1",
  resource: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
  verbs: VERBS,
};
const DEPLOYMENTS: ResourceType = {
  group: "apps",
  version: "v1",
  resource: "deployments",
  kind: "Deployment",
  namespaced: true,
  verbs: VERBS,
};
const ROLES: ResourceType = {
  group: "rbac.authorization.k8s.io",
  version: "v1",
  resource: "roles",
  kind: "Role",
  namespaced: true,
  verbs: VERBS,
};

const SECRETS: ResourceType = { ...CONFIG_MAPS, resource: "secrets", kind: "Secret" };

/**
 * A snapshot of about twenty objects, to be replayed as a cluster. "after" is a later state of the same cluster: some
 * objects changed, one is gone, one is new.
 * @param secret true: one of the objects is a Secret, another one in "after"
 */
export async function smallCluster(
  state: "before" | "after",
  { secret = false }: { readonly secret?: boolean } = {},
): Promise<Snapshot> {
  const store = await openStore({ type: "folder", path: await freshFolder(), prefix: "" });
  await store.prepare(testCall);
  const writer = createSnapshotWriter({
    store,
    series: "default",
    parent: undefined,
    view: mirrorView(ordinaryMirror),
    capture: "test",
    uploads: 2,
  });
  for (const [type, objects] of [...objectsOf(state), ...(secret ? secretsOf(state) : [])]) {
    await writer.addType(type, stream(objects), () => ({ revision: "1", consistent: true }), testCall);
  }
  await writer.setApi("test", async () => ({ discovery: discovery(secret), openapi: {} }), testCall);
  const now = new Date("2026-01-01T00:00:00Z");
  const cluster = {
    domain: "example.internal",
    name: "small",
    uid: "u-kube-system",
    nameSource: "configuration",
    domainSource: "configuration",
  } as const;
  const tool = { toolVersion: "test", rulesVersion: "test", secrets: "withhold", skipped: [], failures: [] } as const;
  return writer.commit({ cluster, runId: state, startedAt: now, finishedAt: now, ...tool }, testCall);
}

function objectsOf(state: "before" | "after"): [ResourceType, CapturedObject[]][] {
  const later = state === "after";
  const names = ["a", "b", "c", "d", "e", "f", ...(later ? ["h"] : ["g"])];
  return [
    [NAMESPACES, ["kube-system", "shop"].map((name) => captured(NAMESPACES, undefined, name, "1", {}))],
    [
      CONFIG_MAPS,
      names.map((name, index) =>
        captured(CONFIG_MAPS, "shop", name, later && index < 3 ? "2" : "1", {
          data: { name, later: String(later && index < 3) },
        }),
      ),
    ],
    [
      DEPLOYMENTS,
      ["api", "web", "worker"].map((name) =>
        captured(DEPLOYMENTS, "shop", name, later ? "2" : "1", { spec: { replicas: later ? 3 : 1 } }),
      ),
    ],
    [ROLES, ["Team", "reader", "team"].map((name) => captured(ROLES, "shop", name, "1", { rules: [] }))],
  ];
}

function captured(
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  resourceVersion: string,
  content: JsonObject,
): CapturedObject {
  const uid = name === "kube-system" ? "u-kube-system" : `u-${type.resource}-${name}`;
  const apiVersion = type.group === "" ? type.version : `${type.group}/${type.version}`;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion };
  const line = Buffer.from(JSON.stringify({ kind: type.kind, apiVersion, metadata, ...content }));
  return { key: objectKey(namespace, name), uid, resourceVersion, line };
}

async function* stream(objects: readonly CapturedObject[]): AsyncIterable<CapturedObject> {
  yield* objects;
}

function secretsOf(state: "before" | "after"): [ResourceType, CapturedObject[]][] {
  const version = state === "after" ? "2" : "1";
  const data = { password: Buffer.from(`password of ${state}`).toString("base64") };
  return [[SECRETS, [captured(SECRETS, "shop", "db", version, { data })]]];
}

function discovery(secret: boolean): string {
  const core = [group("", [NAMESPACES, CONFIG_MAPS, ...(secret ? [SECRETS] : [])])];
  const named = [group("apps", [DEPLOYMENTS]), group("rbac.authorization.k8s.io", [ROLES])];
  const list = (items: readonly object[]): object => ({
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items,
  });
  return JSON.stringify({ api: list(core), apis: list(named) });
}

function group(name: string, types: readonly ResourceType[]): object {
  const resources = types.map((type) => ({
    resource: type.resource,
    responseKind: { group: type.group, version: type.version, kind: type.kind },
    scope: type.namespaced ? "Namespaced" : "Cluster",
    singularResource: type.kind.toLowerCase(),
    verbs: type.verbs,
  }));
  return { metadata: name === "" ? {} : { name }, versions: [{ version: "v1", resources, freshness: "Current" }] };
}
