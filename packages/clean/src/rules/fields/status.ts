import { type CleaningRule, present } from "../rule.ts";

/** What controllers observed. */
export const status: CleaningRule = {
  id: "status",
  title: "status",
  of: "every object",
  reason: "controllers write what they observe there; it is not what anyone asked for",
  source: "Kubernetes API conventions, Spec and Status",
  keptWhen: "nothing",
  appliesTo: () => true,
  find: (object) => present(object, ["status"]),
};
