import { type CleaningRule, present } from "../rule.ts";

/**
 * Owners are named by uid. Where that uid is not, the garbage collector deletes the object; who looks after an object is
 * read from the captured one before this rule is asked.
 */
export const ownerReferences: CleaningRule = {
  id: "owner-references",
  title: "metadata.ownerReferences",
  of: "every object",
  reason: "owners are named by their uid in this cluster; in another the garbage collector would delete the object",
  source: "Kubernetes documentation, Owners and Dependents; Garbage Collection",
  keptWhen: "owned",
  appliesTo: () => true,
  find: (object) => present(object, ["metadata", "ownerReferences"]),
};
