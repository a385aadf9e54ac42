import { isBuiltIn } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import type { Content, ContentStore } from "../content.ts";
import type { GitRef } from "../git-ref.ts";
import { parseObject } from "../parse-object.ts";
import { mayStopImages, stopsImages } from "./container-images.ts";
import { changedImages, keptImages } from "./image-uses.ts";
import { type ImageEntry, type ImageUse, imageEntries, isHitByAny } from "./images.ts";
import type { OverlayFields } from "./overlay-fields.ts";
import { isScalable, type ReplicaUse, replicaEntries, replicasOf } from "./replicas.ts";

/** Gathers, object by object, what the kustomizations of overlays may say of images and replicas. */
export interface OverlayUses {
  /** An object that an overlay builds as it stands in a file. */
  keep(environment: string, ref: GitRef, content: Content): void;
  /**
   * An object that overlays make out of the base's, all of them the same; the very one twice where they change nothing.
   * @returns whether it has images
   */
  change(environments: readonly string[], ref: GitRef, base: JsonObject, wanted: JsonObject): boolean;
  /** Of each environment; only what hits nothing else that its overlay builds. */
  fields(): Promise<ReadonlyMap<string, OverlayFields>>;
}

interface Uses {
  readonly images: ReturnType<typeof createImageUses>;
  readonly replicas: ReplicaUse[];
}

interface KeptFile {
  readonly ref: GitRef;
  readonly content: Content;
  readonly environments: string[];
}

/** Nothing gathered yet. Files that are kept are read where an image that changes might be in them, and else not at all. */
export function createOverlayUses(environments: readonly string[], store: ContentStore): OverlayUses {
  const all = new Map<string, Uses>(environments.map((name) => [name, { images: createImageUses(), replicas: [] }]));
  const kept = new Map<string, KeptFile>();
  return {
    keep(environment, ref, content) {
      const { kind, name } = ref;
      if (isScalable(kind)) all.get(environment)?.replicas.push({ name, before: undefined, after: undefined });
      const having = kept.get(content.sha256) ?? { ref, content, environments: [] };
      kept.set(content.sha256, having);
      having.environments.push(environment);
    },
    change(having, { kind, name }, base, wanted) {
      const images = base === wanted ? keptImages(wanted) : changedImages(base, wanted);
      const stops = stopsImages(wanted);
      for (const environment of having) {
        const uses = all.get(environment);
        uses?.images.add(images, stops);
        if (isScalable(kind)) uses?.replicas.push({ name, before: replicasOf(base), after: replicasOf(wanted) });
      }
      return images.length > 0;
    },
    async fields() {
      await addKeptImages(kept.values(), all, store);
      return new Map(
        [...all].map(([name, { images, replicas }]) => [
          name,
          { images: images.entries(), replicas: replicaEntries(replicas) },
        ]),
      );
    },
  };
}

/** What changes says which entries there could be; of what is kept only that counts what they would meet. */
async function addKeptImages(
  kept: Iterable<KeptFile>,
  all: ReadonlyMap<string, Uses>,
  store: ContentStore,
): Promise<void> {
  const changing = new Map([...all].map(([environment, { images }]) => [environment, images.entries()] as const));
  const hasEntries = (environment: string) => changing.get(environment)?.length !== 0;
  for (const { ref, content, environments } of kept) {
    const asking = environments.filter(hasEntries);
    if (asking.length === 0) continue;
    const file = await store.read(content);
    const text = file.toString("utf8");
    // What a server has checked against Kubernetes' own types stops nothing.
    const mayStop = !isBuiltIn(ref) && mayStopImages(text);
    const met = asking.filter((environment) => mayStop || isHitByAny(text, changing.get(environment) ?? []));
    if (met.length === 0) continue;
    const object = parseObject(file);
    const [uses, stops] = [keptImages(object), stopsImages(object)];
    for (const environment of met) all.get(environment)?.images.add(uses, stops);
  }
}

/** Gathers images, each pair once: many objects run the same one. */
function createImageUses() {
  const found = new Map<string, ImageUse>();
  let areStopped = false;
  return {
    /** @param stops whether the object, as the overlay builds it, stops images */
    add(uses: readonly ImageUse[], stops: boolean): void {
      areStopped ||= stops;
      for (const use of uses) found.set(JSON.stringify([use.before, use.after]), use);
    },
    entries: (): readonly ImageEntry[] => (areStopped ? [] : imageEntries([...found.values()])),
  };
}
