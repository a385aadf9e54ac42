import { Buffer } from "node:buffer";
import { emitYaml, equalJson, isBuiltIn, kustomizeRefusal, parseYaml } from "@kubeferry/clean";
import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { type CatalogEntry, contentIn } from "../catalog.ts";
import type { Content } from "../content.ts";
import { type GitRef, refTitle } from "../git-ref.ts";
import { applyPatch } from "../patch/apply-patch.ts";
import { makePatch, type Patch } from "../patch/make-patch.ts";
import { mayStopImages, stopsImages } from "./container-images.ts";
import { differsMore } from "./differs-more.ts";
import { beforeImages, changedImages, keptImages } from "./image-uses.ts";
import { type ImageEntry, type ImageUse, imageEntries, isHitByAny } from "./images.ts";
import { mostShared } from "./most-shared.ts";
import { NO_FIELDS, type OverlayFields, withFields } from "./overlay-fields.ts";
import {
  isScalable,
  type ReplicaEntry,
  type ReplicaUse,
  replicaEntries,
  replicasOf,
  withReplicas,
} from "./replicas.ts";

/** An environment whose overlay builds on the base. */
export interface BuildingEnvironment {
  readonly name: string;
  readonly source: string;
}

/** An object in the base, and by environment what its overlay changes of it. */
export interface SharedObject {
  readonly base: Content;
  readonly patches: ReadonlyMap<string, Patch>;
}

/** The objects of a folder, split into what environments share and what each has otherwise. */
export interface FactoredFolder {
  /** By environment. */
  readonly fields: ReadonlyMap<string, OverlayFields>;
  /** Undefined for an object that stands whole in every overlay that has it. */
  shared(entry: CatalogEntry): Promise<SharedObject | undefined>;
}

/** Where the bytes of objects lie. */
export interface ContentStore {
  read(content: Content): Promise<Buffer>;
  put(bytes: Buffer): Promise<Content>;
}

/**
 * Factors the objects of a folder: what all environments have goes to the base as most of their sources have it, and the
 * rest is said by each overlay, so that building it gives exactly `contentIn` of each object. Objects are read one at a
 * time; what is held of each is the place of its base.
 */
export async function factorFolder(
  entries: readonly CatalogEntry[],
  environments: readonly BuildingEnvironment[],
  store: ContentStore,
): Promise<FactoredFolder> {
  const bases = new Map<CatalogEntry, Content>();
  for (const entry of entries) {
    const base = await baseOf(entry, environments, store);
    if (base !== undefined) bases.set(entry, base);
  }
  const fields = new Map<string, OverlayFields>();
  for (const environment of environments) {
    fields.set(environment.name, await fieldsOf(environment, entries, bases, store));
  }
  return {
    fields,
    async shared(entry) {
      const content = bases.get(entry);
      if (content === undefined) return undefined;
      const patches = new Map<string, Patch>();
      for (const environment of environments) {
        const wanted = contentIn(entry, environment);
        if (wanted === undefined || wanted.sha256 === content.sha256) continue;
        const [base, object] = [await objectOf(content, store), await objectOf(wanted, store)];
        const patch = patchOf(base, object, fields.get(environment.name) ?? NO_FIELDS, refTitle(entry.ref));
        if (patch !== undefined) patches.set(environment.name, patch);
      }
      return { base: content, patches };
    },
  };
}

/** What the base holds of an object; undefined where each overlay has to hold it whole. */
async function baseOf(
  entry: CatalogEntry,
  environments: readonly BuildingEnvironment[],
  store: ContentStore,
): Promise<Content | undefined> {
  const wanted = environments.map((environment) => contentIn(entry, environment));
  const [first] = wanted;
  if (first === undefined || wanted.includes(undefined)) return undefined;
  const all = wanted.filter((content) => content !== undefined);
  const sources = environments.map(({ source }, index) => entry.contents.get(source) ?? all[index] ?? first);
  if ([...all, ...sources].every(({ sha256 }) => sha256 === first.sha256)) return first;
  // What is encrypted is signed as a whole.
  if ([...all, ...sources].some(({ secret }) => secret !== undefined)) return undefined;
  const [of = first] = sources;
  if (sources.every(({ sha256 }) => sha256 === of.sha256)) {
    return (await patchesOf(of, all, store)) === undefined ? undefined : of;
  }
  const versions = await Promise.all(sources.map((content) => objectOf(content, store)));
  const shared = mostShared(versions);
  if (kustomizeRefusal(shared) !== undefined) return undefined;
  const equal = sources.find((_, index) => equalJson(versions[index] ?? null, shared));
  const base = equal ?? (await store.put(Buffer.from(emitYaml(shared), "utf8")));
  const patches = await patchesOf(base, all, store);
  if (patches === undefined) return undefined;
  const texts = await Promise.all([base, ...all].map(async (content) => (await store.read(content)).toString("utf8")));
  const [text = "", ...others] = texts;
  const isNamespaced = entry.ref.namespace !== undefined;
  return differsMore({ base: text, wanted: others, patches, isNamespaced }) ? undefined : base;
}

