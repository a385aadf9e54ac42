import { configJsonSchema } from "@kubeferry/shared-config";
import { asChartConfig, type Node } from "./config-values.ts";

const TEXT: Node = { type: "string" };
/** Stands in an object without quotes: no space, and nothing that means something to YAML. */
const WORD: Node = { type: "string", pattern: "^$|^[A-Za-z0-9][A-Za-z0-9._/:@+-]*$" };
const SOME_WORD: Node = { ...WORD, minLength: 1 };
const FLAG: Node = { type: "boolean" };
const OBJECT: Node = { type: "object" };
const LIST: Node = { type: "array" };
const TEXTS: Node = { type: "array", items: TEXT };
const PORTS: Node = { type: "array", items: { type: "integer", minimum: 1, maximum: 65_535 } };
/** Labels and annotations. */
const WORDS: Node = { type: "object", additionalProperties: TEXT };
const SCHEDULE: Node = { type: "string", pattern: "^$|^(@[a-z]+|\\S+ \\S+ \\S+ \\S+ \\S+)$" };
const QUANTITY: Node = { type: ["string", "integer"], pattern: "^[0-9.]+[A-Za-z]{0,2}$" };
const NAME: Node = { type: "string", pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$" };
const SECRET_NAME: Node = { type: "string", pattern: "^$|^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$" };
const CONFIG: Node = { $ref: "#/definitions/config" };
/** A number that is promised; the names are those of files/rules/objectives.yaml. */
const OBJECTIVE = closed(
  {
    objective: {
      enum: [
        "backup_age:seconds",
        "backup_success:ratio",
        "drill_age:seconds",
        "restore_time:seconds",
        "drift_check_age:seconds",
        "gitops_lag:seconds",
      ],
    },
    is: { type: "number", exclusiveMinimum: 0 },
    cluster: TEXT,
    series: TEXT,
    repository: TEXT,
  },
  ["objective", "is"],
);
const RESOURCES = closed({
  requests: { type: "object", additionalProperties: QUANTITY },
  limits: { type: "object", additionalProperties: QUANTITY },
});

/** Names by which variables hold something secret: those get their value from elsewhere. */
const SECRET_VARIABLE = "(KEY|SECRET|TOKEN|PASSWORD|PASSPHRASE|IDENTIT|HEADERS|WEBHOOK_URL)";

const COMPONENT: Node = { enum: ["backup", "gitops", "drift", "prune", "drill"] };

const SECRETS: Node = {
  type: "object",
  propertyNames: NAME,
  additionalProperties: closed(
    {
      existingSecret: SOME_WORD,
      as: { enum: ["files", "environment"] },
      for: { type: "array", items: COMPONENT, minItems: 1 },
    },
    ["existingSecret"],
  ),
};

const PROCESS = {
  config: CONFIG,
  args: TEXTS,
  serviceAccount: closed({ annotations: WORDS }),
  resources: RESOURCES,
};

const JOB = { enabled: FLAG, schedule: SCHEDULE, ...PROCESS };

const CLUSTER = closed(
  {
    name: NAME,
    domain: TEXT,
    environment: TEXT,
    schedule: SCHEDULE,
    kubeconfig: closed({ existingSecret: SOME_WORD, key: WORD }, ["existingSecret"]),
    secrets: SECRETS,
    config: CONFIG,
  },
  ["name"],
);

const WEBHOOK = closed({
  keys: closed({ existingSecret: SECRET_NAME, entries: { type: "array", items: SOME_WORD, minItems: 1 } }),
  tls: closed({ existingSecret: SECRET_NAME, ca: FLAG }),
  mtls: closed({ existingSecret: SECRET_NAME }),
  service: closed({ type: { enum: ["ClusterIP", "NodePort", "LoadBalancer"] }, annotations: WORDS }),
  ingress: closed({ enabled: FLAG, className: WORD, host: WORD, tlsSecret: SECRET_NAME, annotations: WORDS }),
  route: closed({
    enabled: FLAG,
    host: WORD,
    termination: { enum: ["edge", "passthrough", "reencrypt"] },
    annotations: WORDS,
  }),
});

const POD = closed({
  annotations: WORDS,
  labels: WORDS,
  env: {
    type: "array",
    items: {
      type: "object",
      required: ["name"],
      if: { properties: { name: { pattern: SECRET_VARIABLE } } },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      then: { required: ["valueFrom"], properties: { value: false } },
    },
  },
  tmpSize: QUANTITY,
  volumes: LIST,
  volumeMounts: LIST,
  nodeSelector: WORDS,
  tolerations: LIST,
  affinity: OBJECT,
  priorityClassName: WORD,
});

const COUNT: Node = { type: "integer", minimum: 0 };

/** The schema of the chart's values: our own keys here, `config` from the schema of the configuration. */
export function valuesSchema(): Node {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "values of the chart kubeferry",
    ...closed({
      mode: { enum: ["chained", "separate", "webhook"] },
      image: closed({
        repository: WORD,
        tag: WORD,
        digest: { type: "string", pattern: "^$|^sha256:[0-9a-f]{64}$" },
        pullPolicy: { enum: ["Always", "IfNotPresent", "Never"] },
        pullSecrets: { type: "array", items: SOME_WORD },
      }),
      environment: TEXT,
      openshift: FLAG,
      config: CONFIG,
      secrets: SECRETS,
      clusters: { type: "array", items: CLUSTER },
      schedules: { type: "object", additionalProperties: SCHEDULE },
      backup: closed(JOB),
      gitops: closed(JOB),
      webhook: WEBHOOK,
      drift: closed(JOB),
      prune: closed(JOB),
      drill: closed({ ...JOB, kubeconfig: closed({ existingSecret: SECRET_NAME, key: WORD }) }),
      restore: closed({ rbac: closed({ create: FLAG }) }),
      rbac: closed({ create: FLAG, apiGroups: TEXTS, clusterScopedTypes: TEXTS }),
      job: closed({
        timeZone: WORD,
        startingDeadlineSeconds: { type: "integer", minimum: 10 },
        activeDeadlineSeconds: { type: ["integer", "null"], minimum: 1 },
        backoffLimit: COUNT,
        successfulJobsHistoryLimit: COUNT,
        failedJobsHistoryLimit: COUNT,
        suspend: FLAG,
      }),
      pod: POD,
      networkPolicy: closed({
        enabled: FLAG,
        from: closed({ metrics: LIST, webhook: LIST }),
        to: closed({ dns: LIST, apiServer: LIST, store: LIST, git: LIST, others: LIST }),
        apiServerPorts: PORTS,
        extraPorts: PORTS,
      }),
      monitoring: closed({
        podMonitor: closed({ enabled: FLAG, interval: WORD, labels: WORDS }),
        rules: closed({
          enabled: FLAG,
          labels: WORDS,
          objectives: { type: "array", items: OBJECTIVE },
          expectedClusters: TEXTS,
        }),
        runbookBase: { type: "string", pattern: "^https?://" },
        dashboards: closed({ enabled: FLAG, labels: WORDS }),
      }),
      nameOverride: WORD,
      fullnameOverride: WORD,
      names: closed({ cronJob: WORD, container: WORD, configMap: WORD, serviceAccount: WORD }),
      // What Helm gives a chart that stands inside of another one.
      global: OBJECT,
    }),
    definitions: { config: asChartConfig(configJsonSchema()) },
  };
}

function closed(properties: Readonly<Record<string, Node>>, required: readonly string[] = []): Node {
  return {
    type: "object",
    properties,
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
  };
}
