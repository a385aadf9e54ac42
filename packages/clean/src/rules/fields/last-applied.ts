import { LAST_APPLIED } from "../../evidence.ts";
import { type CleaningRule, present } from "../rule.ts";

/** The copy of its input that client-side `kubectl apply` leaves on the object. */
export const lastApplied: CleaningRule = {
  id: "last-applied",
  title: "the last-applied-configuration annotation",
  of: "every object",
  reason:
    "whoever applies the object writes it anew; a kept copy is stale after the first sync and repeats what Secrets hold",
  source: "Kubernetes documentation, Declarative Management of Kubernetes Objects Using Configuration Files",
  keptWhen: "nothing",
  appliesTo: () => true,
  find: (object) => present(object, ["metadata", "annotations", LAST_APPLIED]),
};
