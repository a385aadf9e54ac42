import type { JsonObject } from "@kubeferry/model";
import { servers } from "@kubeferry/testbed";
import { placedIn } from "../place-objects.ts";
import { readObjects } from "../read-project.ts";
import { type Drift, drifted, withImages } from "./drift.ts";
import type { Stage } from "./stage.ts";

/** Those whose objects are here; the others are 68,000 lines that are the same everywhere. */
const DEFINED = /^(prometheusrules|podmonitors|servicemonitors)\.monitoring\.coreos\.com$/;

/** Of Thanos's example, what needs no further types. */
const THANOS = ["cluster-role", "cluster-role-binding", "rule", "service", "servicemonitor"].map(
  (name) => `example/thanos/prometheus-${name}.yaml`,
);

/** prometheus-operator with what its examples watch, and Thanos before it. */
export async function monitoringIn(stage: Stage): Promise<JsonObject[]> {
  const folder = await servers.goModule("prometheus-operator");
  const bundle = await readObjects(folder, "bundle.yaml");
  const operator = bundle.filter(({ kind, metadata }) => {
    return kind !== "CustomResourceDefinition" || DEFINED.test(String((metadata as JsonObject).name));
  });
  const examples = await readObjects(
    folder,
    ...THANOS,
    "example/thanos/query-deployment.yaml",
    "example/thanos/query-service.yaml",
    "example/thanos/sidecar-service.yaml",
    "example/user-guides/getting-started/example-app-deployment.yaml",
    "example/user-guides/getting-started/example-app-pod-monitor.yaml",
    "example/user-guides/getting-started/example-app-service-monitor.yaml",
    "example/user-guides/getting-started/example-app-service.yaml",
    "example/user-guides/alerting/prometheus-example-rules.yaml",
    "example/networkpolicies/prometheus.yaml",
  );
  const objects = placedIn("monitoring", [...operator, ...examples]);
  return withImages(drifted(objects, DRIFTS, stage), imagesOf(stage));
}

const OPERATOR = "apps/Deployment monitoring/prometheus-operator";
const QUERY = "apps/Deployment monitoring/thanos-query";
const APP = "apps/Deployment monitoring/example-app";
const RULES = "monitoring.coreos.com/PrometheusRule monitoring/prometheus-example-alerts";
const WATCHED = ["example-app", "prometheus-self"].map(
  (name) => `monitoring.coreos.com/ServiceMonitor monitoring/${name}`,
);
const CONTAINER = "/spec/template/spec/containers/0";

const DRIFTS: readonly Drift[] = [
  { in: ["dev"], of: WATCHED, edits: { "/spec/endpoints/0/interval": "5s" } },
  { in: ["dev"], of: [APP], edits: { "/spec/replicas": 1 } },
  {
    in: ["test"],
    of: [RULES],
    edits: { "/spec/groups/0/rules/0/for": "1m", "/spec/groups/0/rules/0/labels": { severity: "warning" } },
  },
  { in: ["test"], of: [OPERATOR], edits: { [`${CONTAINER}/env/0/value`]: "50" } },
  { in: ["preprod", "prod"], of: [QUERY], edits: { "/spec/replicas": 2, [`${CONTAINER}/args/1`]: "--log.level=info" } },
  {
    in: ["prod"],
    of: [RULES],
    edits: {
      "/spec/groups/0/rules/0/expr": "vector(2)",
      "/spec/groups/-": {
        name: "./nights.rules",
        rules: [{ alert: "NobodyWatches", expr: 'up{job="night"} == 0', for: "15m", labels: { severity: "page" } }],
      },
    },
  },
  {
    in: ["prod"],
    of: [QUERY],
    edits: {
      [`${CONTAINER}/args/4`]: "--endpoint=dnssrv+_grpc._tcp.thanos-sidecar.default.svc.prod.internal",
      [`${CONTAINER}/args/5`]: "--endpoint=dnssrv+_grpc._tcp.thanos-ruler.default.svc.prod.internal",
    },
  },
  {
    in: ["prod"],
    of: [OPERATOR],
    edits: { [`${CONTAINER}/args/-`]: "--log-format=json", [`${CONTAINER}/resources/limits/memory`]: "1Gi" },
  },
  {
    in: ["prod"],
    of: ["rbac.authorization.k8s.io/ClusterRole /prometheus-self"],
    edits: { "/rules/0/resources/-": "endpoints/restricted" },
  },
  {
    in: ["prod"],
    of: [APP, "/Service monitoring/example-app", "monitoring.coreos.com/PodMonitor monitoring/example-app"],
    edits: "gone",
  },
];

function imagesOf(stage: Stage): (image: string) => string {
  if (stage === "dev") return (image) => image.replace(/(thanos):.*/, "$1:v0.39.0");
  if (stage !== "prod") return (image) => image;
  return (image) => image.replace(/^quay\.io\//, "mirror.example.com/quay.io/");
}
