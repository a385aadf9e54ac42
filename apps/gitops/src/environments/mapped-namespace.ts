import { GitOpsError } from "../gitops-error.ts";
import { type Layer, layerName } from "./layers.ts";

const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The namespace that objects are in where they are deployed: what the strongest layer writes, `{namespace}` being the
 * one they come from.
 * @throws GitOpsError "config" for a name that Kubernetes does not take
 */
export function mappedNamespace(namespace: string | undefined, layers: readonly Layer[]): string | undefined {
  const written = layers.findLast(({ keys }) => keys.namespace !== undefined);
  if (namespace === undefined || written?.keys.namespace === undefined) return namespace;
  const mapped = written.keys.namespace.replace("{namespace}", namespace);
  if (NAMESPACE.test(mapped)) return mapped;
  throw new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "name namespaces",
    problem: `${layerName(written)}.namespace makes "${mapped}" of ${namespace}, which cannot be a namespace's name`,
    next: "write a shorter one: 63 lower-case letters, digits and '-' at most, beginning and ending with a letter or digit",
  });
}
