import { CleanError, equalJson, parseYaml } from "@kubeferry/clean";
import type { Call } from "@kubeferry/model";
import { namespaceOf } from "../catalog.ts";
import { NO_EFFECTS } from "../effects/folder-effects.ts";
import { type LaidOutEnvironment, layOutFolder, type WantedFile } from "../folders/folder-layout.ts";
import { OWNERSHIP_FILE } from "../folders/ownership.ts";
import { type GitRef, refId, refTitle } from "../git-ref.ts";
import { bytesProblem } from "../guard/check-bytes.ts";
import { type TipFolder, tipFolder } from "../repository/read-tip.ts";
import { settledKey } from "../secrets/secret-step.ts";
import { shownPath } from "../shape/shape.ts";
import { folderChanges } from "./folder-changes.ts";
import { folderFiles } from "./folder-files.ts";
import { judgeSize, largestOverlay } from "./folder-size.ts";
import { foreignEdits } from "./foreign-edits.ts";
import { type Absences, keepUnproven } from "./keep-unproven.ts";
import { type FolderPlan, untouched } from "./plan.ts";
import { planEffects } from "./plan-effects.ts";
import type { Planning } from "./planning.ts";
import { secretOf } from "./retain.ts";
import { reuseEncrypted } from "./reuse-encrypted.ts";
import { waitsAfterRollback } from "./rolled-back.ts";
import { waitsForSnapshot } from "./waits-for-snapshot.ts";

/** Plans one folder of objects: "namespaces/shop" or "cluster". */
export async function planFolder(
  folder: string,
  absences: Absences,
  planning: Planning,
  call: Call,
): Promise<FolderPlan> {
  const there = tipFolder(planning.tip, folder);
  const waitsFor = waitsForSnapshot(folder, there, planning);
  if (waitsFor !== undefined) return heldBack(folder, `${waitsFor}; nothing in the folder is touched`, planning);
  const moved = movedEnvironment(there, planning);
  if (moved !== undefined) {
    return heldBack(
      folder,
      `${moved}; nothing in it is touched. Remove the folder from the base branch to start anew`,
      planning,
    );
  }
  const waits = waitsAfterRollback(there.ownership, planning);
  if (waits !== undefined) return untouched(folder, { warnings: [`${folder}: ${waits}`] });
  const { entries, kept, edited, unsettled } = await keepUnproven(folder, absences, planning, call);
  if (unsettled[0] !== undefined && edited.length === 0) {
    const more = unsettled.length === 1 ? "" : ` (and ${unsettled.length - 1} more like it)`;
    return heldBack(
      folder,
      `${unsettled[0]}${more}; this run does not read it, so nothing in the folder is touched until one does`,
      planning,
    );
  }
  const environments = laidOutEnvironments(folder, planning);
  const objects = largestOverlay(entries, environments);
  const { maxObjects } = planning.gitops.limits;
  const size = judgeSize(objects, maxObjects);
  if (size === "leave-out") return tooLarge(folder, objects, maxObjects);
  const reused = await reuseEncrypted(folder, entries, planning, call);
  const layout = await layOutFolder(reused, environments, planning.spool);
  const wanted = await folderFiles(folder, layout, planning, call);
  const plan = await judgedByEdits(folder, wanted, edited, planning, call);
  const slow = size === "warn" ? [`${folder} has ${objects} objects: every build of it takes seconds`] : [];
  const stuck = await keptThatMayNotMove(plan, new Set(kept), planning);
  if (stuck !== undefined) return untouched(folder, { blocked: { object: folder, reason: stuck } });
  const effects = await planEffects(plan, layout.environments, planning, call);
  const intended = { entries: reused, environments: layout.environments };
  return {
    ...plan,
    ...(plan.wanted === undefined ? {} : { intended }),
    effects,
    kept: kept.length,
    warnings: [...plan.warnings, ...slow],
  };
}

/** A folder that nobody edited, and that is left alone all the same. */
export function heldBack(folder: string, why: string, { shape }: Pick<Planning, "shape">): FolderPlan {
  const mark = shownPath(shape, folder, OWNERSHIP_FILE);
  return untouched(folder, { frozen: { folder, files: [mark] }, warnings: [`${folder}: ${why}`] });
}

/**
 * What is in Git and stays there, although today it would not be let in, may not be written to another place either:
 * what was allowed once is no longer, or became the value of a Secret.
 * @returns why the folder has to stay as it is
 */
