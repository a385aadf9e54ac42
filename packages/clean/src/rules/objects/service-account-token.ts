import { valueAt } from "../../path.ts";
import type { DropRule } from "../rule.ts";

/** Tokens are bound to the cluster and the ServiceAccount's uid: nothing in them is of use elsewhere. */
export const serviceAccountToken: DropRule = {
  id: "service-account-token",
  title: "Secrets of type kubernetes.io/service-account-token",
  reason: "the cluster makes the token, and it is valid for this cluster only",
  source: "Kubernetes documentation, Secrets, ServiceAccount token Secrets",
  appliesTo: (type) => type.group === "" && type.kind === "Secret",
  matches: (object) => valueAt(object, ["type"]) === "kubernetes.io/service-account-token",
};
