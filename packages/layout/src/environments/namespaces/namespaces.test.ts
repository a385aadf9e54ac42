import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import type { FolderSettings } from "../settings.ts";
import { checkMappedNamespaces } from "./check-mapped.ts";
import { mapNamespaces } from "./map-namespaces.ts";
import { countMentions } from "./mentions.ts";

/** shop, team and default are renamed; everything else keeps its name. */
function nameOf(namespace: string): string {
  return ["shop", "team", "default"].includes(namespace) ? `${namespace}-dev` : namespace;
}

function mapped(group: string, kind: string, object: JsonObject): JsonObject {
  return mapNamespaces(object, { group, kind, name: "x", resource: "any" }, nameOf);
}

const RBAC = "rbac.authorization.k8s.io";
const ADMISSION = "admissionregistration.k8s.io";
const GATEWAY = "gateway.networking.k8s.io";
const BY_NAME = "kubernetes.io/metadata.name";

describe("a namespace that is called otherwise where it is deployed", () => {
  it.each<[string, string, JsonObject, JsonObject]>([
    ["", "Namespace", { metadata: { name: "shop" } }, { metadata: { name: "shop-dev" } }],
    [
      "apps",
      "Deployment",
      { metadata: { name: "shop", namespace: "shop" } },
      { metadata: { name: "shop", namespace: "shop-dev" } },
    ],
    [
      RBAC,
      "ClusterRoleBinding",
      {
        subjects: [
          { kind: "ServiceAccount", name: "web", namespace: "shop" },
          { kind: "ServiceAccount", name: "shop", namespace: "kube-system" },
          { kind: "Group", name: "system:serviceaccounts:team" },
          { kind: "User", name: "system:serviceaccount:shop:web" },
          { kind: "User", name: "shop" },
        ],
      },
      {
        subjects: [
          { kind: "ServiceAccount", name: "web", namespace: "shop-dev" },
          { kind: "ServiceAccount", name: "shop", namespace: "kube-system" },
          { kind: "Group", name: "system:serviceaccounts:team-dev" },
          { kind: "User", name: "system:serviceaccount:shop-dev:web" },
          { kind: "User", name: "shop" },
        ],
      },
    ],
    [
      "networking.k8s.io",
      "NetworkPolicy",
      { spec: { ingress: [{ from: [{ namespaceSelector: { matchLabels: { [BY_NAME]: "team", team: "shop" } } }] }] } },
      {
        spec: {
          ingress: [{ from: [{ namespaceSelector: { matchLabels: { [BY_NAME]: "team-dev", team: "shop" } } }] }],
        },
      },
    ],
    [
      ADMISSION,
      "ValidatingWebhookConfiguration",
      {
        webhooks: [
          {
            clientConfig: { service: { name: "hook", namespace: "shop" } },
            namespaceSelector: {
              matchExpressions: [
                { key: BY_NAME, operator: "NotIn", values: ["kube-system", "shop"] },
                { key: "other", operator: "In", values: ["shop"] },
              ],
            },
          },
        ],
      },
      {
        webhooks: [
          {
            clientConfig: { service: { name: "hook", namespace: "shop-dev" } },
            namespaceSelector: {
              matchExpressions: [
                { key: BY_NAME, operator: "NotIn", values: ["kube-system", "shop-dev"] },
                { key: "other", operator: "In", values: ["shop"] },
              ],
            },
          },
        ],
      },
    ],
    [
      "apiextensions.k8s.io",
      "CustomResourceDefinition",
      { spec: { conversion: { webhook: { clientConfig: { service: { namespace: "shop" } } } } } },
      { spec: { conversion: { webhook: { clientConfig: { service: { namespace: "shop-dev" } } } } } },
    ],
    [
      "apiregistration.k8s.io",
      "APIService",
      { spec: { service: { namespace: "shop" } } },
      { spec: { service: { namespace: "shop-dev" } } },
    ],
    [
      "",
      "PersistentVolume",
      { spec: { claimRef: { namespace: "shop" } } },
      { spec: { claimRef: { namespace: "shop-dev" } } },
    ],
    [
      "monitoring.coreos.com",
      "ServiceMonitor",
      { spec: { namespaceSelector: { matchNames: ["shop", "kube-system"] } } },
      { spec: { namespaceSelector: { matchNames: ["shop-dev", "kube-system"] } } },
    ],
    [
      GATEWAY,
      "HTTPRoute",
      { spec: { parentRefs: [{ name: "gw", namespace: "team" }], rules: [{ backendRefs: [{ namespace: "shop" }] }] } },
      {
        spec: {
          parentRefs: [{ name: "gw", namespace: "team-dev" }],
          rules: [{ backendRefs: [{ namespace: "shop-dev" }] }],
        },
      },
    ],
    [
      "apps",
      "StatefulSet",
      { spec: { affinity: [{ topologyKey: "zone", namespaces: ["shop", "other"] }], namespaces: ["shop"] } },
      { spec: { affinity: [{ topologyKey: "zone", namespaces: ["shop-dev", "other"] }], namespaces: ["shop"] } },
    ],
  ])("is renamed in a %s %s", (group, kind, before, after) => {
    expect(mapped(group, kind, before)).toEqual(after);
  });

  it("leaves an object that names none of them the same object", () => {
    const object = { metadata: { name: "x", namespace: "other" }, spec: { list: [{ namespaceSelector: {} }] } };
    expect(mapped("apps", "Deployment", object)).toBe(object);
  });

  it("is counted where a text may mean it, host names of Services above all", () => {
    const object = {
      data: {
        url: "postgres://db.shop.svc.cluster.local:5432/shop",
        two: "http://a.team.svc http://b.team.svc",
        other: "http://db.other.svc",
        api: "https://kubernetes.default.svc",
        word: "shop",
      },
      spec: { ref: { namespace: "team" }, list: ["x.shop.svcs", "x.shop.svc"] },
    };
    expect(countMentions({ before: object, after: object }, nameOf)).toBe(4);
    const after = { ...object, spec: { ref: { namespace: "team-dev" }, list: object.spec.list } };
    expect(countMentions({ before: object, after }, nameOf)).toBe(3);
  });
});

describe("two namespaces", () => {
  function check(names: Readonly<Record<string, string>>, clusters: Readonly<Record<string, string>> = {}): void {
    const settingsOf = (namespace: string | undefined) =>
      ({
        overridden: true,
        namespace: names[namespace ?? ""],
        clusters: [{ domain: "crc.testing", name: clusters[namespace ?? ""] ?? "dev" }],
      }) as unknown as FolderSettings;
    checkMappedNamespaces(Object.keys(names), ["dev"], settingsOf);
  }

  it("that become one in a cluster are refused", () => {
    expect(() => check({ shop: "all", team: "all" })).toThrow(
      "environment dev makes all in crc.testing/dev of both shop and team",
    );
    expect(() => check({ shop: "team", team: "team" })).toThrow("makes team in crc.testing/dev of both shop and team");
  });

  it("may have one name in two clusters", () => {
    check({ shop: "all", team: "all" }, { shop: "a", team: "b" });
  });

  it("cannot be called what Kubernetes does not take", () => {
    expect(() => check({ shop: "shop-" })).toThrow(
      'environment dev makes "shop-" of shop, which cannot be a namespace\'s name',
    );
  });
});
