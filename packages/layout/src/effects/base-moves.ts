import type { GitRef } from "../git-ref.ts";
import type { FolderState } from "./folder-state.ts";

/**
 * What becomes of the base where at least one environment goes on to build what it built: reviewers see a file that all
 * share change, and patches appear where nothing happens.
 */
export interface BaseMoves {
  /** Objects of which the base has something else. */
  readonly followed: readonly GitRef[];
  /** Objects that stood whole in overlays, and are shared now. */
  readonly joined: readonly GitRef[];
  /** Objects that were shared, and stand whole in overlays now. */
  readonly left: readonly GitRef[];
  /** The environments that go on to build one of these as it was. */
  readonly keeping: readonly string[];
}

/** Of a folder whose base stays. */
export const NO_MOVES: BaseMoves = { followed: [], joined: [], left: [], keeping: [] };

/** Gathers what becomes of the base, object by object. */
export function createBaseMoves(before: FolderState, after: FolderState) {
  const moves = { followed: [] as GitRef[], joined: [] as GitRef[], left: [] as GitRef[] };
  const keeping = new Set<string>();
  return {
    /** @param unchanged environments that build the object as it was */
    note(id: string, ref: GitRef, unchanged: readonly string[]): void {
      const places = unchanged.map(
        (name) => [before.filesOf(id, name)?.whole, after.filesOf(id, name)?.whole] as const,
      );
      const kind = places.map(([old, now]) => moveOf(old, now, before, after));
      const first = kind.find((each) => each !== undefined);
      if (first === undefined) return;
      moves[first].push(ref);
      for (const [index, name] of unchanged.entries()) if (kind[index] !== undefined) keeping.add(name);
    },
    /** @param order of the environments */
    all: (order: readonly string[]): BaseMoves => ({ ...moves, keeping: order.filter((name) => keeping.has(name)) }),
  };
}

function moveOf(
  old: string | undefined,
  now: string | undefined,
  before: FolderState,
  after: FolderState,
): "followed" | "joined" | "left" | undefined {
  if (old === undefined || now === undefined) return undefined;
  if (!isShared(old)) return isShared(now) ? "joined" : undefined;
  if (!isShared(now)) return "left";
  return before.file(old)?.sha256 === after.file(now)?.sha256 ? undefined : "followed";
}

function isShared(path: string): boolean {
  return path.startsWith("base/");
}
