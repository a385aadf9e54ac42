import { valueAt } from "../../path.ts";
import { annotation, type DropRule, present, types } from "../rule.ts";

/** Pull secrets of ServiceAccounts for the cluster's own registry, by their notes; one made by hand has none of them. */
export const openshiftPullSecrets: DropRule = {
  id: "openshift-pull-secrets",
  title: "pull secrets that OpenShift made for a ServiceAccount",
  of: "Secret",
  reason: "OpenShift makes one for every ServiceAccount, for this cluster's registry only",
  source: "OpenShift documentation, Automatically generated image pull secrets",
  keptWhen: "owned",
  appliesTo: types("", "Secret"),
  matches: (object) =>
    valueAt(object, ["type"]) === "kubernetes.io/dockercfg" &&
    present(
      object,
      annotation("openshift.io/internal-registry-auth-token.service-account"),
      annotation("openshift.io/token-secret.name"),
    ).length > 0,
};
