import type { JsonObject } from "@kubeferry/model";
import { type CatalogEntry, contentIn } from "../catalog.ts";
import type { Content, ContentStore } from "../content.ts";
import { type GitRef, refTitle } from "../git-ref.ts";
import type { PatchTarget } from "../patch/target.ts";
import { basedObject } from "./based-object.ts";
import { NO_FIELDS, type OverlayFields } from "./overlay-fields.ts";
import { createOverlayUses, type OverlayUses } from "./overlay-uses.ts";
import { shorterPatch } from "./proven-patch.ts";
import { isScalable } from "./replicas.ts";
import { openVersions, type Versions } from "./versions.ts";
import { type WrittenPatch, writtenPatch } from "./written-patch.ts";

/** An environment whose overlay builds on the base. */
export interface BuildingEnvironment {
  readonly name: string;
  readonly source: string;
}

/** The file of a patch. */
interface PatchFile {
  readonly content: Content;
  /** For a JSON patch; a strategic merge patch names its object itself. */
  readonly target?: PatchTarget;
}

/** An object in the base, and by environment what its overlay changes of it. */
interface SharedObject {
  readonly base: Content;
  readonly patches: ReadonlyMap<string, PatchFile>;
}

/** The objects of a folder, split into what environments share and what each has otherwise. */
export interface FactoredFolder {
  /** By environment. */
  readonly fields: ReadonlyMap<string, OverlayFields>;
  /** Undefined for an object that stands whole in every overlay that has it. */
  shared(entry: CatalogEntry): Promise<SharedObject | undefined>;
}

/**
 * Factors the objects of a folder: what all environments have goes to the base as most of their sources have it, and the
 * rest is said by each overlay, so that building it gives exactly `contentIn` of each object. Objects are read one at a
 * time, and only those that differ; what is held of each is where its base and its patches lie. Those that images or
 * replicas of a kustomization reach are read a second time, once it is known what all objects need of these.
 */
export async function factorFolder(
  entries: readonly CatalogEntry[],
  environments: readonly BuildingEnvironment[],
  store: ContentStore,
): Promise<FactoredFolder> {
  const uses = createOverlayUses(
    environments.map(({ name }) => name),
    store,
  );
  const seen = new Map<CatalogEntry, SeenObject>();
  for (const entry of entries) {
    const object = await seenObject(entry, environments, uses, store);
    if (object !== undefined) seen.set(entry, object);
  }
  const fields = await uses.fields();
  return {
    fields,
    async shared(entry) {
      const object = seen.get(entry);
      return object === undefined ? undefined : besideFields(object, entry, environments, fields, store);
    },
  };
}

/** An object as patches alone say it. */
interface SeenObject extends SharedObject {
  /** Environments whose overlay may change images of it. */
  readonly withImages: ReadonlySet<string>;
}

/** What an environment has, and what its source has. */
interface Having {
  readonly environment: string;
  readonly content: Content;
  readonly vote: Content;
}

/** What the overlays that have the object need of images and replicas goes to `uses`. */
async function seenObject(
  entry: CatalogEntry,
  environments: readonly BuildingEnvironment[],
  uses: OverlayUses,
  store: ContentStore,
): Promise<SeenObject | undefined> {
  const having = havingOf(entry, environments);
  const [first] = having;
  const isEverywhere = having.length === environments.length;
  if (first !== undefined && isEverywhere && isOneVersion(having)) {
    keepAll(having, entry.ref, uses);
    return { base: first.content, patches: new Map(), withImages: new Set() };
  }
  const versions = openVersions(store);
  const differing = {
    title: refTitle(entry.ref),
    isNamespaced: entry.ref.namespace !== undefined,
    wanted: having.map(({ content }) => content),
    votes: having.map(({ vote }) => vote),
  };
  const based = isEverywhere ? await basedObject(differing, versions) : undefined;
  if (based === undefined) {
    keepAll(having, entry.ref, uses);
    return undefined;
  }
  const patches = new Map<string, PatchFile>();
  for (const { environment, content } of having) {
    const patch = based.patches.get(content.sha256);
    if (patch !== undefined) patches.set(environment, await patchFile(patch, store));
  }
  const withImages = await noteUses(having, { ref: entry.ref, base: based.base.object, versions }, uses);
  return { base: based.base.content, patches, withImages };
}

/** Asked once of each version. @returns environments whose overlay may change images of the object */
async function noteUses(
  having: readonly Having[],
  { ref, base, versions }: { readonly ref: GitRef; readonly base: JsonObject; readonly versions: Versions },
  uses: OverlayUses,
): Promise<ReadonlySet<string>> {
  const withImages = new Set<string>();
  for (const same of Map.groupBy(having, ({ content }) => content.sha256).values()) {
    const [first] = same;
    if (first === undefined) continue;
    const { object } = await versions.of(first.content);
    const names = same.map(({ environment }) => environment);
    if (uses.change(names, ref, base, object)) for (const name of names) withImages.add(name);
  }
  return withImages;
}

function havingOf(entry: CatalogEntry, environments: readonly BuildingEnvironment[]): readonly Having[] {
  return environments.flatMap((environment) => {
    const content = contentIn(entry, environment);
    const vote = entry.contents.get(environment.source);
    return content === undefined ? [] : [{ environment: environment.name, content, vote: vote ?? content }];
  });
}

function isOneVersion(having: readonly Having[]): boolean {
  return new Set(having.flatMap(({ content, vote }) => [content.sha256, vote.sha256])).size === 1;
}

function keepAll(having: readonly Having[], ref: GitRef, uses: OverlayUses): void {
  for (const { environment, content } of having) uses.keep(environment, ref, content);
}

async function patchFile({ patch, file }: WrittenPatch, store: ContentStore): Promise<PatchFile> {
  return { content: await store.put(file), ...(patch.target === undefined ? {} : { target: patch.target }) };
}

/** The object once more, with the patches left out or made shorter by what a kustomization says. */
async function besideFields(
  { base, patches, withImages }: SeenObject,
  entry: CatalogEntry,
  environments: readonly BuildingEnvironment[],
  fields: ReadonlyMap<string, OverlayFields>,
  store: ContentStore,
): Promise<SharedObject> {
  const versions = openVersions(store);
  const left = new Map(patches);
  for (const environment of environments) {
    const { name } = environment;
    const content = contentIn(entry, environment);
    const said = fields.get(name) ?? NO_FIELDS;
    const isReached = (said.images.length > 0 && withImages.has(name)) || scales(said, entry.ref);
    if (content === undefined || !patches.has(name) || !isReached) continue;
    const [before, wanted] = [await versions.of(base), await versions.of(content)];
    const patch = shorterPatch(before.object, wanted.object, said, refTitle(entry.ref));
    if (patch === undefined) left.delete(name);
    else left.set(name, await patchFile(writtenPatch(patch), store));
  }
  return { base, patches: left };
}

function scales({ replicas }: OverlayFields, { kind, name }: GitRef): boolean {
  return isScalable(kind) && replicas.some((entry) => entry.name === name);
}
