import { compareUtf8, createTurns } from "@kubeferry/model";
import { type CatalogEntry, contentIn } from "../catalog.ts";
import type { Content, ContentStore } from "../content.ts";
import { factorFolder } from "../factor/factor-folder.ts";
import type { OverlayFields } from "../factor/overlay-fields.ts";
import { type GitRef, refId } from "../git-ref.ts";
import { BESIDE, fileName, kustomizationPath, otherFileName, patchFileName } from "./file-name.ts";
import { kustomization, type ListedPatch } from "./kustomization.ts";

/** A file to be written; its path counts from the folder it belongs to. */
export interface WantedFile {
  readonly content: Content;
  /** The object in it, or that it patches. */
  readonly object?: GitRef;
}

/** An environment as a folder's layout needs it. */
export interface LaidOutEnvironment {
  readonly name: string;
  readonly source: string;
  /** Whether its folder holds its objects whole, without a base. */
  readonly standalone: boolean;
}

/** A folder laid out. */
export interface FolderLayout {
  /** By path: "base/deployment-web.yaml", "prod/patch-deployment-web.yaml", "prod/kustomization.yaml". */
  readonly files: ReadonlyMap<string, WantedFile>;
  /** The environments that have an overlay here: those that get anything. */
  readonly environments: readonly LaidOutEnvironment[];
}

/**
 * Lays the objects of a folder out. What all environments have goes to `base`, as most of their sources have it, and
 * what one has otherwise to the patches, images and replicas of its overlay; all else goes whole to the overlays of those
 * who have it.
 * Building an overlay gives exactly `contentIn` of each object. The same entries give the same files, whatever order
 * they come in.
 */
export async function layOutFolder(
  entries: Iterable<CatalogEntry>,
  environments: readonly LaidOutEnvironment[],
  store: ContentStore,
): Promise<FolderLayout> {
  const sorted = [...entries].sort((left, right) => compareUtf8(refId(left.ref), refId(right.ref)));
  const taking = environments.filter((each) => sorted.some((entry) => contentIn(entry, each) !== undefined));
  const building = taking.filter(({ standalone }) => !standalone);
  const files = new Map<string, WantedFile>();
  const folders = new Map(["base", ...taking.map(({ name }) => name)].map((name) => [name, emptyFolder()]));
  const factored = await factorFolder(sorted, building, store);
  const nameOf = createNames();
  const turn = createTurns();
  for (const entry of sorted) {
    await turn();
    const { ref } = entry;
    const name = nameOf(ref);
    const put = (folder: string, content: Content) => {
      files.set(`${folder}/${name}`, { content, object: ref });
      // Encrypted Secrets lie beside what is built.
      if (!name.startsWith(`${BESIDE}/`)) folders.get(folder)?.resources.push(name);
    };
    const shared = await factored.shared(entry);
    if (shared !== undefined) put("base", shared.base);
    for (const [environment, { content, target }] of shared?.patches ?? []) {
      const path = patchFileName(name);
      files.set(`${environment}/${path}`, { content, object: ref });
      folders.get(environment)?.patches.push({ path, ...(target === undefined ? {} : { target }) });
    }
    for (const environment of shared === undefined ? taking : taking.filter(({ standalone }) => standalone)) {
      const content = contentIn(entry, environment);
      if (content !== undefined) put(environment.name, content);
    }
  }
  addKustomizations(files, folders, building, factored.fields);
  return { files, environments: taking };
}

interface Folder {
  readonly resources: string[];
  readonly patches: ListedPatch[];
}

function emptyFolder(): Folder {
  return { resources: [], patches: [] };
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

function addKustomizations(
  files: Map<string, WantedFile>,
  folders: ReadonlyMap<string, Folder>,
  building: readonly LaidOutEnvironment[],
  fields: ReadonlyMap<string, OverlayFields>,
): void {
  const onBase = new Set(building.map(({ name }) => name));
  const hasBase = (folders.get("base")?.resources.length ?? 0) > 0;
  for (const [folder, { resources, patches }] of folders) {
    // kustomize refuses an empty kustomization: without a shared object there is no base.
    const all = hasBase && onBase.has(folder) ? ["../base", ...resources] : resources;
    if (all.length > 0)
      files.set(kustomizationPath(folder), { content: kustomization(all, patches, fields.get(folder)) });
  }
}
