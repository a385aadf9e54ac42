import { valueAt } from "../../path.ts";
import { type DropRule, types } from "../rule.ts";

/** Tokens are bound to the cluster and the ServiceAccount's uid: nothing in them is of use elsewhere. */
export const serviceAccountToken: DropRule = {
  id: "service-account-token",
  title: "Secrets of type kubernetes.io/service-account-token",
  of: "Secret",
  reason: "the cluster makes the token, and it is valid for this cluster only",
  source: "Kubernetes documentation, Secrets, ServiceAccount token Secrets",
  keptWhen: "owned",
  appliesTo: types("", "Secret"),
  matches: (object) => valueAt(object, ["type"]) === "kubernetes.io/service-account-token",
};
