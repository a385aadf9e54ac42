import type { GitOpsConfig } from "@kubeferry/shared-config";

/** Which namespaces a run adopts. */
export interface NamespaceScope {
  /** Names, or globs with `*` and `?`. */
  readonly globs: readonly string[];
  /** Argo CD's own namespace. */
  readonly argocdNamespace: string;
}

/** What a configuration says of it. */
export function namespaceScopeOf({ namespaces, argocd }: Pick<GitOpsConfig, "namespaces" | "argocd">): NamespaceScope {
  return { globs: namespaces, argocdNamespace: argocd.namespace };
}

/**
 * True for a namespace that is adopted. Namespaces of the platform and Argo CD's own are adopted only when they are
 * written out: `*` is meant for applications.
 */
export function adoptsNamespace(namespace: string, scope: NamespaceScope): boolean {
  if (scope.globs.includes(namespace)) return true;
  if (namespace === scope.argocdNamespace || /^(kube-|openshift)/.test(namespace)) return false;
  return scope.globs.some((glob) => matchesGlob(namespace, glob));
}

/** True when a name fits a glob with `*` and `?`. */
export function matchesGlob(name: string, glob: string): boolean {
  return toPattern(glob).test(name);
}

function toPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}
