import type { JsonObject } from "@kubeferry/model";

/** A Namespace as an API server would return it. */
export function namespace(name: string): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, uid: "u", resourceVersion: "1", labels: { "kubernetes.io/metadata.name": name } },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  };
}

/** A ConfigMap. */
export function configMap(key: string, data: Readonly<Record<string, string>> = { greeting: "hello" }): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: named(key), data };
}

/** A Deployment with one container. */
export function deployment(key: string, replicas = 2, annotations: Readonly<Record<string, string>> = {}): JsonObject {
  const metadata = named(key);
  const app = { app: String(metadata.name) };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations },
    spec: {
      replicas,
      selector: { matchLabels: app },
      template: { metadata: { labels: app }, spec: { containers: [{ name: "web", image: "nginx:1.29" }] } },
    },
    status: { readyReplicas: replicas },
  };
}

/** A custom resource. */
export function widget(key: string, group = "example.com", spec: JsonObject = { colour: "blue" }): JsonObject {
  return { apiVersion: `${group}/v1`, kind: "Widget", metadata: named(key), spec };
}

/** The type of `widget`; its objects may hold whatever they like. */
export function widgetDefinition(group = "example.com"): JsonObject {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}

/** A Role. */
export function role(key: string): JsonObject {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: named(key), rules: [] };
}

/** A Secret; values are written clear here and stored in base64. */
export function secret(key: string, values: Readonly<Record<string, string>>, type = "Opaque"): JsonObject {
  const data = Object.entries(values).map(([name, value]) => [name, Buffer.from(value, "utf8").toString("base64")]);
  return { apiVersion: "v1", kind: "Secret", metadata: named(key), type, data: Object.fromEntries(data) as JsonObject };
}

/** The metadata of "shop/web", or of "web" without a namespace, as a server would fill it. */
export function named(key: string): JsonObject {
  const slash = key.indexOf("/");
  const name = key.slice(slash + 1);
  const server = { uid: "u", resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" };
  return slash < 0 ? { name, ...server } : { name, namespace: key.slice(0, slash), ...server };
}

/** The object with other metadata put over its own. */
export function withMetadata(object: JsonObject, metadata: JsonObject): JsonObject {
  return { ...object, metadata: { ...(object.metadata as JsonObject), ...metadata } };
}
