import type { Plan } from "@kubeferry/layout";

/** What one request proposes. */
export interface Part {
  /** As branches and trailers name it: "shop", "prod", "_argocd"; undefined for the request that proposes everything. */
  readonly name: string | undefined;
  readonly plan: Plan;
}

/** The part of everything that has no namespace. No namespace's name begins with "_". */
export const CLUSTER_PART = "_cluster";

/** The part of the project and the Applications of Applications. */
export const ARGOCD_PART = "_argocd";
