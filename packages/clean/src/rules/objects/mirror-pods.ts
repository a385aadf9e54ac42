import { annotation, type DropRule, present, types } from "../rule.ts";

/** How the API server shows Pods that a kubelet runs from files of its node. */
export const mirrorPods: DropRule = {
  id: "mirror-pods",
  title: "mirrors of static Pods",
  of: "Pod",
  reason: "a kubelet shows there what it runs from a file on its node",
  source: "Kubernetes documentation, Create static Pods; kubernetes.io/config.mirror",
  keptWhen: "nothing",
  appliesTo: types("", "Pod"),
  matches: (object) => present(object, annotation("kubernetes.io/config.mirror")).length > 0,
};
