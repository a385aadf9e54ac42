import { kustomizeRefusal } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { stopsImages } from "../factor/container-images.ts";
import { type OverlayFields, withFields } from "../factor/overlay-fields.ts";
import { isScaledBy } from "../factor/replicas.ts";
import { kustomizationPath } from "../folders/file-name.ts";
import type { ListedPatch } from "../folders/kustomization.ts";
import { GitOpsError } from "../gitops-error.ts";
import { applyPatch } from "../patch/apply-patch.ts";
import type { Patch } from "../patch/make-patch.ts";
import { type PatchTarget, targetOf } from "../patch/target.ts";
import { damaged, type ReadFile, readKustomization, readYaml } from "./read-kustomization.ts";

/**
 * Builds the overlay of an environment as kustomize does, without the program: it knows the kustomizations that this
 * project writes, and refuses every other one. Objects come one at a time, in the order in which they are listed.
 * @throws GitOpsError "damaged" naming the file that is missing, is not of our form, or fits nothing
 */
export async function* buildOverlay(environment: string, read: ReadFile): AsyncGenerator<JsonObject> {
  const own = kustomizationPath(environment);
  const { resources, patches, fields } = await readKustomization(environment, read);
  const pending = await readPatches(environment, patches, read);
  const unscaled = new Set(fields.replicas.map(({ name }) => name));
  const built = new Set<string>();
  for await (const { path, object } of resourcesOf(environment, resources, read)) {
    const id = idOf(targetOf(object));
    if (built.has(id)) throw damaged(path, "is an object that another file holds as well");
    built.add(id);
    for (const entry of fields.replicas) if (isScaledBy(object, entry)) unscaled.delete(entry.name);
    yield patched(object, pending.get(id), fields, path);
    pending.delete(id);
  }
  for (const { path } of pending.values()) throw damaged(path, "is a patch for an object that is not there");
  for (const name of unscaled) throw damaged(own, `has replicas for ${name}, which is not there`);
}

/** What kustomize makes of an object of the base: its patch first, then images and replicas. */
export function builtObject(
  object: JsonObject,
  patch: Pick<Patch, "content"> | undefined,
  fields: OverlayFields,
): JsonObject {
  return withFields(patch === undefined ? object : applyPatch(object, patch), fields);
}

interface ReadPatch {
  readonly path: string;
  readonly content: Patch["content"];
}

/** By the object that they are for. */
async function readPatches(
  environment: string,
  listed: readonly ListedPatch[],
  read: ReadFile,
): Promise<Map<string, ReadPatch>> {
  const patches = new Map<string, ReadPatch>();
  for (const { path: file, target } of listed) {
    const path = `${environment}/${file}`;
    const content = await readYaml(path, read);
    if (!isJsonObject(content) && !Array.isArray(content)) throw damaged(path, "is no patch");
    if (Array.isArray(content) === (target === undefined)) throw damaged(path, "is listed as the other form of patch");
    // A target as we write it is for one object, so that its texts are as good as the object's own.
    const id = idOf(target ?? targetOf(content as JsonObject));
    if (patches.has(id)) throw damaged(path, "is for an object that another patch is for as well");
    patches.set(id, { path, content });
  }
  return patches;
}

async function* resourcesOf(
  folder: string,
  resources: readonly string[],
  read: ReadFile,
): AsyncGenerator<{ readonly path: string; readonly object: JsonObject }> {
  for (const resource of resources) {
    if (resource === BASE && folder !== "base") {
      const { resources: shared, patches, fields } = await readKustomization("base", read);
      const isPlain = patches.length + fields.images.length + fields.replicas.length === 0;
      if (!isPlain) throw damaged(kustomizationPath("base"), "changes objects, which no run lets a base do");
      yield* resourcesOf("base", shared, read);
      continue;
    }
    const path = `${folder}/${resource}`;
    yield { path, object: objectIn(await readYaml(path, read), path) };
  }
}

const BASE = "../base";

function objectIn(content: JsonValue, path: string): JsonObject {
  if (!isJsonObject(content)) throw damaged(path, "holds no object");
  const refusal = kustomizeRefusal(content);
  if (refusal !== undefined) throw damaged(path, `does not come out of a build: ${refusal}`);
  return content;
}

function patched(object: JsonObject, patch: ReadPatch | undefined, fields: OverlayFields, path: string): JsonObject {
  try {
    const result = builtObject(object, patch, fields);
    if (fields.images.length === 0 || !stopsImages(result)) return result;
  } catch (error) {
    if (error instanceof GitOpsError) throw damaged(patch?.path ?? path, `does not fit: ${error.problem}`, error);
    throw error;
  }
  throw damaged(path, "is an object at which images stop a build");
}

function idOf({ group, version, kind, namespace = "", name }: PatchTarget): string {
  return [group, version, kind, namespace, name].join(" ");
}
