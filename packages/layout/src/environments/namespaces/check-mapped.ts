import { clusterPath } from "@kubeferry/model";
import { GitOpsError } from "../../gitops-error.ts";
import type { SettingsOf } from "../settings.ts";

const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Refuses names of namespaces that Kubernetes does not take, and two namespaces that become one in the same cluster:
 * their objects would be mixed, and of two with one name one would be lost.
 * @param namespaces that are adopted
 * @throws GitOpsError "config"
 */
export function checkMappedNamespaces(
  namespaces: readonly string[],
  environments: readonly string[],
  settingsOf: SettingsOf,
): void {
  for (const environment of environments) {
    const taken = new Map<string, string>();
    for (const from of namespaces) {
      const { overridden, namespace: to = from, clusters } = settingsOf(from, environment);
      if (!overridden) continue;
      if (!NAMESPACE.test(to)) throw noName(environment, from, to);
      for (const cluster of clusters) {
        const place = `${to} in ${clusterPath(cluster)}`;
        const other = taken.get(place) ?? from;
        if (other !== from) throw collision(environment, [other, from], place);
        taken.set(place, from);
      }
    }
  }
}

function noName(environment: string, from: string, to: string): GitOpsError {
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "name namespaces",
    problem: `environment ${environment} makes "${to}" of ${from}, which cannot be a namespace's name`,
    next: "write a name of at most 63 lower-case letters, digits and '-', beginning and ending with a letter or digit",
  });
}

function collision(environment: string, [one, other]: readonly [string, string], place: string): GitOpsError {
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "name namespaces",
    problem: `environment ${environment} makes ${place} of both ${one} and ${other}`,
    next: "write {namespace} into the name, or give one of them another name in gitops.overrides",
  });
}
