import { type FileChange, type FolderChanges, type Plan, refTitle } from "@kubeferry/layout";

/** Titles of the objects that a folder's plan touches: "Deployment shop/web". */
export interface ObjectChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What a plan does to objects, folder by folder; folders without such a change are left out. */
export function changesByFolder(plan: Plan): readonly { readonly folder: string; readonly changes: ObjectChanges }[] {
  const all = plan.folders.map(({ folder, changes }) => ({ folder, changes: objectChanges(changes) }));
  return all.filter(({ changes }) => changes.added.length + changes.changed.length + changes.removed.length > 0);
}

/** What changes of files do to the objects in them. */
export function objectChanges(changes: FolderChanges): ObjectChanges {
  const removed = titles(changes.removed.filter(({ moved }) => moved !== true));
  // An object that moves between base and overlays, or gets or loses a patch, is changed, not new.
  const moved = new Set(titles([...changes.added, ...changes.removed].filter((file) => file.moved === true)));
  const added = titles(changes.added).filter((title) => !moved.has(title));
  return { added, changed: distinct([...titles(changes.changed), ...moved]), removed };
}

function titles(files: readonly FileChange[]): readonly string[] {
  return distinct(files.flatMap(({ object }) => (object === undefined ? [] : [refTitle(object)])));
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
