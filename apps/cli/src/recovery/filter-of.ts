import { KubeferryError, selectorProblem } from "@kubeferry/model";
import type { RestoreFilter } from "@kubeferry/recovery";
import { patternProblem } from "@kubeferry/shared-config";
import type { FilterArguments } from "../commands/filter-options.ts";

/** "usage": a filter that means nothing. */
class FilterError extends KubeferryError<"usage"> {}

/**
 * The filter that a command line names. With namespaces named, what lies in none is left out unless it is asked for.
 * @throws KubeferryError "usage" naming the option
 */
export function filterOf(args: FilterArguments): RestoreFilter {
  const filter: RestoreFilter = {
    namespaces: lists("namespaces", args.includeNamespaces, args.excludeNamespaces),
    resources: lists("resources", args.includeResources, args.excludeResources),
    names: lists("names", args.includeNames, args.excludeNames),
    clusterScoped: args.includeClusterResources ?? args.includeNamespaces.length === 0,
  };
  if (args.selector === undefined) return filter;
  const problem = selectorProblem(args.selector);
  if (problem !== undefined) throw refused(`--selector ${args.selector}`, problem);
  return { ...filter, labelSelector: args.selector };
}

function lists(of: string, include: readonly string[], exclude: readonly string[]) {
  checkPatterns(`--include-${of}`, include);
  checkPatterns(`--exclude-${of}`, exclude);
  return { include, exclude };
}

function checkPatterns(option: string, texts: readonly string[]): void {
  for (const text of texts) {
    const problem = patternProblem(text);
    if (problem !== undefined) throw refused(`${option} ${text}`, problem);
  }
}

function refused(operation: string, problem: string): FilterError {
  return new FilterError({ kind: "usage", who: "kubeferry", operation, problem });
}
