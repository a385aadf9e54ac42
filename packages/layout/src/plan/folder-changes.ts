import type { Content } from "../content.ts";
import { kustomizationPath } from "../folders/file-name.ts";
import type { LaidOutEnvironment, WantedFile } from "../folders/folder-layout.ts";
import { OWNERSHIP_FILE, type OwnedFile } from "../folders/ownership.ts";
import { SECRETS_TODO } from "../folders/secrets-todo.ts";
import { type GitRef, refId } from "../git-ref.ts";
import type { TipFolder } from "../repository/read-tip.ts";
import { secretOf } from "./retain.ts";

/** A file that a folder's plan adds, changes or removes. */
export interface FileChange {
  /** From the root of the repository. */
  readonly path: string;
  readonly object?: GitRef;
  /** Absent when the file is removed. */
  readonly content?: Content;
  /** The object goes on to be there: a removed file's in all environments that it was for, an added file's was in Git. */
  readonly moved?: boolean;
}

/** What a folder's plan does to the base tip. */
export interface FolderChanges {
  readonly added: readonly FileChange[];
  readonly changed: readonly FileChange[];
  readonly removed: readonly FileChange[];
}

/**
 * Compares what a folder should hold with what it holds. Only files of ours are ever removed.
 * @param place gives a path of the folder its place in the repository
 * @param environments those that the folder is laid out for
 * @param isSettled true for a Secret that this run put into Git in its own way: a file that stood for it only moves
 */
export function folderChanges(
  place: (path: string) => string,
  tip: TipFolder,
  wanted: ReadonlyMap<string, WantedFile>,
  environments: readonly Pick<LaidOutEnvironment, "name" | "standalone">[],
  isSettled: (secret: GitRef) => boolean,
): FolderChanges {
  const changes = { added: [] as FileChange[], changed: [] as FileChange[], removed: [] as FileChange[] };
  const inGit = new Set<string>();
  for (const [path, { object }] of ownedPaths(tip)) {
    if (object !== undefined && tip.digests.has(path)) inGit.add(refId(object));
  }
  for (const [path, { content, object }] of wanted) {
    const there = tip.digests.get(path);
    if (there === content.sha256) continue;
    const change = { path: place(path), content, ...(object === undefined ? {} : { object }) };
    if (there !== undefined) changes.changed.push(change);
    else changes.added.push({ ...change, moved: object !== undefined && inGit.has(refId(object)) });
  }
  const staysFor = stayingPlaces(tip, wanted, environments);
  for (const [path, { object, secret }] of ownedPaths(tip)) {
    if (wanted.has(path) || !tip.digests.has(path)) continue;
    const replaced = object !== undefined && secret !== undefined && isSettled(secretOf(object));
    // Nothing is in the base any more: what was there is in the overlays, or counts by itself.
    const emptyBase = path === kustomizationPath("base") && wanted.size > 0;
    // The list of Secrets is empty: Git holds them all now, or they are gone.
    const emptyList = path === SECRETS_TODO && wanted.size > 0;
    const moved = replaced || emptyBase || emptyList || (object !== undefined && staysFor(path, object));
    changes.removed.push({ path: place(path), moved, ...(object === undefined ? {} : { object }) });
  }
  return changes;
}

/**
 * Tells whether an object goes on to be in every environment that a removed file was for: one that another environment
 * still has is gone from this one all the same. An environment that is no longer configured lost nothing by itself.
 */
function stayingPlaces(
  { ownership }: TipFolder,
  wanted: ReadonlyMap<string, WantedFile>,
  environments: readonly Pick<LaidOutEnvironment, "name" | "standalone">[],
): (path: string, object: GitRef) => boolean {
  const places = new Map<string, Set<string>>();
  for (const [path, { object }] of wanted) {
    if (object === undefined) continue;
    const id = refId(object);
    places.set(id, (places.get(id) ?? new Set()).add(placeOf(path)));
  }
  return (path, object) => {
    const now = places.get(refId(object));
    if (now === undefined) return false;
    const from = placeOf(path);
    const wasFor = environments.filter(({ name }) => {
      const before = ownership?.environments[name];
      return from === "base" ? before !== undefined && before.standalone !== true : name === from;
    });
    return wasFor.every(({ name, standalone }) => now.has(name) || (!standalone && now.has("base")));
  };
}

/** "base", or the environment whose overlay a file is in. */
function placeOf(path: string): string {
  return path.split("/", 1)[0] ?? "";
}

function* ownedPaths({ ownership }: TipFolder): Generator<readonly [string, Pick<OwnedFile, "object" | "secret">]> {
  if (ownership === undefined) return;
  yield* Object.entries(ownership.files);
  yield [OWNERSHIP_FILE, {}];
}
