import { type CatalogEntry, contentIn } from "../catalog.ts";
import type { Content } from "../content.ts";
import { isPatchFile } from "../folders/file-name.ts";
import type { OwnedFile, Ownership } from "../folders/ownership.ts";
import { type GitRef, refId } from "../git-ref.ts";
import type { TipFolder } from "../repository/read-tip.ts";

/** An object that Git has from a source, and that the source does not give now to an environment that has it. */
export interface MissingObject {
  readonly ref: GitRef;
  /** The object whose absence lets its files go: `ref`, or the Secret that they stand for. */
  readonly proof: GitRef;
  /** Its file in the base, which overlays build on: "base/deployment-web.yaml". */
  readonly base: string | undefined;
  /** The overlays made from this source that have it, each with its file there: a patch, the whole object, or none. */
  readonly overlays: ReadonlyMap<string, string | undefined>;
  /** The overlays made from this source that do not have it. */
  readonly without: readonly string[];
  /** False when the source still gives it, only not to all environments. */
  readonly everywhere: boolean;
}

/**
 * The objects that Git has from a source and the source does not give now: gone, or only left out, unread, filtered.
 * @param source `uid` is that of its cluster; `others` are environments that are made from other sources now
 */
export function missingObjects(
  { ownership }: TipFolder,
  entries: ReadonlyMap<string, CatalogEntry>,
  source: { readonly id: string; readonly uid: string; readonly others: readonly string[] },
): readonly MissingObject[] {
  if (ownership === undefined) return [];
  const origins = Object.entries(ownership.environments).filter(
    ([environment, { uid }]) => uid === source.uid && !source.others.includes(environment),
  );
  const missing: MissingObject[] = [];
  for (const [id, { ref, proof, files }] of objectFiles(ownership.files)) {
    const entry = entries.get(id);
    const having = origins.filter(([name, { standalone }]) => files.has(name) || (files.has("base") && !standalone));
    const everywhere = entry?.contents.has(source.id) !== true;
    const isMissing = ([name]: (typeof origins)[number]) =>
      entry === undefined || contentIn(entry, { name, source: source.id }) === undefined;
    if (!having.some(isMissing)) continue;
    missing.push({
      ref,
      proof,
      base: files.get("base"),
      overlays: new Map(having.map(([name]) => [name, files.get(name)])),
      without: origins.map(([name]) => name).filter((name) => !having.some(([has]) => has === name)),
      everywhere,
    });
  }
  return missing;
}

interface ObjectFiles {
  readonly ref: GitRef;
  readonly proof: GitRef;
  /** By the folder they are in: "base", "prod". */
  readonly files: Map<string, string>;
}

function objectFiles(owned: Readonly<Record<string, OwnedFile>>): ReadonlyMap<string, ObjectFiles> {
  const objects = new Map<string, ObjectFiles>();
  for (const [path, { object: ref, secret }] of Object.entries(owned)) {
    if (ref === undefined) continue;
    const object = objects.get(refId(ref)) ?? {
      ref,
      proof: secret === undefined ? ref : secretOf(ref),
      files: new Map<string, string>(),
    };
    objects.set(refId(ref), object);
    object.files.set(path.slice(0, path.indexOf("/")), path);
  }
  return objects;
}

/** The Secret that a file of ours stands for. */
export function secretOf({ namespace, name }: GitRef): GitRef {
  return { group: "", resource: "secrets", kind: "Secret", name, ...(namespace === undefined ? {} : { namespace }) };
}

/** What Git keeps of a source although the source does not give it now. */
export interface RetainedObject {
  readonly source: string;
  readonly missing: MissingObject;
  /** Its file in the base, byte for byte. */
  readonly base: Content | undefined;
  /** Whether every overlay that builds on the base is made from this source: then the base is what the source gave. */
  readonly baseIsSource: boolean;
  /** By overlay that has it: the whole object, as building the overlay gives it. */
  readonly overlays: ReadonlyMap<string, Content>;
}

/** What Git keeps, held against where environments are deployed now. */
export interface SettledObject extends RetainedObject {
  /**
   * What the source gave, where Git shows it after this run as well: by it the environments of the source count. What this
   * run alone can see is no vote, because the next one could not see it and would come to another base.
   */
  readonly gave: Content | undefined;
}

/** The file of an overlay that holds an object whole, where it does. */
export function wholeFile(path: string | undefined): string | undefined {
  return path === undefined || isPatchFile(path) ? undefined : path;
}

/** The entries with what is kept put in as if its source still gave it. */
export function withRetained(
  entries: ReadonlyMap<string, CatalogEntry>,
  retained: readonly SettledObject[],
): readonly CatalogEntry[] {
  const merged = new Map(entries);
  for (const each of retained) {
    const id = refId(each.missing.ref);
    merged.set(id, withObject(merged.get(id), each));
  }
  return [...merged.values()];
}

function withObject(entry: CatalogEntry | undefined, { source, missing, overlays, gave }: SettledObject): CatalogEntry {
  const contents = new Map(entry?.contents);
  const variants = new Map(entry?.variants);
  const leftOutOf = new Set(entry?.leftOutOf);
  if (missing.everywhere) {
    // Where nobody knows what the source gave, its environments count by what their overlays build: that stays the same
    // from run to run, and what a base holds does not.
    if (gave !== undefined) contents.set(source, gave);
    for (const [environment, each] of overlays) {
      leftOutOf.delete(environment);
      if (each.sha256 !== gave?.sha256) variants.set(environment, each);
    }
    for (const environment of missing.without) leftOutOf.add(environment);
  } else {
    for (const [environment, each] of overlays) {
      if (leftOutOf.delete(environment)) variants.set(environment, each);
    }
  }
  return { ref: entry?.ref ?? missing.ref, contents, variants, leftOutOf };
}

/**
 * What the source gave: the base's file where no other source has a share in it, or what an overlay builds that takes no
 * overrides. Overlays of other clusters say nothing about it; each then keeps its own, and none of them moves.
 */
export function sourceContent(
  { base, baseIsSource, overlays }: Pick<RetainedObject, "base" | "baseIsSource" | "overlays">,
  before: Ownership["environments"],
): Content | undefined {
  if (base !== undefined && baseIsSource) return base;
  return [...overlays].find(([environment]) => before[environment]?.elsewhere !== true)?.[1];
}
