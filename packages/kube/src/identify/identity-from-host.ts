import { isIP } from "node:net";

/** What the address of an API server says about its cluster; often nothing. */
export interface HostIdentity {
  readonly name?: string;
  readonly domain?: string;
}

/** Hosts whose parts are known; the groups `name` and `domain` are what is taken. */
const patterns: readonly RegExp[] = [
  // 0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com
  /^(?<name>[^.]+)\.[^.]+\.(?<domain>[^.]+\.eks\.amazonaws\.com(\.cn)?)$/,
  // gke-0123456789abcdef-123456789012.europe-west1.gke.goog
  /^(?<name>gke-[^.]+)\.(?<domain>[^.]+\.gke\.goog)$/,
  // shop-dns-1a2b3c4d.hcp.westeurope.azmk8s.io, or .<guid>.privatelink. for .hcp.: AKS adds a hash to the DNS prefix,
  // and calls the prefix of a cluster "shop" "shop-dns" unless told otherwise.
  /^(?<name>[^.]+?)(-dns)?(-[0-9a-z]{8})?\.(hcp|[^.]+\.privatelink)\.(?<domain>[^.]+\.azmk8s\.io)$/,
  // api.wrl62.example.com, from inside api-int.: the whole rest is the domain, because OpenShift's own DNS/cluster says
  // it like that, and both sources must agree.
  /^api(-int)?\.(?<domain>(?<name>[^.]+)\.[^.]+(\.[^.]+)*)$/,
  // shop-control-plane, as kind calls it among its containers
  /^(?<name>[^.]+)-control-plane$/,
];

/** Names that are the same in every cluster, or on every machine. */
const SAYS_NOTHING = /^(localhost|.*\.localhost|kubernetes(\.default(\.svc(\..+)?)?)?|.*\.internal)$/;

/**
 * Reads a cluster's name and domain from the host its API server is reached by.
 * @param host without port: "api.wrl62.example.com"; an address or a local name gives nothing
 */
export function identityFromHost(host: string): HostIdentity {
  const plain = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
  if (plain === "" || isIP(plain) !== 0 || SAYS_NOTHING.test(plain)) return {};
  for (const pattern of patterns) {
    const found = pattern.exec(plain)?.groups;
    if (found === undefined) continue;
    const { name, domain } = found;
    return { ...(name === undefined ? {} : { name }), ...(domain === undefined ? {} : { domain }) };
  }
  const domain = plain.split(".").slice(1).join(".");
  return domain.includes(".") ? { domain } : {};
}
