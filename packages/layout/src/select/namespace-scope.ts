import type { GitOpsConfig } from "@kubeferry/shared-config";

/** Which namespaces a run adopts. */
export interface NamespaceScope {
  /** Names, or globs with `*` and `?`. */
  readonly globs: readonly string[];
  /** Argo CD's own namespace. */
  readonly argocdNamespace: string;
  /** Only these of them, names or globs; left out: all. */
  readonly only?: readonly string[];
}

/** A part of what is adopted; everything else stays as Git has it. */
export interface ContentPart {
  /** Names, or globs with `*` and `?`; empty: all that are adopted. */
  readonly namespaces: readonly string[];
  /** Whether what has no namespace is meant too. */
  readonly clusterScoped: boolean;
}

/** What a configuration says of it. */
export function namespaceScopeOf(
  { namespaces, argocd }: Pick<GitOpsConfig, "namespaces" | "argocd">,
  part?: ContentPart,
): NamespaceScope {
  const all = { globs: namespaces, argocdNamespace: argocd.namespace };
  return part === undefined || part.namespaces.length === 0 ? all : { ...all, only: part.namespaces };
}

/**
 * True for a namespace that is adopted. Namespaces of the platform and Argo CD's own are adopted only when they are
 * written out: `*` is meant for applications.
 */
export function adoptsNamespace(namespace: string, scope: NamespaceScope): boolean {
  if (scope.only?.some((glob) => matchesGlob(namespace, glob)) === false) return false;
  if (scope.globs.includes(namespace)) return true;
  if (namespace === scope.argocdNamespace || /^(kube-|openshift)/.test(namespace)) return false;
  return scope.globs.some((glob) => matchesGlob(namespace, glob));
}

/** As many as globs are configured; each is asked about every object. */
const patterns = new Map<string, RegExp>();

/** True when a name fits a glob with `*` and `?`. @param glob of the configuration, never a stranger's */
export function matchesGlob(name: string, glob: string): boolean {
  const pattern = patterns.get(glob) ?? toPattern(glob);
  patterns.set(glob, pattern);
  return pattern.test(name);
}

function toPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}
