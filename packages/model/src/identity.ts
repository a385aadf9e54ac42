/** Where a cluster's name or domain came from, most explicit first. */
export type IdentitySource =
  | "configuration"
  | "openshift-infrastructure"
  | "openshift-dns"
  | "namespace-label"
  | "node-label"
  | "api-host"
  | "kube-system-uid"
  | "default";

/** Who a cluster is. The UID of its kube-system namespace tells two clusters of one name apart. */
export interface ClusterIdentity {
  readonly domain: string;
  readonly name: string;
  readonly uid: string;
  readonly nameSource: IdentitySource;
  readonly domainSource: IdentitySource;
}

/** "crc.testing/wrl62": how a cluster is named in configuration and in the bucket. */
export function clusterPath(cluster: { readonly domain: string; readonly name: string }): string {
  return `${cluster.domain}/${cluster.name}`;
}
