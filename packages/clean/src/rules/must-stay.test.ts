import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { createCleaner } from "../cleaner.ts";
import { valueAt } from "../path.ts";
import { applied, live } from "../testing/live.ts";

const { clean } = createCleaner();

/**
 * What Argo CD shows as a difference when a view lacks it, measured with its three ways to compare. Where the evidence
 * matters, `applied` says that last-applied holds it.
 */
const MUST_STAY: readonly {
  readonly what: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly object: JsonObject;
  readonly applied?: true;
}[] = [
  { what: "clusterIP None", apiVersion: "v1", kind: "Service", object: { spec: { clusterIP: "None" } }, applied: true },
  {
    what: "a chosen nodePort, type, externalTrafficPolicy, targetPort and protocol",
    apiVersion: "v1",
    kind: "Service",
    object: {
      spec: {
        type: "LoadBalancer",
        externalTrafficPolicy: "Local",
        ports: [
          { port: 53, protocol: "TCP", targetPort: 5353, nodePort: 30053 },
          { port: 53, protocol: "UDP", targetPort: 5353, nodePort: 30053 },
        ],
      },
    },
    applied: true,
  },
  {
    what: "defaults of a pod template, and replicas",
    apiVersion: "apps/v1",
    kind: "Deployment",
    object: {
      spec: {
        replicas: 3,
        template: {
          metadata: { labels: { app: "x" } },
          spec: {
            securityContext: {},
            containers: [
              {
                name: "c",
                imagePullPolicy: "Always",
                resources: {},
                securityContext: { runAsUser: 1000680000 },
                ports: [
                  { containerPort: 53, protocol: "TCP" },
                  { containerPort: 53, protocol: "UDP" },
                ],
              },
            ],
          },
        },
      },
    },
    applied: true,
  },
  {
    what: "what volumeClaimTemplates hold",
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    object: {
      spec: {
        volumeClaimTemplates: [
          {
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            metadata: { name: "d", creationTimestamp: null },
            status: { phase: "Pending" },
          },
        ],
      },
    },
  },
  {
    what: "an empty storage class and resources",
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    object: { spec: { storageClassName: "", resources: { requests: { storage: "1Gi" } } } },
    applied: true,
  },
  {
    what: "the claim that a volume is reserved for",
    apiVersion: "v1",
    kind: "PersistentVolume",
    object: { spec: { claimRef: { namespace: "shop", name: "data", uid: "u" } } },
    applied: true,
  },
  {
    what: "a Secret's type",
    apiVersion: "v1",
    kind: "Secret",
    object: { type: "example.com/key", data: {} },
    applied: true,
  },
  {
    what: "the namespace of subjects, applied or not",
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    object: {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" },
      subjects: [{ kind: "ServiceAccount", name: "web", namespace: "shop" }],
    },
  },
  {
    what: "policy types and empty peers",
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    object: {
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ namespaceSelector: {} }] }, {}],
      },
    },
    applied: true,
  },
  {
    what: "an autoscaler's behavior",
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    object: { spec: { behavior: { scaleDown: { policies: [] } } } },
    applied: true,
  },
  {
    what: "pull secrets of a ServiceAccount",
    apiVersion: "v1",
    kind: "ServiceAccount",
    object: { imagePullSecrets: [{ name: "x-dockercfg-x7k2p" }] },
    applied: true,
  },
  {
    what: "names, columns and empty subresources and defaults of a definition",
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    object: {
      spec: {
        names: { kind: "Widget", listKind: "WidgetList", singular: "widget" },
        versions: [
          {
            name: "v1",
            additionalPrinterColumns: [{ name: "Age", type: "date" }],
            subresources: { status: {} },
            schema: { openAPIV3Schema: { properties: { a: { default: {} }, b: { default: "" } } } },
          },
        ],
      },
    },
  },
  {
    what: "rules of an aggregated role",
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    object: {
      aggregationRule: { clusterRoleSelectors: [] },
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    },
  },
  {
    what: "defaults, nulls and everything else in lists of a custom resource",
    apiVersion: "example.com/v1",
    kind: "Widget",
    object: { spec: { atom: [{ mode: "default", gone: null, status: {} }], empty: {}, none: [], text: "" } },
  },
];

describe("what Argo CD would show as a difference stays", () => {
  it.each(MUST_STAY)("$what ($kind)", ({ apiVersion, kind, object, applied: isApplied }) => {
    const metadata = isApplied ? { annotations: applied(object) } : {};
    const view = clean(live(apiVersion, kind, object, metadata)).object;
    for (const key of Object.keys(object)) expect(valueAt(view, [key])).toEqual(object[key]);
  });

  it("labels, whoever reads them", () => {
    const labels = {
      app: "x",
      "pod-template-hash": "1",
      "app.kubernetes.io/managed-by": "Helm",
      "helm.sh/chart": "x-1",
    };
    const view = clean(live("apps/v1", "ReplicaSet", {}, { labels })).object;
    expect(valueAt(view, ["metadata", "labels"])).toEqual(labels);
  });
});
