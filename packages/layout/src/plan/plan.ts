import type { BlockedObject, FrozenFolder } from "@kubeferry/model";
import type { CatalogEntry } from "../catalog.ts";
import { type FolderEffects, NO_EFFECTS } from "../effects/folder-effects.ts";
import type { LaidOutEnvironment, WantedFile } from "../folders/folder-layout.ts";
import type { FileChange, FolderChanges } from "./folder-changes.ts";

/** What the overlays of a folder are to build. */
export interface IntendedObjects {
  /** What Git keeps is among them; `contentIn` says what an environment is to have of each. */
  readonly entries: readonly CatalogEntry[];
  /** The environments that have an overlay. */
  readonly environments: readonly LaidOutEnvironment[];
}

/** What a run wants to do to one folder. */
export interface FolderPlan {
  /** "namespaces/shop", "cluster", "argocd". */
  readonly folder: string;
  readonly changes: FolderChanges;
  /** What the changes do to objects, environment by environment. */
  readonly effects: FolderEffects;
  /** What the folder is to hold, by path from it; undefined for a folder that is left as it is. */
  readonly wanted: ReadonlyMap<string, WantedFile> | undefined;
  /** What the folder was laid out from; undefined for one that is left as it is, and for that of Argo CD's own files. */
  readonly intended?: IntendedObjects;
  /** Objects that stay in Git although the snapshot does not give them: unread, filtered or left out. */
  readonly kept: number;
  /** Why nothing of the folder is touched: people's edits, or another cluster than the one it was made from. */
  readonly frozen?: FrozenFolder;
  /** Why nothing of the folder is touched: it would be more than kustomize can take, or hold what may not be written. */
  readonly blocked?: BlockedObject;
  /** What there is to say about it in the request's text. */
  readonly warnings: readonly string[];
}

/** What a run wants to do to the base tip. */
export interface Plan {
  readonly folders: readonly FolderPlan[];
}

/** A folder that is left as the base tip has it. */
export function untouched(
  folder: string,
  why: { readonly frozen?: FrozenFolder; readonly blocked?: BlockedObject; readonly warnings?: readonly string[] },
): FolderPlan {
  const changes = { added: [], changed: [], removed: [] };
  return { folder, changes, effects: NO_EFFECTS, wanted: undefined, kept: 0, warnings: [], ...why };
}

/** Every file that a plan writes or removes. */
export function allChanges(plan: Plan): FolderChanges {
  const all = { added: [] as FileChange[], changed: [] as FileChange[], removed: [] as FileChange[] };
  for (const { changes } of plan.folders) {
    all.added.push(...changes.added);
    all.changed.push(...changes.changed);
    all.removed.push(...changes.removed);
  }
  return all;
}

/** True when the base tip is already as it should be. */
export function isEmpty(plan: Plan): boolean {
  const { added, changed, removed } = allChanges(plan);
  return added.length + changed.length + removed.length === 0;
}
