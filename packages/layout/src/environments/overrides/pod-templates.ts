import type { GitRef } from "../../git-ref.ts";

const TEMPLATE = ["spec", "template", "spec"];

/** Where the types that make Pods hold what a Pod is to be, by "group/Kind". */
const POD_SPECS: ReadonlyMap<string, readonly string[]> = new Map([
  ["apps/Deployment", TEMPLATE],
  ["apps/StatefulSet", TEMPLATE],
  ["apps/DaemonSet", TEMPLATE],
  ["apps/ReplicaSet", TEMPLATE],
  ["batch/Job", TEMPLATE],
  ["batch/CronJob", ["spec", "jobTemplate", ...TEMPLATE]],
  ["apps.openshift.io/DeploymentConfig", TEMPLATE],
  ["/ReplicationController", TEMPLATE],
  ["/PodTemplate", ["template", "spec"]],
]);

/** The path of an object's Pod spec; undefined for an object that makes no Pods. */
export function podSpecPath({ group, kind }: Pick<GitRef, "group" | "kind">): readonly string[] | undefined {
  return POD_SPECS.get(`${group}/${kind}`);
}
