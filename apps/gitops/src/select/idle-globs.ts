import type { Findings } from "../findings.ts";
import { matchesGlob } from "./namespace-scope.ts";

/**
 * Warns of entries of `gitops.namespaces` that adopted nothing: a name that is mistyped looks like a namespace without
 * changes otherwise.
 */
export function warnOfIdleGlobs(globs: readonly string[], findings: Findings): void {
  const folders = [...findings.taken.keys(), ...findings.leftOut.keys()];
  const namespaces = folders.map((folder) => folder.slice(folder.lastIndexOf("/") + 1));
  for (const glob of globs) {
    if (namespaces.some((namespace) => matchesGlob(namespace, glob))) continue;
    findings.warn(`gitops.namespaces: "${glob}" matches no namespace of the snapshot that can be adopted`);
  }
}
