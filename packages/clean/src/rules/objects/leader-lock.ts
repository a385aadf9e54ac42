import { annotation, type DropRule, present, types } from "../rule.ts";

const CONTENT = ["data", "binaryData", "subsets"];

/** Objects that exist for leader election only, from before there were Leases. */
export const leaderLock: DropRule = {
  id: "leader-lock",
  title: "leader election locks without other content",
  of: "ConfigMap, Endpoints",
  reason: "running processes make them to choose a leader",
  source: "client-go tools/leaderelection/resourcelock, LeaderElectionRecordAnnotationKey",
  keptWhen: "owned",
  appliesTo: types("", "ConfigMap", "Endpoints"),
  matches: (object) =>
    present(object, annotation("control-plane.alpha.kubernetes.io/leader")).length > 0 &&
    present(object, ...CONTENT.map((key) => [key])).length === 0,
};
