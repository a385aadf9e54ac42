import { valueAt } from "../../path.ts";
import { type DropRule, types } from "../rule.ts";

/** What the Operator Lifecycle Manager copies into every namespace that an operator watches; the original stays. */
export const copiedOperators: DropRule = {
  id: "copied-operators",
  title: "copied ClusterServiceVersions",
  of: "ClusterServiceVersion",
  reason: "the Operator Lifecycle Manager copies them from the namespace that the operator is installed in",
  source: "Operator Lifecycle Manager documentation, OLMConfig, disableCopiedCSVs; label olm.copiedFrom",
  keptWhen: "owned",
  appliesTo: types("operators.coreos.com", "ClusterServiceVersion"),
  matches: (object) => valueAt(object, ["metadata", "labels", "olm.copiedFrom"]) !== undefined,
};
