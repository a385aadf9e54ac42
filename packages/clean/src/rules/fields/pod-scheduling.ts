import { type CleaningRule, present, types } from "../rule.ts";

/** Where a bare Pod runs and the number that its priority class stands for; the class stays. */
export const podScheduling: CleaningRule = {
  id: "pod-scheduling",
  title: "nodeName and the computed priority of a Pod",
  of: "Pod",
  reason: "the scheduler chose the node, and the priority is computed of the class; a Pod with another's is refused",
  source: "Kubernetes documentation, Assigning Pods to Nodes; Pod Priority and Preemption",
  keptWhen: "written",
  appliesTo: types("", "Pod"),
  find: (object) => present(object, ["spec", "nodeName"], ["spec", "priority"]),
};
