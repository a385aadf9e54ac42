import { Buffer } from "node:buffer";
import { emitYaml, equalJson, parseYaml } from "@kubeferry/clean";
import { type Call, isJsonObject } from "@kubeferry/model";
import { builtObject } from "../build/build-overlay.ts";
import type { CatalogEntry } from "../catalog.ts";
import type { Content } from "../content.ts";
import { fieldsIn, type OverlayFields } from "../factor/overlay-fields.ts";
import { kustomizationPath } from "../folders/file-name.ts";
import type { Ownership } from "../folders/ownership.ts";
import { refId } from "../git-ref.ts";
import type { Source } from "../read/source.ts";
import { tipFolder } from "../repository/read-tip.ts";
import { settledKey } from "../secrets/secret-step.ts";
import type { Planning } from "./planning.ts";
import {
  type MissingObject,
  missingObjects,
  type RetainedObject,
  type SettledObject,
  wholeFile,
  withRetained,
} from "./retain.ts";
import { settleKept } from "./settle-kept.ts";

/** A folder's objects, those included that Git keeps because nothing proves that they are gone. */
export interface KeptEntries {
  readonly entries: readonly CatalogEntry[];
  /** The objects that are kept, as `refId`s. */
  readonly kept: readonly string[];
  /** Files of such objects that people changed or deleted. */
  readonly edited: readonly string[];
  /** Objects of which nobody can say what an environment is to have, with the reason. */
  readonly unsettled: readonly string[];
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
  { id, origin }: Source,
  folder: string,
  { tip, generation, environments }: Planning,
): readonly MissingObject[] {
  // Two environments may be made from one cluster at two times: what one of them lacks says nothing about the other.
  const others = environments.filter((environment) => environment.source !== id).map(({ name }) => name);
  const from = { id, uid: origin.uid, others };
  const missing = missingObjects(tipFolder(tip, folder), generation.catalog.folder(folder), from);
  // In this run the Secret went another way, or into the list alone: another mode is configured.
  return missing.filter(({ ref, proof }) => ref === proof || !generation.settledSecrets.has(settledKey(id, proof)));
}

/**
 * Adds to what the sources give what Git has of them and must keep, environment by environment: laid out again, its
 * files are byte for byte as they were.
 */
export async function keepUnproven(
  folder: string,
  absences: Absences,
  planning: Planning,
  call: Call,
): Promise<KeptEntries> {
  const retained: SettledObject[] = [];
  const edited: string[] = [];
  const unsettled: string[] = [];
  const before = tipFolder(planning.tip, folder).ownership?.environments ?? {};
  for (const source of planning.sources) {
    for (const missing of missingFrom(source, folder, planning)) {
      if (absences.get(source.id)?.has(refId(missing.proof))) continue;
      const changed = editedFiles(folder, missing, planning);
      if (changed.length > 0) {
        edited.push(...changed);
        continue;
      }
      const contents = await contentsOf(folder, missing, planning, call);
      const baseIsSource = sharesBaseWithNobody(source, before, planning);
      const kept = { source: source.id, missing, baseIsSource, ...contents };
      const settled = settleKept(folder, kept, before, planning);
      if ("unsettled" in settled) unsettled.push(settled.unsettled);
      else retained.push(settled);
    }
  }
  const entries = withRetained(planning.generation.catalog.folder(folder), retained);
  return { entries, kept: retained.map(({ missing }) => refId(missing.ref)), edited, unsettled };
}

/** Whether all overlays that build on the folder's base are made from one source, as far as Git and the configuration say. */
function sharesBaseWithNobody(
  { id, origin }: Source,
  before: Ownership["environments"],
  { environments }: Planning,
): boolean {
  return Object.entries(before).every(([name, { uid, standalone }]) => {
    const now = environments.find((environment) => environment.name === name);
    return standalone === true || (now === undefined ? uid === origin.uid : now.source === id);
  });
}

/** The kustomizations count, where they may say something of the object: images, replicas. */
function editedFiles(folder: string, { base, overlays }: MissingObject, { tip }: Planning): readonly string[] {
  const there = tipFolder(tip, folder);
  const building = base === undefined ? [] : [...overlays.keys()].map(kustomizationPath);
  const files = [base, ...overlays.values(), ...building].filter((path) => path !== undefined);
  return files.filter((path) => there.digests.get(path) !== there.ownership?.files[path]?.sha256);
}

async function contentsOf(
  folder: string,
  missing: MissingObject,
  { tip, tree, shape, spool }: Planning,
  call: Call,
): Promise<Pick<RetainedObject, "base" | "overlays">> {
  const read = async (path: string) =>
    (await tree.readFile(tree.baseCommit, shape.place(folder, path), call)) ?? Buffer.alloc(0);
  const baseBytes = missing.base === undefined ? undefined : await read(missing.base);
  const put = async (path: string, bytes: Buffer) => {
    const secret = tipFolder(tip, folder).ownership?.files[path]?.secret;
    return { ...(await spool.put(bytes)), ...(secret === undefined ? {} : { secret }) };
  };
  const base = missing.base === undefined || baseBytes === undefined ? undefined : await put(missing.base, baseBytes);
  const overlays = new Map<string, Content>();
  for (const [environment, path] of missing.overlays) {
    const whole = wholeFile(path);
    if (whole !== undefined) overlays.set(environment, await put(whole, await read(whole)));
    else if (base !== undefined && baseBytes !== undefined) {
      const patch = path === undefined ? undefined : await read(path);
      const fields = fieldsIn(parseYaml((await read(kustomizationPath(environment))).toString("utf8")));
      const built = builtFrom(baseBytes, patch, fields);
      overlays.set(environment, built === undefined ? base : await spool.put(built));
    }
  }
  return { base, overlays };
}

/** What building an overlay makes of a file of the base; undefined where it leaves it as it is. */
function builtFrom(base: Buffer, patch: Buffer | undefined, fields: OverlayFields): Buffer | undefined {
  const object = parseYaml(base.toString("utf8"));
  if (!isJsonObject(object)) return undefined;
  const content = patch === undefined ? undefined : parseYaml(patch.toString("utf8"));
  const isPatch = isJsonObject(content) || Array.isArray(content);
  const built = builtObject(object, isPatch ? { content } : undefined, fields);
  return equalJson(built, object) ? undefined : Buffer.from(emitYaml(built), "utf8");
}
