import type { JsonObject } from "@kubeferry/model";
import { always, type Defaults, inEach, inMap } from "./defaults.ts";

const HTTP_GET = inMap({ path: always("/"), scheme: always("HTTP") });

const PROBE = inMap({
  httpGet: HTTP_GET,
  grpc: inMap({ service: always("") }),
  timeoutSeconds: always(1),
  periodSeconds: always(10),
  successThreshold: always(1),
  failureThreshold: always(3),
});

const HANDLER = inMap({ httpGet: HTTP_GET });

const FIELD_REF = inMap({ apiVersion: always("v1") });
const RESOURCE_FIELD_REF = inMap({ divisor: always("0") });

const CONTAINERS = inEach({
  imagePullPolicy: { value: pullPolicy },
  terminationMessagePath: always("/dev/termination-log"),
  terminationMessagePolicy: always("File"),
  resources: always({}),
  securityContext: inMap({ procMount: always("Default") }),
  ports: inEach({ protocol: always("TCP") }),
  env: inEach({
    value: { value: (variable) => (variable.valueFrom === undefined ? "" : undefined) },
    valueFrom: inMap({ fieldRef: FIELD_REF, resourceFieldRef: RESOURCE_FIELD_REF }),
  }),
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  startupProbe: PROBE,
  lifecycle: inMap({ postStart: HANDLER, preStop: HANDLER }),
});

const DOWNWARD_ITEMS = inEach({ fieldRef: FIELD_REF, resourceFieldRef: RESOURCE_FIELD_REF });

const MODE = always(0o644);

const VOLUMES = inEach({
  configMap: inMap({ defaultMode: MODE }),
  secret: inMap({ defaultMode: MODE }),
  downwardAPI: inMap({ defaultMode: MODE, items: DOWNWARD_ITEMS }),
  projected: inMap({
    defaultMode: MODE,
    sources: inEach({
      serviceAccountToken: inMap({ expirationSeconds: always(3600) }),
      downwardAPI: inMap({ items: DOWNWARD_ITEMS }),
    }),
  }),
  hostPath: inMap({ type: always("") }),
  ephemeral: inMap({ volumeClaimTemplate: inMap({ spec: inMap({ volumeMode: always("Filesystem") }) }) }),
});

/**
 * What the API server adds to the specification of a Pod within a template.
 * @see kubernetes pkg/apis/core/v1/defaults.go
 */
export const POD_SPEC: Defaults = inMap({
  restartPolicy: always("Always"),
  dnsPolicy: always("ClusterFirst"),
  schedulerName: always("default-scheduler"),
  terminationGracePeriodSeconds: always(30),
  securityContext: always({}),
  // The field's older name, kept beside the newer one.
  serviceAccount: { value: ({ serviceAccountName }) => serviceAccountName },
  serviceAccountName: { value: ({ serviceAccount }) => serviceAccount },
  containers: CONTAINERS,
  initContainers: CONTAINERS,
  ephemeralContainers: CONTAINERS,
  volumes: VOLUMES,
});

/** What it adds besides to a Pod itself, with the admission that is on unless somebody turns it off. */
export const SINGLE_POD_SPEC: Defaults = inMap({
  ...POD_SPEC.fields,
  enableServiceLinks: always(true),
  preemptionPolicy: always("PreemptLowerPriority"),
  tolerations: always(["not-ready", "unreachable"].map(toleratedFor5Minutes)),
});

function toleratedFor5Minutes(taint: string): JsonObject {
  return { key: `node.kubernetes.io/${taint}`, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 };
}

/** An image with the tag "latest", or with neither tag nor digest, is pulled every time. */
function pullPolicy({ image }: JsonObject): string | undefined {
  if (typeof image !== "string") return undefined;
  const [name = "", digest] = image.split("@");
  const tag = /:([^:/]+)$/.exec(name)?.[1] ?? (digest === undefined ? "latest" : "");
  return tag === "latest" ? "Always" : "IfNotPresent";
}
