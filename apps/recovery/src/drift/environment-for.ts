import type { Ownership } from "@kubeferry/layout";
import { clusterPath } from "@kubeferry/model";
import { type ClusterRef, chainOf, type GitOpsConfig } from "@kubeferry/shared-config";

/** What says where environments are deployed. */
export interface EnvironmentChoice {
  readonly gitops: Pick<GitOpsConfig, "environments">;
  readonly cluster: ClusterRef & { readonly uid: string };
  readonly environment?: string;
}

/**
 * Which of a folder's overlays a cluster is to look like: the first, in the order of the configuration, that is
 * deployed to it. One that is deployed to where its objects come from is known by the UID of that cluster; any other by
 * the name that its destination gives the cluster.
 */
export function environmentFor(
  origins: Ownership["environments"],
  { gitops, cluster, environment }: EnvironmentChoice,
): string | undefined {
  const configured = Object.keys(gitops.environments);
  const names = environment === undefined ? configured : [environment];
  return names.find((name) => {
    const origin = origins[name];
    if (origin === undefined) return false;
    if (origin.elsewhere !== true && origin.uid === cluster.uid) return true;
    return destinationsOf(name, gitops).includes(clusterPath(cluster));
  });
}

function destinationsOf(name: string, { environments }: Pick<GitOpsConfig, "environments">): readonly string[] {
  if (environments[name] === undefined) return [];
  return chainOf(name, environments).flatMap(([, { destination, destinations }]) =>
    [destination, ...Object.values(destinations ?? {})].flatMap((each) =>
      each?.cluster === undefined ? [] : [clusterPath(each.cluster)],
    ),
  );
}
