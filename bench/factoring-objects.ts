// The objects that `bench/factoring.ts` lays out: of the kinds and sizes of ordinary namespaces, the same ones in every run.
// What a cluster sets by itself (uids, times, addresses, statuses) is another thing in each, as it is where people look.
import type { JsonObject } from "@kubeferry/model";

/** How much of four clusters differs: nothing; a tenth of the objects, each in one cluster; six of ten, in every cluster. */
export type Drift = "none" | "tenth" | "most";

/** The environments, each from a cluster of its own. */
export const ENVIRONMENTS = ["dev", "test", "preprod", "prod"] as const;

type Environment = (typeof ENVIRONMENTS)[number];

const SMALL_NAMESPACES = 30;
const LARGE_NAMESPACES = ["crowd-a", "crowd-b"];
/** Objects of a large one, as long as that is not more than a sixth of all. */
const LARGE = 1_500;
const DEFINITION_BYTES = 400_000;

/** All objects of one cluster: thirty namespaces, two larger ones, and a definition of a type of 400 kB. */
export function objectsOf(environment: Environment, drift: Drift, total: number): readonly JsonObject[] {
  const large = Math.min(LARGE, Math.floor(total / 6));
  const small = Math.ceil((total - LARGE_NAMESPACES.length * large) / SMALL_NAMESPACES);
  const namespaces = [
    ...Array.from({ length: SMALL_NAMESPACES }, (_, number) => ({ name: `team-${number}`, size: small })),
    ...LARGE_NAMESPACES.map((name) => ({ name, size: large })),
  ];
  const objects = namespaces.flatMap(({ name, size }) => [
    namespace(name),
    ...Array.from({ length: size - 1 }, (_, number) => objectOf(name, number, valuesOf(number, environment, drift))),
  ]);
  return [...objects, definition(valuesOf(0, environment, drift))];
}

/** What differs between clusters. */
interface Values extends Content {
  readonly own: Own;
}

/** What Git is to have otherwise. */
interface Content {
  readonly tag: string;
  readonly replicas: number;
  readonly host: string;
}

/** What a cluster sets by itself. */
interface Own {
  readonly name: string;
  /** Its objects' first: "2026-01-01". */
  readonly day: string;
  /** Of its addresses: "10.0". */
  readonly network: string;
  /** How often its workloads moved. */
  readonly moves: number;
}

const SHARED: Content = { tag: "1.4.2", replicas: 2, host: "svc.example.com" };

const OWN: Readonly<Record<Environment, Content>> = {
  dev: { tag: "1.5.0", replicas: 1, host: "dev.example.com" },
  test: { tag: "1.5.0", replicas: 1, host: "test.example.com" },
  preprod: { tag: "1.4.9", replicas: 2, host: "preprod.example.com" },
  prod: { tag: "1.4.2", replicas: 3, host: "prod.example.com" },
};

function valuesOf(number: number, environment: Environment, drift: Drift): Values {
  const place = ENVIRONMENTS.length - ENVIRONMENTS.indexOf(environment);
  const own = { name: environment, day: `2026-01-0${place}`, network: `10.${place - 1}`, moves: 6 + place };
  return { ...contentOf(number, environment, drift), own };
}

function contentOf(number: number, environment: Environment, drift: Drift): Content {
  const draw = spread(number);
  if (drift === "most") return draw % 10 < 6 ? OWN[environment] : SHARED;
  if (drift === "none" || draw % 10 !== 0) return SHARED;
  // One environment has one to three fields otherwise.
  if (ENVIRONMENTS[Math.floor(draw / 10) % ENVIRONMENTS.length] !== environment) return SHARED;
  const fields = 1 + (Math.floor(draw / 40) % 3);
  return {
    host: "elsewhere.example.com",
    replicas: fields > 1 ? 5 : SHARED.replicas,
    tag: fields > 2 ? "2.0.0" : SHARED.tag,
  };
}

/** A number that says nothing of its neighbours. */
function spread(number: number): number {
  return Math.imul(number + 1, 2_654_435_761) >>> 8;
}

function objectOf(inside: string, number: number, values: Values): JsonObject {
  const place = number % 20;
  if (place < 5) return deployment(inside, number, values);
  if (place < 8) return service(inside, number, values);
  if (place < 15) return configMap(inside, number, values);
  return place < 16 ? ingress(inside, number, values) : widget(inside, number, values);
}

function metadataOf(kind: string, number: number, own: Own, inside?: string): JsonObject {
  const name = `${kind}-${number}`;
  const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "bench", tier: "backend" };
  const fields = { "f:metadata": { "f:labels": { "f:tier": {} } }, "f:spec": { "f:selector": {}, "f:template": {} } };
  return {
    name,
    ...(inside === undefined ? {} : { namespace: inside }),
    uid: `uid-${number}-of-${own.name}`,
    resourceVersion: String(number),
    creationTimestamp: `${own.day}T00:00:00Z`,
    labels,
    managedFields: [
      { manager: "kubectl", operation: "Update", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: fields },
    ],
  };
}