/** The patches that lead from a base to each of the contents; undefined where one of them is not to be had. */
async function patchesOf(
  content: Content,
  all: readonly Content[],
  store: ContentStore,
): Promise<readonly Patch[] | undefined> {
  const base = await objectOf(content, store);
  const patches: Patch[] = [];
  for (const wanted of all) {
    if (wanted.sha256 === content.sha256) continue;
    const patch = makePatch(base, await objectOf(wanted, store));
    if (patch === "whole") return undefined;
    patches.push(patch);
  }
  return patches;
}

/** What an overlay's kustomization says of images and replicas: only what hits nothing else that it builds. */
async function fieldsOf(
  environment: BuildingEnvironment,
  entries: readonly CatalogEntry[],
  bases: ReadonlyMap<CatalogEntry, Content>,
  store: ContentStore,
): Promise<OverlayFields> {
  const images = createUses();
  const replicas: ReplicaUse[] = [];
  const kept: { readonly content: Content; readonly ref: GitRef }[] = [];
  for (const entry of entries) {
    const wanted = contentIn(entry, environment);
    if (wanted === undefined) continue;
    const base = bases.get(entry);
    const { name, kind } = entry.ref;
    if (base === undefined || base.sha256 === wanted.sha256) {
      kept.push({ content: wanted, ref: entry.ref });
      if (isScalable(kind)) replicas.push({ name, before: undefined, after: undefined });
      continue;
    }
    const [before, after] = [await objectOf(base, store), await objectOf(wanted, store)];
    images.add(after, changedImages(before, after));
    if (isScalable(kind)) replicas.push({ name, before: replicasOf(before), after: replicasOf(after) });
  }
  const candidates = images.entries();
  for (const { content, ref } of candidates.length === 0 ? [] : kept) {
    const text = (await store.read(content)).toString("utf8");
    // What a server has checked against Kubernetes' own types stops nothing.
    if (!isHitByAny(text, candidates) && (isBuiltIn(ref) || !mayStopImages(text))) continue;
    const object = parsed(text);
    images.add(object, keptImages(object));
  }
  return { images: images.entries(), replicas: replicaEntries(replicas) };
}

/** Gathers images, each pair once: many objects run the same one. */
function createUses() {
  const found = new Map<string, ImageUse>();
  let areStopped = false;
  return {
    /** @param object as the overlay builds it */
    add(object: JsonObject, uses: readonly ImageUse[]): void {
      areStopped ||= stopsImages(object);
      for (const use of uses) found.set(JSON.stringify([use.before, use.after]), use);
    },
    entries: (): readonly ImageEntry[] => (areStopped ? [] : imageEntries([...found.values()])),
  };
}

/** The patch that leaves to the kustomization what it says itself; undefined where nothing is left. */
function patchOf(base: JsonObject, wanted: JsonObject, fields: OverlayFields, title: string): Patch | undefined {
  const patched = beforeReplicas(base, beforeImages(base, wanted, fields.images), fields.replicas);
  const patch = equalJson(base, patched) ? undefined : makePatch(base, patched);
  const built = patch === undefined || patch === "whole" ? base : applyPatch(base, patch);
  if (patch !== "whole" && equalJson(withFields(built, fields), wanted)) return patch;
  throw new Error(`gitops: factor ${title}: its base, patches and images do not build what the environment has`);
}

function beforeReplicas(base: JsonObject, wanted: JsonObject, entries: readonly ReplicaEntry[]): JsonObject {
  const before = replicasOf(base);
  const isChanged = !equalJson(withReplicas(base, entries), base);
  if (!isChanged || before === undefined || !isJsonObject(wanted.spec)) return wanted;
  return { ...wanted, spec: { ...wanted.spec, replicas: before } };
}

async function objectOf(content: Content, store: ContentStore): Promise<JsonObject> {
  return parsed((await store.read(content)).toString("utf8"));
}

function parsed(text: string): JsonObject {
  const object = parseYaml(text);
  return isJsonObject(object) ? object : {};
}
