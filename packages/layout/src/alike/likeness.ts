import {
  type ComparedEnvironment,
  compareUtf8,
  type FolderLikeness,
  type JsonObject,
  type Likeness,
  type ObjectInSome,
} from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import { type CatalogEntry, contentIn } from "../catalog.ts";
import type { Content } from "../content.ts";
import { type GitRef, refId, refTitle } from "../git-ref.ts";
import { scanObject } from "../scan/scan-object.ts";
import { configuredParameters } from "./configured.ts";
import { differencesOf } from "./differences.ts";
import { findParameters } from "./parameters.ts";
import { createPlaces, type DifferentObject, type Places } from "./places.ts";

/** What comparing needs. */
export interface LikenessOptions {
  readonly environments: readonly ComparedEnvironment[];
  readonly parameters: GitOpsConfig["parameters"];
  /** Reads the content of a file as an object. */
  read(content: Content): Promise<JsonObject>;
  /** Whether it is proven that a source lacks an object; left out: whatever is not there is gone. */
  readonly isGone?: (source: string, ref: GitRef) => boolean;
}

/** A folder's objects. */
export interface ComparedFolder {
  /** "namespaces/shop", "cluster". */
  readonly folder: string;
  readonly entries: Iterable<CatalogEntry>;
}

/**
 * Compares what environments have, folder by folder. Objects are read one at a time, and only those that differ. Of
 * places that differ the first 100,000 are kept with their paths and searched for parameters; the others are counted.
 */
export async function likenessOf(folders: Iterable<ComparedFolder>, options: LikenessOptions): Promise<Likeness> {
  const { environments } = options;
  const places = createPlaces(configuredParameters(options.parameters, environments));
  const compared: { readonly likeness: Omit<FolderLikeness, "byParameters">; readonly objects: DifferentObject[] }[] =
    [];
  for (const folder of folders) compared.push(await compareFolder(folder, places, options));
  const judged = places.judged((groups) => findParameters(groups, environments));
  return {
    environments,
    folders: compared.map(({ likeness, objects }) => {
      const byParameters = objects.filter((object) => judged.isExplained(object)).length;
      const { onlyInSome, ...numbers } = likeness;
      return { ...numbers, byParameters, onlyInSome };
    }),
    parameters: judged.parameters,
    differences: judged.largest,
  };
}

async function compareFolder(
  { folder, entries }: ComparedFolder,
  places: Places,
  options: LikenessOptions,
): Promise<{ readonly likeness: Omit<FolderLikeness, "byParameters">; readonly objects: DifferentObject[] }> {
  const sorted = [...entries].sort((one, other) => compareUtf8(refId(one.ref), refId(other.ref)));
  const having = options.environments.filter((each) => sorted.some((entry) => contentIn(entry, each) !== undefined));
  const present = sorted.filter((entry) => having.some((each) => contentIn(entry, each) !== undefined));
  const onlyInSome: ObjectInSome[] = [];
  const objects: DifferentObject[] = [];
  let equal = 0;
  for (const entry of having.length < 2 ? [] : present) {
    const contents = having.flatMap((each) => contentIn(entry, each) ?? []);
    if (contents.length < having.length) onlyInSome.push(inSome(entry, having, options));
    else if (areAlike(contents)) equal += 1;
    else {
      const object = places.object(folder, refTitle(entry.ref));
      objects.push(object);
      const numbers = having.map((each) => options.environments.indexOf(each));
      await notePlaces(object, { entry, contents, numbers }, places, options);
    }
  }
  const likeness = {
    folder,
    environments: having.map(({ name }) => name),
    objects: present.length,
    equal,
    different: objects.length,
    onlyInSome,
  };
  return { likeness, objects };
}

function inSome(
  entry: CatalogEntry,
  having: readonly ComparedEnvironment[],
  { isGone }: LikenessOptions,
): ObjectInSome {
  const lacking = having.filter((each) => contentIn(entry, each) === undefined);
  const isUnproven = ({ name, source }: ComparedEnvironment) =>
    !entry.leftOutOf.has(name) && isGone?.(source, entry.ref) === false;
  return {
    object: refTitle(entry.ref),
    environments: having.filter((each) => !lacking.includes(each)).map(({ name }) => name),
    unprovenIn: lacking.filter(isUnproven).map(({ name }) => name),
  };
}

/** What stands for a Secret is encrypted anew where it was made anew, and says by its fingerprint what is in it. */
function areAlike(contents: readonly Content[]): boolean {
  const [first] = contents;
  if (contents.every(({ sha256 }) => sha256 === first?.sha256)) return true;
  const fingerprint = first?.secret?.fingerprint;
  return fingerprint !== undefined && contents.every(({ secret }) => secret?.fingerprint === fingerprint);
}

async function notePlaces(
  object: DifferentObject,
  at: {
    readonly entry: CatalogEntry;
    readonly contents: readonly Content[];
    readonly numbers: readonly number[];
  },
  places: Places,
  { read }: LikenessOptions,
): Promise<void> {
  const { entry, contents, numbers } = at;
  // What stands for a Secret is not even read.
  if (contents.some(({ secret }) => secret !== undefined)) return places.withhold(object);
  const versions: JsonObject[] = [];
  for (const content of contents) versions.push(await read(content));
  if (versions.some((version) => scanObject(version, entry.ref.group).length > 0)) return places.withhold(object);
  for (const { path, values } of differencesOf(versions)) {
    const texts = values.filter((value) => typeof value === "string");
    places.add(object, { path, environments: numbers, texts: texts.length === values.length ? texts : undefined });
  }
}
