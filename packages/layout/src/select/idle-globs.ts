import { namespaceOf } from "../catalog.ts";
import type { Findings } from "../findings.ts";
import { matchesGlob } from "./namespace-scope.ts";

/**
 * Warns of entries of `gitops.namespaces` that adopted nothing: a name that is mistyped looks like a namespace without
 * changes otherwise.
 */
export function warnOfIdleGlobs(globs: readonly string[], findings: Findings): void {
  const namespaces = namespacesSeen(findings);
  for (const glob of globs) {
    if (namespaces.some((namespace) => matchesGlob(namespace, glob))) continue;
    findings.warn(`gitops.namespaces: "${glob}" matches no namespace of the snapshot that can be adopted`);
  }
}

/** The namespaces in scope that anything was found in. */
export function namespacesSeen({ taken, leftOut }: Pick<Findings, "taken" | "leftOut">): readonly string[] {
  return [...new Set([...taken.keys(), ...leftOut.keys()].flatMap((folder) => namespaceOf(folder) ?? []))];
}
