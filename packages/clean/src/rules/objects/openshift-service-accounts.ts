import { valueAt } from "../../path.ts";
import { PULL_SECRET_MANAGERS } from "../generated-references.ts";
import { type DropRule, types } from "../rule.ts";
import { hasGeneratedPullSecret, isUntouchedAccount } from "../untouched-account.ts";

const NAMES: readonly unknown[] = ["builder", "deployer", "pipeline"];

/**
 * The ServiceAccounts that OpenShift and its Pipelines put into every project. The name does not tell them from a
 * user's: the pull secret that the cluster made does, and nothing else may be on them.
 */
export const openshiftServiceAccounts: DropRule = {
  id: "openshift-service-accounts",
  title: "the ServiceAccounts builder, deployer and pipeline of an OpenShift project, unchanged",
  of: "ServiceAccount",
  reason: "OpenShift makes them in every project",
  source: "OpenShift documentation, Default project service accounts; OpenShift Pipelines documentation",
  keptWhen: "owned",
  appliedBy: PULL_SECRET_MANAGERS,
  appliesTo: types("", "ServiceAccount"),
  matches: (object, evidence) =>
    NAMES.includes(valueAt(object, ["metadata", "name"])) &&
    hasGeneratedPullSecret(object) &&
    isUntouchedAccount(object, evidence),
};
