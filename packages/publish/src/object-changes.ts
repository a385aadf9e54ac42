import {
  type EnvironmentEffects,
  type FileChange,
  type FolderPlan,
  type GitRef,
  type Plan,
  refTitle,
} from "@kubeferry/layout";

/** Titles of the objects that a folder's plan touches: "Deployment shop/web". */
export interface ObjectChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What a plan does to objects, folder by folder; folders without such a change are left out. */
export function changesByFolder(plan: Plan): readonly { readonly folder: string; readonly changes: ObjectChanges }[] {
  const all = plan.folders.map((each) => ({ folder: each.folder, changes: objectChanges(each) }));
  return all.filter(({ changes }) => changes.added.length + changes.changed.length + changes.removed.length > 0);
}

/**
 * What a folder's plan does to objects in any of its environments. A file of the base that changes while every environment
 * goes on to build the same changes none.
 */
function objectChanges({ changes, effects }: Pick<FolderPlan, "changes" | "effects">): ObjectChanges {
  const isMoved = ({ moved }: FileChange) => moved === true;
  const removed = titlesOf(changes.removed.filter((file) => !isMoved(file)));
  // An object that moves between base and overlays, or gets or loses a patch, is not new.
  const moved = new Set(titlesOf([...changes.added, ...changes.removed].filter(isMoved)));
  const added = titlesOf(changes.added).filter((title) => !moved.has(title));
  const counted = new Set([...added, ...removed]);
  const touched = [...effects.environments.values()].flatMap((each) => Object.values(changesIn(each)).flat());
  // What leaves Git with an environment that is not configured any more.
  const dropped = effects.dropped.length === 0 ? [] : titlesOf(changes.removed.filter(isMoved));
  return { added, changed: distinct([...touched, ...dropped]).filter((title) => !counted.has(title)), removed };
}

/** The same for one environment: what its overlay builds. */
export function changesIn({ added, changed, removed }: Omit<EnvironmentEffects, "images">): ObjectChanges {
  return { added: added.map(refTitle), changed: changed.map(refTitle), removed: removed.map(refTitle) };
}

function titlesOf(files: readonly FileChange[]): readonly string[] {
  return distinct(files.flatMap(({ object }): GitRef[] => (object === undefined ? [] : [object])).map(refTitle));
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
