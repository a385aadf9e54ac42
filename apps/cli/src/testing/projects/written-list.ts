import type { JsonObject } from "@kubeferry/model";
import type { LeafDifference } from "./compare-objects.ts";

/** Something the API server adds and cleaning leaves in place. */
interface Kept {
  readonly kinds: RegExp;
  readonly pattern: RegExp;
  readonly reason: string;
}

const A_DEFAULT =
  "a default of the type's schema: once a sync has written it, leaving it out later is a change to the cluster, and another server may fill in another value";
const IN_A_LIST = "a default within a list's element: lists are compared whole, so an element that lacks it differs";

const WORKLOADS = /^(Deployment|StatefulSet)$/;

/** Everything that may be in a cleaned object although nobody applied it: the written list, each line with its reason. */
const KEPT: readonly Kept[] = [
  { kinds: /^CustomResourceDefinition$/, pattern: /^\/spec\/conversion\/strategy$/, reason: A_DEFAULT },
  {
    kinds: /^Deployment$/,
    pattern: /^\/spec\/(progressDeadlineSeconds|replicas|revisionHistoryLimit|strategy\/.+)$/,
    reason: A_DEFAULT,
  },
  {
    kinds: /^StatefulSet$/,
    pattern:
      /^\/spec\/(persistentVolumeClaimRetentionPolicy\/.+|podManagementPolicy|revisionHistoryLimit|updateStrategy\/.+|replicas)$/,
    reason: A_DEFAULT,
  },
  {
    kinds: WORKLOADS,
    pattern:
      /^\/spec\/template\/spec\/(dnsPolicy|restartPolicy|schedulerName|securityContext|serviceAccount|terminationGracePeriodSeconds)$/,
    reason: A_DEFAULT,
  },
  {
    kinds: WORKLOADS,
    pattern:
      /^\/spec\/template\/spec\/(containers|initContainers)\/\*\/(imagePullPolicy|resources|terminationMessagePath|terminationMessagePolicy|ports\/\*\/protocol|env\/\*\/valueFrom\/fieldRef\/apiVersion|(livenessProbe|readinessProbe|startupProbe)\/(failureThreshold|httpGet\/scheme|periodSeconds|successThreshold|timeoutSeconds))$/,
    reason: IN_A_LIST,
  },
  {
    kinds: WORKLOADS,
    pattern: /^\/spec\/template\/spec\/volumes\/\*\/(configMap|secret|projected)\/defaultMode$/,
    reason: IN_A_LIST,
  },
  { kinds: /^NetworkPolicy$/, pattern: /^\/spec\/(ingress|egress)\/\*\/ports\/\*\/protocol$/, reason: IN_A_LIST },
  { kinds: /^Service$/, pattern: /^\/spec\/ports\/\*\/(protocol|targetPort)$/, reason: IN_A_LIST },
  {
    kinds: /^Service$/,
    pattern: /^\/spec\/(internalTrafficPolicy|sessionAffinity|type|ipFamilies\/\*|ipFamilyPolicy)$/,
    reason: A_DEFAULT,
  },
  { kinds: /^Service$/, pattern: /^\/spec\/externalTrafficPolicy$/, reason: A_DEFAULT },
  { kinds: /^NetworkPolicy$/, pattern: /^\/spec\/policyTypes\/\*$/, reason: A_DEFAULT },
  { kinds: /^Secret$/, pattern: /^\/type$/, reason: A_DEFAULT },
  { kinds: /^Secret$/, pattern: /^\/data\/query\.yaml$/, reason: "what the applied `stringData` became" },
  {
    kinds: /^(Alertmanager|Prometheus|PrometheusAgent|ThanosRuler)$/,
    pattern: /^\/spec\/(evaluationInterval|portName|retention|scrapeInterval|thanos\/blockSize)$/,
    reason: A_DEFAULT,
  },
  {
    kinds: /^StorageClass$/,
    pattern: /^\/(reclaimPolicy|volumeBindingMode)$/,
    reason: A_DEFAULT,
  },
  {
    kinds: /^Namespace$/,
    pattern: /^\/(metadata\/labels\/kubernetes\.io~1metadata\.name|spec\/finalizers\/\*)$/,
    reason: "made again for every namespace of this name, with the same value",
  },
];

/** Why a value that nobody applied may stay, or undefined when nothing says so. */
export function reasonToStay(object: JsonObject, { pattern }: LeafDifference): string | undefined {
  const kind = String(object.kind);
  return KEPT.find((one) => one.kinds.test(kind) && one.pattern.test(pattern))?.reason;
}

/** Why a value that was applied need not be there, or undefined when nothing says so: the API server itself does not keep it. */
export function reasonToGo(object: JsonObject, { pattern, value }: LeafDifference): string | undefined {
  if (pattern === "/metadata/creationTimestamp" && value === null) return "the API server writes its own";
  if (object.kind === "Secret" && pattern.startsWith("/stringData/")) return "the API server turns it into `data`";
  const empty = value === "" || value === null || value === "[]" || value === "{}";
  if (empty && isBuiltIn(object)) return "built-in types do not store an empty optional field";
  return undefined;
}

function isBuiltIn({ apiVersion }: JsonObject): boolean {
  return /^(v1|apps\/v1|[a-z]+\.k8s\.io\/v1|rbac\.authorization\.k8s\.io\/v1)$/.test(String(apiVersion));
}
