import type { Layer } from "./layers.ts";

/**
 * The namespace that objects are in where they are deployed: what the strongest layer writes, `{namespace}` being the
 * one they come from. Whether it can be a name is looked at once it is known which namespaces there are.
 */
export function mappedNamespace(namespace: string | undefined, layers: readonly Layer[]): string | undefined {
  const written = layers.findLast(({ keys }) => keys.namespace !== undefined)?.keys.namespace;
  return namespace === undefined ? undefined : (written?.replace("{namespace}", namespace) ?? namespace);
}
