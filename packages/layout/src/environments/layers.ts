import { chainOf, type EnvironmentConfig, type GitOpsConfig, type OverrideConfig } from "@kubeferry/shared-config";
import { matchesGlob } from "../select/namespace-scope.ts";

/** Some keys with the place they were written. */
export interface Layer {
  /** Steps of that place: ["gitops", "overrides", "shop", "prod"]. */
  readonly path: readonly string[];
  readonly keys: EnvironmentConfig | OverrideConfig;
}

/**
 * Everything that is written of an environment in a namespace, weakest first: what the environment extends, the
 * environment, then the namespace's own. Of these the namespace decides before the environment: a glob in the order
 * they are written, the name itself last.
 * @param namespace undefined for what has none
 */
export function layersOf(
  namespace: string | undefined,
  environment: string,
  gitops: Pick<GitOpsConfig, "environments" | "overrides">,
): readonly Layer[] {
  const chain = chainOf(environment, gitops.environments)
    .map(([name, keys]): Layer => ({ path: ["gitops", "environments", name], keys }))
    .reverse();
  if (namespace === undefined) return chain;
  const own = mostSpecificLast(gitops.overrides, namespace).flatMap(([glob, byEnvironment]) =>
    mostSpecificLast(byEnvironment, environment).map(
      ([each, keys]): Layer => ({ path: ["gitops", "overrides", glob, each], keys }),
    ),
  );
  return [...chain, ...own];
}

/** "gitops.overrides.shop.prod": a layer as people name it. */
export function layerName({ path }: Layer): string {
  return path.join(".");
}

/** The entries that fit a name: globs in their order, then the name itself. */
function mostSpecificLast<Value>(entries: Readonly<Record<string, Value>>, name: string): readonly [string, Value][] {
  const fitting = Object.entries(entries).filter(([glob]) => glob === name || matchesGlob(name, glob));
  return [...fitting.filter(([glob]) => glob !== name), ...fitting.filter(([glob]) => glob === name)];
}
