import type { Call } from "@kubeferry/model";
import type { CatalogEntry } from "../catalog.ts";
import type { Content } from "../content.ts";
import { refId } from "../git-ref.ts";
import type { Source } from "../read/source.ts";
import { tipFolder } from "../repository/read-tip.ts";
import { settledKey } from "../secrets/secret-step.ts";
import type { Planning } from "./planning.ts";
import { type MissingObject, missingObjects, type RetainedObject, withRetained } from "./retain.ts";

/** A folder's objects, those included that Git keeps because nothing proves that they are gone. */
export interface KeptEntries {
  readonly entries: readonly CatalogEntry[];
  /** How many objects are kept. */
  readonly kept: number;
  /** Files of such objects that people changed or deleted. */
  readonly edited: readonly string[];
}

/** For each source what is proven to be gone from it, as `refId`s. */
export type Absences = ReadonlyMap<string, ReadonlySet<string>>;

/** Asks each source once about everything that Git has from it and it does not give now. */
export async function findAbsences(folders: readonly string[], planning: Planning, call: Call): Promise<Absences> {
  const absences = new Map<string, ReadonlySet<string>>();
  for (const source of planning.sources) {
    const missing = folders.flatMap((folder) => missingFrom(source, folder, planning));
    const refs = missing.map(({ proof }) => proof);
    absences.set(source.id, await source.absent(refs, call));
  }
  return absences;
}

function missingFrom(
  source: Source,
  folder: string,
  { tip, generation, environments }: Planning,
): readonly MissingObject[] {
  const { id, origin } = source;
  // Two environments may be made from one cluster at two times: what one of them lacks says nothing about the other.
  const others = environments.filter((environment) => environment.source !== id).map(({ name }) => name);
  const from = { id, uid: origin.uid, others };
  const missing = missingObjects(tipFolder(tip, folder), generation.catalog.folder(folder), from);
  // In this run the Secret went another way, or into the list alone: another mode is configured.
  return missing.filter(({ ref, proof }) => ref === proof || !generation.settledSecrets.has(settledKey(id, proof)));
}

/** Adds to what the sources give what Git has of them and must keep, byte for byte as Git has it. */
export async function keepUnproven(
  folder: string,
  absences: Absences,
  planning: Planning,
  call: Call,
): Promise<KeptEntries> {
  const retained: RetainedObject[] = [];
  const edited: string[] = [];
  for (const source of planning.sources) {
    for (const object of missingFrom(source, folder, planning)) {
      if (absences.get(source.id)?.has(refId(object.proof))) continue;
      const content = await contentOf(folder, object, planning, call);
      if (content === undefined) edited.push(object.path);
      else retained.push({ source: source.id, ref: object.ref, content });
    }
  }
  const entries = withRetained(planning.generation.catalog.folder(folder), retained);
  return { entries, kept: retained.length, edited };
}

async function contentOf(
  folder: string,
  { path }: MissingObject,
  { tip, tree, spool, shape }: Planning,
  call: Call,
): Promise<Content | undefined> {
  const there = tipFolder(tip, folder);
  if (there.digests.get(path) !== there.ownership?.files[path]?.sha256) return undefined;
  const bytes = await tree.readFile(tree.baseCommit, shape.place(folder, path), call);
  if (bytes === undefined) return undefined;
  const secret = there.ownership?.files[path]?.secret;
  return { ...(await spool.put(bytes)), ...(secret === undefined ? {} : { secret }) };
}
