import { widgetDefinition } from "@kubeferry/test-fleet";

/** 253 characters, the longest name there is. */
export const LONGEST_NAME = `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.${"e".repeat(9)}`;

/** The types that the objects below need: two groups share a plural. */
export const AWKWARD_TYPES: readonly object[] = [widgetDefinition(), widgetDefinition("other.example.org")];

const role = (namespace: string, name: string): object => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "Role",
  metadata: { namespace, name },
  rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
});

const configMap = (namespace: string, name: string, data: Record<string, string>): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace, name },
  data,
});

/** Every object that is legal and has broken some exporter. The int64 is text, because JavaScript would round it. */
export function awkwardObjects(namespace: string): (object | string)[] {
  const widget = (apiVersion: string, name: string): string =>
    `{"apiVersion":"${apiVersion}","kind":"Widget","metadata":{"name":"${name}","namespace":"${namespace}"},` +
    `"spec":{"serial":9007199254740993,"smallest":-9223372036854775808,"\u{1f6a2}":1,"\ue000":2,"y":"n"}}`;
  return [
    ...["team", "team-1", "team.x"].map((name) => configMap(namespace, name, { of: name })),
    configMap(namespace, LONGEST_NAME, { long: "name" }),
    configMap(namespace, "words", { n: "yes", octal: "0777", time: "12:30:45", float: "1e3", null: "~", y: "off" }),
    configMap(namespace, "blanks", { trailing: "a \n b\t\n\n", crlf: "a\r\nb", tab: "\tx", hash: "# no" }),
    configMap(namespace, "next-line", { nel: "before\u0085after" }),
    configMap(namespace, "large", { text: `${"0123456789abcdef".repeat(64)}\n`.repeat(900) }),
    ...["Team", "team", "system:reader:all", "\u{1f6a2}", "\ue000"].map((name) => role(namespace, name)),
    widget("example.com/v1", "blue"),
    widget("other.example.org/v1", "blue"),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { namespace, name: "headless" },
      spec: { clusterIP: "None", ports: [{ port: 80 }] },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { namespace, name: "web" },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    },
    deployment(namespace),
  ];
}

function deployment(namespace: string): object {
  const labels = { app: "web" };
  const container = { name: "web", image: "registry.example.com/web:1", env: [{ name: "N", value: "n" }] };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name: "web", labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

/** A Secret whose value is planted three times: data, stringData, and the annotation that `kubectl apply` leaves. */
export function plantedSecret(namespace: string, value: string): object {
  const applied = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "planted", namespace },
    stringData: { password: value },
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "planted",
      namespace,
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": `${JSON.stringify(applied)}\n` },
    },
    stringData: { password: value },
  };
}
