import { createHash } from "node:crypto";
import type { ContentPart } from "@kubeferry/layout";
import { compareUtf8 } from "@kubeferry/model";
import type { ClusterRef } from "@kubeferry/shared-config";

/** A namespace's own name, without a glob. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The branch of a rollback: "kubeferry/main-rollback-crc.testing-wrl62-42-of-shop". Another snapshot or another choice of
 * namespaces has another branch, so that two rollbacks never replace each other; and none is the ordinary branch, one of
 * its numbered followers or of its parts.
 * @param configured `gitops.repository.branch`
 */
export function rollbackBranch(
  configured: string,
  { cluster, sequence, only }: { readonly cluster: ClusterRef; readonly sequence: number; readonly only: ContentPart },
): string {
  return `${configured}-rollback-${cluster.domain}-${cluster.name}-${sequence}${endingOf(only)}`;
}

function endingOf({ namespaces, clusterScoped }: ContentPart): string {
  if (namespaces.length === 0) return clusterScoped ? "-cluster" : "";
  const [only, ...others] = namespaces;
  if (only !== undefined && others.length === 0 && NAME.test(only) && !clusterScoped) return `-of-${only}`;
  const sorted = [...new Set(namespaces)].sort(compareUtf8);
  const text = JSON.stringify([sorted, clusterScoped]);
  return `-of-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}
