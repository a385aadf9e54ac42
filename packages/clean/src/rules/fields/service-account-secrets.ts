import { valueAt } from "../../path.ts";
import { makerOf, PULL_SECRET_MANAGERS } from "../generated-references.ts";
import { annotation, type CleaningRule, elements, present, types } from "../rule.ts";

/** Tokens and pull secrets that the cluster made for a ServiceAccount; those that somebody added stay. */
export const serviceAccountSecrets: CleaningRule = {
  id: "service-account-secrets",
  title: "references to tokens and pull secrets that the cluster made",
  of: "ServiceAccount",
  reason: "the cluster makes these Secrets and adds them; references to those of another cluster make it add more",
  source:
    "Kubernetes documentation, Managing Service Accounts, token controller; OpenShift documentation, image registry",
  keptWhen: "owned",
  appliedBy: PULL_SECRET_MANAGERS,
  appliesTo: types("", "ServiceAccount"),
  find(object, { evidence }) {
    const account = valueAt(object, ["metadata", "name"]);
    const references = ["secrets", "imagePullSecrets"].flatMap((list) =>
      elements(object, [list], (one, index) => makerOf(one, account, [list, index], evidence) === "controller"),
    );
    return [...references, ...present(object, annotation("openshift.io/internal-registry-pull-secret-ref"))];
  },
};
