import { compareUtf8 } from "@kubeferry/model";
import { type CatalogEntry, contentIn } from "../catalog.ts";
import type { Content } from "../content.ts";
import { type GitRef, refId } from "../git-ref.ts";
import { BESIDE, fileName, otherFileName } from "./file-name.ts";
import { kustomization } from "./kustomization.ts";

/** A file to be written; its path counts from the folder it belongs to. */
export interface WantedFile {
  readonly content: Content;
  /** The object in it. */
  readonly object?: GitRef;
}

/** An environment as a folder's layout needs it. */
export interface LaidOutEnvironment {
  readonly name: string;
  readonly source: string;
}

/** A folder laid out. */
export interface FolderLayout {
  /** By path: "base/deployment-web.yaml", "prod/kustomization.yaml". */
  readonly files: ReadonlyMap<string, WantedFile>;
  /** The environments that have an overlay here: those whose source has anything in the folder. */
  readonly environments: readonly string[];
}

/**
 * Lays the objects of a folder out: what every source has in equal bytes goes to `base`, all else whole to the
 * overlays of those who have it. Building an overlay gives back exactly its source's objects.
 * The same entries give the same files, whatever order they come in.
 * @param whole every environment has all of its objects in its own folder, without a base
 */
export function layOutFolder(
  entries: Iterable<CatalogEntry>,
  environments: readonly LaidOutEnvironment[],
  whole = false,
): FolderLayout {
  const sorted = [...entries].sort((left, right) => compareUtf8(refId(left.ref), refId(right.ref)));
  const sources = new Set(sorted.flatMap((entry) => [...entry.contents.keys()]));
  const taking = environments.filter(({ source }) => sources.has(source));
  const files = new Map<string, WantedFile>();
  const names = createNames();
  for (const entry of sorted) {
    const { ref } = entry;
    const shared = whole ? undefined : sharedContent(entry, taking);
    const name = names(ref);
    if (shared !== undefined) files.set(`base/${name}`, { content: shared, object: ref });
    else for (const [path, content] of placesOf(name, entry, taking)) files.set(path, { content, object: ref });
  }
  addKustomizations(files, taking);
  return { files, environments: taking.map(({ name }) => name) };
}

/** Gives each object a file name of its own; two objects never share a file. */
function createNames(): (ref: GitRef) => string {
  const taken = new Set<string>();
  return (ref) => {
    const name = taken.has(fileName(ref)) ? otherFileName(ref) : fileName(ref);
    taken.add(name);
    return name;
  };
}

function sharedContent(entry: CatalogEntry, environments: readonly LaidOutEnvironment[]): Content | undefined {
  const [first, ...others] = environments.map((environment) => contentIn(entry, environment));
  return first !== undefined && others.every((other) => other?.sha256 === first.sha256) ? first : undefined;
}

function* placesOf(
  name: string,
  entry: CatalogEntry,
  environments: readonly LaidOutEnvironment[],
): Generator<readonly [string, Content]> {
  for (const environment of environments) {
    const content = contentIn(entry, environment);
    if (content !== undefined) yield [`${environment.name}/${name}`, content];
  }
}

function addKustomizations(files: Map<string, WantedFile>, environments: readonly LaidOutEnvironment[]): void {
  const base = namesIn(files, "base");
  // kustomize refuses an empty kustomization: without a shared object there is no base.
  if (base.length > 0) files.set("base/kustomization.yaml", { content: kustomization(base) });
  for (const { name } of environments) {
    const resources = [...(base.length > 0 ? ["../base"] : []), ...namesIn(files, name)];
    files.set(`${name}/kustomization.yaml`, { content: kustomization(resources) });
  }
}

/** What a folder builds: encrypted Secrets lie in a folder beside. */
function namesIn(files: ReadonlyMap<string, WantedFile>, folder: string): readonly string[] {
  const inside = [...files.keys()].filter((path) => path.startsWith(`${folder}/`) && !path.includes(`/${BESIDE}/`));
  return inside.map((path) => path.slice(folder.length + 1));
}
