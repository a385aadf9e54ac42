import { ARGOCD_FOLDER, allChanges, CLUSTER_FOLDER, namespaceOf, type Plan } from "@kubeferry/layout";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import { environmentParts, type SplitFacts } from "./environment-parts.ts";
import { ARGOCD_PART, CLUSTER_PART, type Part } from "./part.ts";

/** The most changed files that `split: auto` proposes in one request. */
const MOST_FILES = 300;

/** How a run's requests are cut. */
export type Cut = Exclude<GitOpsConfig["pullRequest"]["split"], "auto">;

/**
 * What `gitops.pullRequest.split` means for a plan.
 * @param splitBefore requests of single namespaces are open: what people are reviewing one by one stays so
 */
export function cutOf(split: GitOpsConfig["pullRequest"]["split"], plan: Plan, splitBefore: boolean): Cut {
  if (split !== "auto") return split;
  const { added, changed, removed } = allChanges(plan);
  return splitBefore || added.length + changed.length + removed.length > MOST_FILES ? "namespace" : "none";
}

/**
 * Cuts a plan into what each request proposes. Every part builds alone on top of the base, and its ownership files say
 * what merging it alone gives. Parts without a change are there too: what was proposed of them before is withdrawn.
 * @throws GitOpsError "config" where the cut goes through files that environments share
 */
export function splitPlan(plan: Plan, cut: Cut, facts: SplitFacts): readonly Part[] {
  switch (cut) {
    case "none":
      return [{ name: undefined, plan }];
    case "namespace":
      return namespaceParts(plan);
    case "environment":
      return environmentParts(plan, facts, (environment) => environment);
    case "cluster":
      return environmentParts(plan, facts, facts.clusterOf);
    default:
      return cut satisfies never;
  }
}

/** One part for each folder. */
export function namespaceParts(plan: Plan): readonly Part[] {
  return plan.folders.map((folder) => ({ name: partOfFolder(folder.folder), plan: { folders: [folder] } }));
}

/** The part that a folder is. */
export function partOfFolder(folder: string): string {
  if (folder === CLUSTER_FOLDER) return CLUSTER_PART;
  return folder === ARGOCD_FOLDER ? ARGOCD_PART : (namespaceOf(folder) ?? folder);
}
