import {
  countMentions,
  editAt,
  type GitRef,
  mapNamespaces,
  type OverriddenObject,
  overrideByPatches,
  overrideImages,
  type Rule,
} from "@kubeferry/layout";
import type { JsonObject } from "@kubeferry/model";
import type { RestoreSettings } from "../restore-plan.ts";
import { rehearsed } from "./rehearsed.ts";
import { mapStorageClasses } from "./storage-classes.ts";

/** What of the settings changes objects. */
export type MappingSettings = Pick<
  RestoreSettings,
  "namespaces" | "storageClasses" | "images" | "patches" | "rehearsal"
>;

/** Calls things as they are called in the target. */
export interface Mapping {
  namespaceOf(namespace: string): string;
  /** Whether `apply` can throw: without patches it fits every object. */
  readonly mayRefuse: boolean;
  /**
   * The object as it is meant to be there; patches come last. `mentions`: texts left as they are that may name a
   * namespace which is called otherwise.
   * @throws GitOpsError "config" for a patch that does not fit the object
   */
  apply(object: JsonObject, ref: GitRef): { readonly object: JsonObject; readonly mentions: number };
}

/** Makes it out of the settings; with none of them every object stays the same object. */
export function createMapping(settings: MappingSettings): Mapping {
  const { namespaces, storageClasses, rehearsal } = settings;
  const images = rulesAt("images", settings.images);
  const patches = rulesAt("patches", settings.patches);
  const namespaceOf = (name: string): string => (Object.hasOwn(namespaces, name) ? (namespaces[name] ?? name) : name);
  return {
    namespaceOf,
    mayRefuse: patches.length > 0,
    apply(object, ref) {
      const overridden: OverriddenObject = { ref, environment: "restore", scaled: false };
      const renamed = withOwnLabel(mapNamespaces(object, ref, namespaceOf), ref, namespaceOf);
      const mentions = countMentions({ before: object, after: renamed }, namespaceOf);
      const stored = mapStorageClasses(renamed, ref, storageClasses);
      const imaged = overrideImages(stored, images, overridden, ignoreFit);
      const patched = overrideByPatches(imaged, patches, overridden, ignoreFit);
      return { object: rehearsal === undefined ? patched : rehearsed(patched, ref, rehearsal), mentions };
    },
  };
}

/** The label that holds a Namespace's own name, where somebody applied it. */
function withOwnLabel(object: JsonObject, ref: GitRef, namespaceOf: Mapping["namespaceOf"]): JsonObject {
  if (ref.group !== "" || ref.kind !== "Namespace") return object;
  const path = ["metadata", "labels", "kubernetes.io/metadata.name"];
  return editAt(object, path, (name) => (typeof name === "string" ? namespaceOf(name) : name));
}

function rulesAt<Value>(key: string, values: readonly Value[]): readonly Rule<Value>[] {
  return values.map((value, index) => ({ path: ["recovery", "restore", key, index], value }));
}

function ignoreFit(): void {
  // Which rules fit nothing is not said of a restore: a filter may leave out what they are for.
}
