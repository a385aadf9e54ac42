import type { ClusterRef, LayoutConfig } from "@kubeferry/shared-config";
import { PolicyError } from "./policy-error.ts";

/** The keys that a policy is about, as a policy writes them. */
export interface S3Keys {
  /** "arn:aws:s3:::cluster-backups" */
  readonly bucket: string;
  /** What is below the roots, as resources: "_snapshots/*" → "arn:aws:s3:::cluster-backups/crc.testing/wrl62/_snapshots/*". */
  resources(below: string): string[];
  /** The same as listings name it, without the bucket. */
  prefixes(below: string): string[];
  /** The files of the mirror. */
  mirrorFiles(format: "yaml" | "json"): string[];
  /** What people were told of repositories: it belongs to no cluster. */
  readonly newsOfRepositories: string;
}

/** Whose keys: of clusters, or of every cluster of a domain. */
export type S3Scope = { readonly clusters: readonly ClusterRef[] } | { readonly domain: string };

/** Where clusters lie, as the configuration says it. */
export interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
  readonly layout: LayoutConfig;
}

/**
 * The keys of clusters, or of a domain.
 * @throws PolicyError where the layout has no folder of a domain, or a prefix would mean more than it says
 */
export function s3Keys({ bucket, prefix, layout }: S3Place, scope: S3Scope): S3Keys {
  if (/[*?$]/.test(prefix)) throw ambiguous(prefix);
  const above = prefix === "" ? "" : `${prefix}/`;
  const roots = ("domain" in scope ? [domainRoot(layout.root, scope.domain)] : scope.clusters.map(rootOf)).map(
    (root) => `${above}${root}/`,
  );
  const arn = `arn:aws:s3:::${bucket}`;
  const prefixes = (below: string): string[] => roots.map((root) => `${root}${below}`);
  const resources = (below: string): string[] => prefixes(below).map((key) => `${arn}/${key}`);
  return {
    bucket: arn,
    resources,
    prefixes,
    mirrorFiles: (format) => resources(`${leadingNames(layout.key)}*.${format}`),
    newsOfRepositories: `${arn}/${above}_notifications/*`,
  };

  function rootOf({ domain, name }: ClusterRef): string {
    return filled(layout.root, { "{domain}": domain, "{cluster}": name });
  }
}

/** In a policy `*` stands for any characters, slashes included. */
function domainRoot(template: string, domain: string): string {
  const steps = template.split("/");
  const [ofDomain, ofCluster] = [steps.indexOf("{domain}"), steps.indexOf("{cluster}")];
  if (ofDomain < 0 || ofDomain > ofCluster) throw noFolderOf(template);
  return filled(template, { "{domain}": domain, "{cluster}": "*" });
}

function filled(template: string, parts: Readonly<Record<string, string>>): string {
  return template
    .split("/")
    .map((step) => parts[step] ?? step)
    .join("/");
}

/** "files/" of "files/{namespace}/{resource}/{name}". */
function leadingNames(template: string): string {
  const steps = template.split("/");
  const names = steps.slice(
    0,
    steps.findIndex((step) => step.startsWith("{")),
  );
  return names.map((name) => `${name}/`).join("");
}

function noFolderOf(template: string): PolicyError {
  return new PolicyError({
    kind: "no-policy",
    who: "policy",
    operation: "--domain",
    problem: `layout.root is ${template}: clusters of one domain share no folder`,
    next: "name the clusters instead: --cluster <domain>/<name>",
  });
}

function ambiguous(prefix: string): PolicyError {
  return new PolicyError({
    kind: "no-policy",
    who: "policy",
    operation: "write a policy",
    problem: `store.prefix is ${prefix}: in a policy *, ? and $ stand for other characters`,
    next: "use a store.prefix of letters, digits, '.', '_', '-' and '/'",
  });
}