async function keptThatMayNotMove(
  { changes }: FolderPlan,
  kept: ReadonlySet<string>,
  { spool, lastLook }: Planning,
): Promise<string | undefined> {
  for (const { content, object } of [...changes.added, ...changes.changed]) {
    if (content === undefined || object === undefined || !kept.has(refId(object))) continue;
    const known = content.secret === undefined ? object : secretOf(object);
    const problem = bytesProblem((await spool.read(content)).toString("utf8"), known, lastLook);
    if (problem !== undefined)
      return `the folder is left as it is: ${refTitle(object)}, which is in Git and would move, may not be written again: ${problem}; allow it in gitops.scan, or remove its files from the base branch`;
  }
  return undefined;
}

/** An overlay whose objects are in another namespace could share nothing with the base but what has none. */
function laidOutEnvironments(
  folder: string,
  { environments, gitops, settingsOf, shape }: Planning,
): readonly LaidOutEnvironment[] {
  const namespace = namespaceOf(folder);
  return environments.map(({ name, source }) => {
    const isMapped = settingsOf(namespace, name).namespace !== namespace;
    return { name, source, standalone: gitops.flat || shape.standalone || isMapped };
  });
}

/**
 * A folder's plan once it is known what it should hold: its changes, or frozen when people edited it.
 * @param edited paths already known to be people's
 */
export async function judgedByEdits(
  folder: string,
  wanted: ReadonlyMap<string, WantedFile>,
  edited: readonly string[],
  planning: Planning,
  call: Call,
): Promise<FolderPlan> {
  const there = tipFolder(planning.tip, folder);
  const { shape } = planning;
  const place = (path: string) => shape.place(folder, path);
  const shown = (path: string) => shownPath(shape, folder, path);
  const foreign = new Set(edited);
  for (const path of foreignEdits(there, wanted)) {
    if (!(await meansTheSame(place(path), wanted.get(path), planning, call))) foreign.add(path);
  }
  if (foreign.size > 0) return untouched(folder, { frozen: { folder, files: [...foreign].sort().map(shown) } });
  const { settledSecrets } = planning.generation;
  const isSettled = (secret: GitRef) => planning.sources.some(({ id }) => settledSecrets.has(settledKey(id, secret)));
  return {
    folder,
    changes: folderChanges(place, there, wanted, laidOutEnvironments(folder, planning), isSettled),
    effects: NO_EFFECTS,
    wanted,
    kept: 0,
    warnings: [],
  };
}

/** Whether an edited file says what ours would say, only written differently. */
async function meansTheSame(
  path: string,
  wanted: WantedFile | undefined,
  { tree, spool }: Planning,
  call: Call,
): Promise<boolean> {
  if (wanted === undefined || !path.endsWith(".yaml")) return false;
  const theirs = await tree.readFile(tree.baseCommit, path, call);
  const ours = await spool.read(wanted.content);
  try {
    return theirs !== undefined && equalJson(parseYaml(theirs.toString("utf8")), parseYaml(ours.toString("utf8")));
  } catch (error) {
    if (error instanceof CleanError) return false; // Not YAML of one object any more: certainly somebody's edit.
    throw error;
  }
}

/**
 * Says how the folder was made from another cluster than the configured ones: then nothing can be said about what is
 * gone from it.
 */
function movedEnvironment({ ownership }: TipFolder, { environments, sources }: Planning): string | undefined {
  for (const { name, source } of environments) {
    const origin = ownership?.environments[name];
    const now = sources.find(({ id }) => id === source)?.origin;
    if (origin === undefined || now === undefined || origin.uid === now.uid) continue;
    return `environment ${name} was made from cluster ${origin.cluster} (kube-system ${origin.uid}), and is now ${now.cluster} (kube-system ${now.uid})`;
  }
  const origins = Object.values(ownership?.environments ?? {});
  const known = sources.some((source) => origins.some(({ uid }) => uid === source.origin.uid));
  if (origins.length === 0 || known) return undefined;
  return `it was made from ${origins.map(({ cluster }) => cluster).join(", ")}, and no environment is now`;
}

function tooLarge(folder: string, objects: number, maxObjects: number): FolderPlan {
  const reason = `${objects} objects in one overlay, more than gitops.limits.maxObjects (${maxObjects}): the folder is left as it is`;
  return untouched(folder, { blocked: { object: folder, reason } });
}
