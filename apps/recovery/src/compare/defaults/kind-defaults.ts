import type { JsonObject } from "@kubeferry/model";
import { always, below, type Defaults, inEach, inMap } from "./defaults.ts";
import { POD_SPEC, SINGLE_POD_SPEC } from "./pod-defaults.ts";

const TEMPLATE = inMap({ spec: POD_SPEC });

const JOB_SPEC: Readonly<Record<string, Defaults>> = {
  backoffLimit: always(6),
  completionMode: always("NonIndexed"),
  manualSelector: always(false),
  parallelism: always(1),
  completions: { value: ({ parallelism }) => (parallelism === undefined ? 1 : undefined) },
  podReplacementPolicy: always("TerminatingOrFailed"),
  suspend: always(false),
  template: TEMPLATE,
};

const CLAIM_SPEC = inMap({ volumeMode: always("Filesystem") });

const WEBHOOK: Readonly<Record<string, Defaults>> = {
  failurePolicy: always("Fail"),
  matchPolicy: always("Equivalent"),
  namespaceSelector: always({}),
  objectSelector: always({}),
  timeoutSeconds: always(10),
  rules: inEach({ scope: always("*") }),
  clientConfig: inMap({ service: inMap({ port: always(443) }) }),
};

const RULE_PORTS = inEach({ protocol: always("TCP") });

const BINDING = inMap({
  roleRef: inMap({ apiGroup: always("rbac.authorization.k8s.io") }),
  subjects: inEach({ apiGroup: { value: subjectGroup } }),
});

/**
 * What API servers add to objects of their own types, by kind: the groups have no two of one kind that differ here.
 * Without it a manifest that somebody wrote by hand differs from its object in twenty fields that nobody wrote.
 * @see kubernetes pkg/apis/<group>/v1/defaults.go
 */
const KINDS: ReadonlyMap<string, Defaults> = new Map([
  ["Pod", below(["spec"], SINGLE_POD_SPEC)],
  ["PodTemplate", below(["template"], TEMPLATE)],
  ["ReplicationController", below(["spec"], inMap({ replicas: always(1), template: TEMPLATE }))],
  ["ReplicaSet", below(["spec"], inMap({ replicas: always(1), template: TEMPLATE }))],
  [
    "Deployment",
    below(
      ["spec"],
      inMap({
        replicas: always(1),
        revisionHistoryLimit: always(10),
        progressDeadlineSeconds: always(600),
        strategy: always({}, rolling({ maxSurge: always("25%"), maxUnavailable: always("25%") })),
        template: TEMPLATE,
      }),
    ),
  ],
  [
    "DaemonSet",
    below(
      ["spec"],
      inMap({
        revisionHistoryLimit: always(10),
        updateStrategy: always({}, rolling({ maxSurge: always(0), maxUnavailable: always(1) })),
        template: TEMPLATE,
      }),
    ),
  ],
  [
    "StatefulSet",
    below(
      ["spec"],
      inMap({
        replicas: always(1),
        revisionHistoryLimit: always(10),
        podManagementPolicy: always("OrderedReady"),
        updateStrategy: always({}, rolling({ partition: always(0) })),
        persistentVolumeClaimRetentionPolicy: always(
          {},
          { whenDeleted: always("Retain"), whenScaled: always("Retain") },
        ),
        volumeClaimTemplates: inEach({
          apiVersion: always("v1"),
          kind: always("PersistentVolumeClaim"),
          spec: CLAIM_SPEC,
          status: always({}, { phase: always("Pending") }),
        }),
        template: TEMPLATE,
      }),
    ),
  ],
  ["Job", below(["spec"], inMap(JOB_SPEC))],
  [
    "CronJob",
    below(
      ["spec"],
      inMap({
        concurrencyPolicy: always("Allow"),
        suspend: always(false),
        successfulJobsHistoryLimit: always(3),
        failedJobsHistoryLimit: always(1),
        // The Jobs it makes get theirs when they are made.
        jobTemplate: inMap({ spec: inMap({ template: TEMPLATE }) }),
      }),
    ),
  ],
  [
    "Service",
    below(
      ["spec"],
      inMap({
        type: always("ClusterIP"),
        sessionAffinity: always("None"),
        internalTrafficPolicy: always("Cluster"),
        externalTrafficPolicy: {
          value: ({ type }) => (type === "NodePort" || type === "LoadBalancer" ? "Cluster" : undefined),
        },
        allocateLoadBalancerNodePorts: { value: ({ type }) => (type === "LoadBalancer" ? true : undefined) },
        ports: inEach({ protocol: always("TCP"), targetPort: { value: ({ port }) => port } }),
      }),
    ),
  ],
  ["Endpoints", below(["subsets"], inEach({ ports: RULE_PORTS }))],
  ["EndpointSlice", below(["ports"], inEach({ name: always(""), protocol: always("TCP") }))],
  [
    "NetworkPolicy",
    below(
      ["spec"],
      inMap({
        policyTypes: { value: policyTypes },
        ingress: inEach({ ports: RULE_PORTS }),
        egress: inEach({ ports: RULE_PORTS }),
      }),
    ),
  ],
  ["PersistentVolumeClaim", below(["spec"], CLAIM_SPEC)],
  [
    "PersistentVolume",
    below(
      ["spec"],
      inMap({
        persistentVolumeReclaimPolicy: always("Retain"),
        volumeMode: always("Filesystem"),
        hostPath: inMap({ type: always("") }),
      }),
    ),
  ],
  ["Secret", inMap({ type: always("Opaque") })],
  ["HorizontalPodAutoscaler", below(["spec"], inMap({ minReplicas: always(1) }))],
  ["StorageClass", inMap({ reclaimPolicy: always("Delete"), volumeBindingMode: always("Immediate") })],
  ["PriorityClass", inMap({ preemptionPolicy: always("PreemptLowerPriority") })],
  ["ValidatingWebhookConfiguration", inMap({ webhooks: inEach(WEBHOOK) })],
  ["MutatingWebhookConfiguration", inMap({ webhooks: inEach({ ...WEBHOOK, reinvocationPolicy: always("Never") }) })],
  ["RoleBinding", BINDING],
  ["ClusterRoleBinding", BINDING],
]);

/** Those of a kind of Kubernetes itself. */
export function defaultsOf(kind: string): Defaults | undefined {
  return KINDS.get(kind);
}

/** Only while the type is the one that has them. */
function rolling(settings: Readonly<Record<string, Defaults>>): Readonly<Record<string, Defaults>> {
  const isRolling = ({ type = "RollingUpdate" }: JsonObject) => type === "RollingUpdate";
  return {
    type: always("RollingUpdate"),
    rollingUpdate: { value: (around) => (isRolling(around) ? {} : undefined), fields: settings },
  };
}

/** Without one rule for what goes out, a policy says nothing of it: an empty list is no rule. */
function policyTypes({ egress }: JsonObject): string[] {
  return Array.isArray(egress) && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function subjectGroup({ kind }: JsonObject): string | undefined {
  if (kind === "ServiceAccount") return "";
  return kind === "User" || kind === "Group" ? "rbac.authorization.k8s.io" : undefined;
}
