import { Buffer } from "node:buffer";
import { type ClusterIdentity, compareUtf8, objectKey, type ResourceType } from "@kubeferry/model";
import { type MirrorKeys, mirrorKeys } from "../mirror/mirror-key.ts";
import type { CapturedObject, MirrorView } from "../snapshots.ts";

const VERBS = ["get", "list"];

export const configMaps: ResourceType = {
  group: "",
  version: "v1",
  resource: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
  verbs: VERBS,
};
export const secrets: ResourceType = { ...configMaps, resource: "secrets", kind: "Secret" };
export const claims: ResourceType = {
  ...configMaps,
  resource: "persistentvolumeclaims",
  kind: "PersistentVolumeClaim",
};
export const deployments: ResourceType = { ...configMaps, group: "apps", resource: "deployments", kind: "Deployment" };
export const clusterRoles: ResourceType = {
  ...configMaps,
  group: "rbac.authorization.k8s.io",
  resource: "clusterroles",
  kind: "ClusterRole",
  namespaced: false,
};

export const identity: ClusterIdentity = {
  domain: "crc.testing",
  name: "wrl62",
  uid: "0b5e1b4e-0000-4000-8000-000000000001",
  nameSource: "configuration",
  domainSource: "configuration",
};

/** An object with a body; every version of it has another resourceVersion. */
export function object(type: ResourceType, key: string, resourceVersion: string, body: unknown = {}): CapturedObject {
  const slash = type.namespaced ? key.indexOf("/") : -1;
  const namespace = slash === -1 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  const uid = `uid-${type.resource}-${key}`;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion };
  const line = Buffer.from(JSON.stringify({ kind: type.kind, apiVersion: type.version, metadata, data: body }));
  return { key: objectKey(namespace, name), uid, resourceVersion, line };
}

/** What a type's list gives: objects in key order, and from the last page on possibly an error. */
export async function* listed(objects: readonly CapturedObject[], error?: Error): AsyncIterable<CapturedObject> {
  yield* [...objects].sort((left, right) => compareUtf8(left.key, right.key));
  if (error !== undefined) throw error;
}

/** A view as a caller gives it: the object's data under a heading, Secrets only when said so, root certificates never. */
export function viewOf(
  fingerprint: string,
  options: {
    readonly secrets?: boolean;
    readonly heading?: string;
    readonly keys?: MirrorKeys;
    readonly maxObjectBytes?: number;
  } = {},
): MirrorView {
  const keys = options.keys ?? mirrorKeys();
  return {
    fingerprint: options.keys === undefined ? fingerprint : `${keys.fingerprint} ${fingerprint}`,
    keys,
    maxObjectBytes: options.maxObjectBytes ?? Number.POSITIVE_INFINITY,
    render(type, { key, line }) {
      if (type.resource === "secrets" && options.secrets !== true) return undefined;
      if (key.endsWith("/kube-root-ca.crt")) return undefined;
      const { data } = JSON.parse(line.toString("utf8")) as { data: unknown };
      return Buffer.from(`# ${options.heading ?? "file"} of ${key}\ndata: ${JSON.stringify(data)}\n`);
    },
  };
}
