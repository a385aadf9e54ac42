import { valueAt } from "../../path.ts";
import { PULL_SECRET_MANAGERS } from "../generated-references.ts";
import { type DropRule, types } from "../rule.ts";
import { isUntouchedAccount } from "../untouched-account.ts";

/** The ServiceAccount that every namespace gets. With pull secrets, labels or annotations it is somebody's and stays. */
export const defaultServiceAccount: DropRule = {
  id: "default-service-account",
  title: "the default ServiceAccount of a namespace, unchanged",
  of: "ServiceAccount",
  reason: "the cluster makes one in every namespace",
  source: "Kubernetes documentation, Managing Service Accounts, ServiceAccount controller",
  keptWhen: "owned",
  appliedBy: PULL_SECRET_MANAGERS,
  appliesTo: types("", "ServiceAccount"),
  matches: (object, evidence) =>
    valueAt(object, ["metadata", "name"]) === "default" && isUntouchedAccount(object, evidence),
};
