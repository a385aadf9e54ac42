import { annotation, type CleaningRule, present } from "../rule.ts";

/** Who leads, as leader election wrote it on ConfigMaps and Endpoints before there were Leases. */
export const leaderAnnotation: CleaningRule = {
  id: "leader-annotation",
  title: "the leader election annotation",
  of: "every object",
  reason: "running processes renew it every few seconds",
  source: "client-go tools/leaderelection/resourcelock, LeaderElectionRecordAnnotationKey",
  keptWhen: "owned",
  appliesTo: () => true,
  find: (object) => present(object, annotation("control-plane.alpha.kubernetes.io/leader")),
};