function namespace(name: string): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, uid: "u", resourceVersion: "1", labels: { "kubernetes.io/metadata.name": name } },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  };
}

function deployment(inside: string, number: number, { tag, replicas, host, own }: Values): JsonObject {
  const app = { "app.kubernetes.io/name": `deployment-${number}` };
  const env = Array.from({ length: 10 }, (_, each) => ({ name: `SETTING_${each}`, value: `value-${number}-${each}` }));
  const probe = { httpGet: { path: "/healthz", port: 8080, scheme: "HTTP" }, periodSeconds: 10, timeoutSeconds: 1 };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf("deployment", number, own, inside),
    spec: {
      replicas,
      revisionHistoryLimit: 10,
      selector: { matchLabels: app },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      template: {
        metadata: { labels: app, annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "8080" } },
        spec: {
          serviceAccountName: "default",
          securityContext: { runAsNonRoot: true },
          volumes: [{ name: "config", configMap: { name: `configmap-${number}`, defaultMode: 420 } }],
          containers: [
            {
              name: "app",
              image: `registry.example.com/shop/app-${number % 50}:${tag}`,
              imagePullPolicy: "IfNotPresent",
              env: [...env, { name: "PUBLIC_HOST", value: `app-${number}.${host}` }],
              ports: [{ containerPort: 8080, name: "http", protocol: "TCP" }],
              livenessProbe: probe,
              readinessProbe: probe,
              resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
              volumeMounts: [{ name: "config", mountPath: "/etc/app", readOnly: true }],
            },
            {
              name: "proxy",
              image: "docker.io/envoyproxy/envoy:v1.30.1",
              args: ["--config-path", "/etc/envoy/envoy.yaml", "--log-level", "info"],
              resources: { requests: { cpu: "50m", memory: "64Mi" } },
            },
          ],
        },
      },
    },
    status: { replicas, readyReplicas: replicas, observedGeneration: own.moves },
  };
}

function service(inside: string, number: number, { host, own }: Values): JsonObject {
  const metadata = metadataOf("service", number, own, inside);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...metadata, annotations: { "external-dns.alpha.kubernetes.io/hostname": `app-${number}.${host}` } },
    spec: {
      clusterIP: `${own.network}.${number % 200}.${number % 250}`,
      type: "ClusterIP",
      ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: "http" }],
      selector: { "app.kubernetes.io/name": `deployment-${number}` },
      sessionAffinity: "None",
    },
    status: { loadBalancer: {} },
  };
}

/** From half a kilobyte to twelve. */
function configMap(inside: string, number: number, { host, replicas, own }: Values): JsonObject {
  const lines = Array.from({ length: 10 + (spread(number) % 250) }, (_, line) => `key.${line}=some value of ${number}`);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf("configmap", number, own, inside),
    data: {
      "application.properties": `${lines.join("\n")}\n`,
      host: `app-${number}.${host}`,
      workers: String(replicas),
    },
  };
}

function ingress(inside: string, number: number, { host, own }: Values): JsonObject {
  const backend = { service: { name: `service-${number}`, port: { name: "http" } } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: metadataOf("ingress", number, own, inside),
    spec: {
      ingressClassName: "nginx",
      rules: [{ host: `app-${number}.${host}`, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      tls: [{ hosts: [`app-${number}.${host}`], secretName: `tls-${number}` }],
    },
    status: { loadBalancer: { ingress: [{ ip: `${own.network}.2.1` }] } },
  };
}

function widget(inside: string, number: number, { host, replicas, own }: Values): JsonObject {
  const rules = Array.from({ length: 5 + (number % 20) }, (_, rule) => ({
    alert: `Rule${rule}`,
    expr: `sum(rate(http_requests_total{job="app-${number}"}[5m])) > ${rule}`,
    labels: { severity: "warning" },
  }));
  return {
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: metadataOf("widget", number, own, inside),
    spec: { size: replicas, endpoint: { host: `app-${number}.${host}`, port: 443 }, groups: [{ name: "main", rules }] },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  };
}

/** As large as those of operators are. */
function definition({ host, own }: Values): JsonObject {
  const described: Record<string, JsonObject> = {};
  for (let number = 0, bytes = 0; bytes < DEFINITION_BYTES; number++) {
    const description =
      `What setting ${number} does to the thing that is defined here, said in a sentence or two. `.repeat(3);
    described[`setting${number}`] = { type: "string", description };
    bytes += description.length + 60;
  }
  const spec = { type: "object", properties: described };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      ...metadataOf("gadgets.example.com", 0, own),
      name: "gadgets.example.com",
      annotations: { contact: host },
    },
    spec: {
      group: "example.com",
      names: { kind: "Gadget", listKind: "GadgetList", plural: "gadgets", singular: "gadget" },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
        },
      ],
    },
    status: { storedVersions: ["v1"] },
  };
}
