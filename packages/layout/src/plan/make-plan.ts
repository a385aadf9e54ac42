import type { Call } from "@kubeferry/model";
import { checkDestinations } from "../argocd/check-destinations.ts";
import { ARGOCD_FOLDER, CLUSTER_FOLDER, namespaceOf } from "../catalog.ts";
import { isPatchFile } from "../folders/file-name.ts";
import { tipFolder } from "../repository/read-tip.ts";
import { adoptsNamespace, namespaceScopeOf } from "../select/namespace-scope.ts";
import { argocdFiles, deployedFolders } from "./argocd-folder.ts";
import { withOwnership } from "./folder-files.ts";
import { findAbsences } from "./keep-unproven.ts";
import { allChanges, type FolderPlan, type Plan } from "./plan.ts";
import { heldBack, judgedByEdits, planFolder } from "./plan-folder.ts";
import { argocdSettings, type Planning } from "./planning.ts";
import { checkRemovals } from "./removal-limit.ts";
import { waitsForSnapshot } from "./waits-for-snapshot.ts";

/**
 * Holds what the sources give against the base tip: what is written, changed, removed, kept and left alone.
 * Nothing is written yet.
 * @throws GitOpsError "blocked" for too many removals; "config" for destinations that collide
 */
export async function makePlan(planning: Planning, call: Call): Promise<Plan> {
  const planned = foldersToPlan(planning);
  const absences = await findAbsences(planned, planning, call);
  const folders: FolderPlan[] = [];
  for (const folder of planned) folders.push(await planFolder(folder, absences, planning, call));
  folders.push(await planArgoCd(folders, planning, call));
  const plan: Plan = { folders };
  if (!planning.allowRemovals) {
    const removed = allChanges(plan).removed.filter(({ moved }) => moved !== true);
    // An object counts once, by the file that holds it, however many patches go with it.
    const paths = removed.map(({ path }) => path).filter((path) => !isPatchFile(path));
    checkRemovals(paths, planning.tip.ownedFiles, planning.gitops.maxRemovals);
  }
  return plan;
}

/** Folders that the sources fill, and those that they filled before and that are still in scope. */
function foldersToPlan({ generation, gitops, only, tip }: Planning): readonly string[] {
  const scope = namespaceScopeOf(gitops, only);
  const clusterScoped = only?.clusterScoped ?? true;
  const before = [...tip.folders].filter(([, { ownership }]) => ownership !== undefined).map(([folder]) => folder);
  const inScope = before.filter((folder) => {
    const namespace = namespaceOf(folder);
    return namespace === undefined ? clusterScoped && folder === CLUSTER_FOLDER : adoptsNamespace(namespace, scope);
  });
  return [...new Set([...generation.catalog.folders(), ...inScope])].sort();
}

async function planArgoCd(folders: readonly FolderPlan[], planning: Planning, call: Call): Promise<FolderPlan> {
  const waits = waitsForSnapshot(ARGOCD_FOLDER, tipFolder(planning.tip, ARGOCD_FOLDER), planning);
  if (waits !== undefined) return heldBack(ARGOCD_FOLDER, `${waits}; nothing in the folder is touched`, planning);
  const deployed = deployedFolders(folders, planning);
  checkDestinations(deployed);
  const files = argocdFiles(deployed, planning, argocdSettings(planning));
  return judgedByEdits(ARGOCD_FOLDER, withOwnership(files, {}, planning), [], planning, call);
}
