import { type Call, compareUtf8 } from "@kubeferry/model";
import type { GitRef } from "../git-ref.ts";
import { type BaseMoves, createBaseMoves, NO_MOVES } from "./base-moves.ts";
import { type BuiltDifference, type ChangedFields, type Comparison, createComparison } from "./compare-built.ts";
import type { FolderState } from "./folder-state.ts";
import type { ImageChange } from "./image-changes.ts";

/** What merging a folder's plan does to the objects of one environment, as its overlay builds them. */
export interface EnvironmentEffects {
  readonly added: readonly GitRef[];
  readonly changed: readonly GitRef[];
  readonly removed: readonly GitRef[];
  /** Of the changed objects, each pair once. */
  readonly images: readonly ImageChange[];
}

/** What merging a folder's plan does, environment by environment. */
export interface FolderEffects {
  /** By environment, in the order of the configuration: those that have an overlay before or after. */
  readonly environments: ReadonlyMap<string, EnvironmentEffects>;
  /** Environments whose overlay goes because they are not configured any more. */
  readonly dropped: readonly string[];
  readonly base: BaseMoves;
}

/** Of a folder in which no object changes. */
export const NO_EFFECTS: FolderEffects = { environments: new Map(), dropped: [], base: NO_MOVES };

/** What effects are worked out from. */
interface EffectsOptions {
  readonly before: FolderState;
  readonly after: FolderState;
  /** Those that are configured, in their order. */
  readonly environments: readonly { readonly name: string; readonly source: string }[];
  /** Tells of a removed file whether its object goes on to be there in another way. */
  readonly isMoved: (path: string) => boolean;
}

/**
 * Works out which objects really become others where: a change of the base is none for an environment whose patch undoes
 * it, and an image in a kustomization changes every object that runs it. What nobody can work out counts as changed.
 * Names are held, and the files of one object at a time.
 */
export async function folderEffects(options: EffectsOptions, call: Call): Promise<FolderEffects> {
  const { before, after, environments } = options;
  const names = environments.map(({ name }) => name);
  const known = names.filter((name) => before.environments.includes(name) || after.environments.includes(name));
  const found: GrowingEffects[] = [];
  for (const name of known) found.push(await emptyEffects(name, options));
  const moves = createBaseMoves(before, after);
  const objects = [...new Map([...before.objects, ...after.objects])];
  for (const [id, ref] of objects.sort(([left], [right]) => compareUtf8(left, right))) {
    call.signal.throwIfAborted();
    const compare = createComparison(ref);
    const unchanged: string[] = [];
    for (const environment of found) {
      const change = await changeOf(id, environment, compare, options);
      if (change.kind === "unchanged") unchanged.push(environment.name);
      else if (change.kind !== "absent") environment[change.kind].push(ref);
      if (change.kind !== "changed") continue;
      for (const image of change.images) environment.images.set(JSON.stringify(image), image);
    }
    moves.note(id, ref, unchanged);
  }
  const isOfSeveral = new Set(environments.map(({ source }) => source)).size > 1;
  return {
    environments: new Map(found.map((each) => [each.name, finished(each)])),
    dropped: before.environments.filter((name) => !names.includes(name)),
    // What one source gives all environments is in the base as it is: there is nothing to vote on.
    base: isOfSeveral ? moves.all(known) : NO_MOVES,
  };
}

/** The effects of one environment while they are gathered, and what its overlay says. */
interface GrowingEffects {
  readonly name: string;
  readonly fields: ChangedFields;
  readonly added: GitRef[];
  readonly changed: GitRef[];
  readonly removed: GitRef[];
  readonly images: Map<string, ImageChange>;
}

async function emptyEffects(name: string, { before, after }: EffectsOptions): Promise<GrowingEffects> {
  const [old, now] = [await before.fieldsOf(name), await after.fieldsOf(name)];
  const isSame = old !== undefined && now !== undefined && JSON.stringify(old) === JSON.stringify(now);
  const fields = { before: old, after: now, isSame };
  return { name, fields, added: [], changed: [], removed: [], images: new Map() };
}

function finished({ added, changed, removed, images }: GrowingEffects): EnvironmentEffects {
  return { added, changed, removed, images: [...images.values()] };
}

type Change =
  | { readonly kind: "absent" | "unchanged" | "added" | "removed" }
  | ({ readonly kind: "changed" } & BuiltDifference);

async function changeOf(
  id: string,
  { name, fields }: GrowingEffects,
  compare: Comparison,
  { before, after, isMoved }: EffectsOptions,
): Promise<Change> {
  const [old, now] = [before.filesOf(id, name), after.filesOf(id, name)];
  if (old === undefined) return { kind: now === undefined ? "absent" : "added" };
  if (now === undefined) return isMoved(old.whole) ? { kind: "changed", images: [] } : { kind: "removed" };
  const difference = await compare({ state: before, from: old }, { state: after, from: now }, fields);
  return difference === undefined ? { kind: "unchanged" } : { kind: "changed", ...difference };
}
