import type { Config } from "@kubeferry/shared-config";
import type { RbacRule, ReadRights } from "./read-rights.ts";

/**
 * The rights of a backup, and those to make a Job of stage 2 where it tells it that way: to read the one CronJob, and to
 * list and create Jobs beside it. With a kubeconfig of its own, somebody else makes the Job.
 * @param home where the backup runs: the CronJob's namespace unless it names another
 */
export function withJobRights(rights: ReadRights, { via, cronJob }: Config["announce"], home?: string): ReadRights {
  const where = cronJob?.namespace ?? home;
  if (via !== "job" || cronJob === undefined || cronJob.kubeconfig !== undefined || where === undefined) return rights;
  const rules: readonly RbacRule[] = [
    { apiGroups: ["batch"], resources: ["cronjobs"], resourceNames: [cronJob.name], verbs: ["get"] },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "list"] },
  ];
  const isThere = rights.namespaces.some(({ namespace }) => namespace === where);
  const namespaces = isThere ? rights.namespaces : [...rights.namespaces, { namespace: where, rules: [] }];
  return {
    ...rights,
    namespaces: namespaces.map((each) =>
      each.namespace === where ? { ...each, rules: [...each.rules, ...rules] } : each,
    ),
  };
}
