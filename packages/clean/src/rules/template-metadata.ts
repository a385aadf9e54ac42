import type { ObjectType } from "../object-type.ts";
import type { Path } from "../path.ts";

const WORKLOADS: Readonly<Record<string, readonly string[]>> = {
  "": ["ReplicationController"],
  apps: ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  "apps.openshift.io": ["DeploymentConfig"],
  batch: ["CronJob", "Job"],
};

/** The metadata of what a workload makes: of its Pods, and of the Jobs of a CronJob. */
export const TEMPLATE_METADATA: readonly Path[] = [
  ["spec", "template", "metadata"],
  ["spec", "jobTemplate", "metadata"],
  ["spec", "jobTemplate", "spec", "template", "metadata"],
];

/** Types that have templates. */
export function hasTemplate(type: ObjectType): boolean {
  return WORKLOADS[type.group]?.includes(type.kind) ?? false;
}
