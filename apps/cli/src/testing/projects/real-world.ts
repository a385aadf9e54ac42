import type { JsonObject } from "@kubeferry/model";
import { servers } from "@kubeferry/testbed";
import { CERT_MANAGER_OBJECTS } from "./cert-manager-objects.ts";
import { placedIn } from "./place-objects.ts";
import { readObjects } from "./read-project.ts";

/** Controllers that change what they are given, or make something of it. */
export const WORKING_CONTROLLERS = [
  "deployment-controller",
  "replicaset-controller",
  "statefulset-controller",
  "serviceaccount-controller",
  "serviceaccount-token-controller",
  "root-ca-certificate-publisher-controller",
  "endpointslice-controller",
  "clusterrole-aggregation-controller",
  "disruption-controller",
  "namespace-controller",
] as const;

/** What teams of real projects publish, each object with its namespace but for the examples. */
export interface RealWorld {
  readonly argoCd: readonly JsonObject[];
  readonly prometheusOperator: readonly JsonObject[];
  readonly certManager: readonly JsonObject[];
  /** Of cert-manager's types. */
  readonly certificates: readonly JsonObject[];
  /** Of prometheus-operator's types and around them; many share their names. */
  readonly examples: readonly JsonObject[];
}

/** Reads the manifests of pinned versions. */
export async function readRealWorld(): Promise<RealWorld> {
  const [argo, prometheus, certManager] = await Promise.all(
    (["argo-cd", "prometheus-operator", "cert-manager"] as const).map((name) => servers.goModule(name)),
  );
  const examples = await readObjects(`${prometheus}`, "example");
  return {
    argoCd: placedIn("argocd", await readObjects(`${argo}`, "manifests/install.yaml")),
    prometheusOperator: placedIn("monitoring", await readObjects(`${prometheus}`, "bundle.yaml")),
    certManager: await readObjects(`${certManager}`, "deploy/crds"),
    certificates: CERT_MANAGER_OBJECTS,
    examples: examples
      .filter(({ kind }) => kind !== "CustomResourceDefinition")
      .filter((object) => !isRefusedExample(object)),
  };
}

// Its schema asks for `spec.selector`, which the example lacks: no API server takes it.
function isRefusedExample(object: JsonObject): boolean {
  return object.kind === "ServiceMonitor" && (object.spec as JsonObject).selector === undefined;
}
