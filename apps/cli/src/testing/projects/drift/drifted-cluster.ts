import type { JsonObject } from "@kubeferry/model";
import { type FreshKubeApi, servers } from "@kubeferry/testbed";
import { bring } from "../kubectl.ts";
import { idOf, namespacesOf } from "../place-objects.ts";
import { argoCdIn } from "./argo-cd.ts";
import { certManagerIn } from "./cert-manager.ts";
import { monitoringIn } from "./monitoring.ts";
import { paymentsIn } from "./payments.ts";
import type { Stage } from "./stage.ts";

/** The namespaces that hold the applications. */
export const NAMESPACES = ["argocd", "cert-manager", "monitoring", "payments"] as const;

/** A running API server that holds what has become of the applications in one stage. */
export interface DriftedCluster {
  readonly stage: Stage;
  readonly kube: FreshKubeApi;
  /** What was brought there, by `idOf`. */
  readonly ids: ReadonlySet<string>;
}

/** Starts a cluster without controllers and fills it, by client-side apply but in the last stage; stop its server. */
export async function startDriftedCluster(stage: Stage): Promise<DriftedCluster> {
  const [argoCd, certManager, monitoring] = await Promise.all([
    argoCdIn(stage),
    certManagerIn(stage),
    monitoringIn(stage),
  ]);
  const installed = [...argoCd, ...certManager, ...monitoring];
  const objects = [...namespacesOf(installed), ...installed, ...paymentsIn(stage)];
  const kube = await servers.freshKubeApi();
  try {
    const way = stage === "prod" ? "apply --server-side" : "apply";
    const isFirst = ({ kind }: JsonObject) => kind === "Namespace" || kind === "CustomResourceDefinition";
    await bring(kube, objects.filter(isFirst), way);
    const others = objects.filter((object) => !isFirst(object));
    await bring(kube, others, way);
  } catch (error) {
    await kube.stop();
    throw error;
  }
  return { stage, kube, ids: new Set(objects.map(idOf)) };
}
