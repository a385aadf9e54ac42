import type { Buffer } from "node:buffer";
import { parseYaml } from "@kubeferry/clean";
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue, objectsAt, textAt } from "@kubeferry/model";
import { fieldsIn, type OverlayFields, withFields } from "../factor/overlay-fields.ts";
import { GitOpsError } from "../gitops-error.ts";
import { applyPatch } from "../patch/apply-patch.ts";
import type { Patch } from "../patch/make-patch.ts";
import { targetedBy, targetOf } from "../patch/target.ts";

/** Reads a file of a folder by its path from there ("base/kustomization.yaml"); undefined where there is none. */
export type ReadFile = (path: string) => Promise<Buffer | undefined>;

/**
 * Builds the overlay of an environment as kustomize does, without the program: it knows the kustomizations that this
 * project writes, and refuses every other one. Objects come one at a time, those of the base first.
 * @throws GitOpsError "damaged" naming the file that is missing, is not of our form, or fits nothing
 */
export async function* buildOverlay(environment: string, read: ReadFile): AsyncGenerator<JsonObject> {
  const { resources, patches, fields } = await readKustomization(environment, read);
  const pending = new Map<string, Patch["content"][]>();
  for (const { path, target } of patches) {
    const place = `${environment}/${path}`;
    const content = await readYaml(place, read);
    const id = Array.isArray(content) ? idOfTarget(target, place) : idOf(objectIn(content, place));
    pending.set(id, [...(pending.get(id) ?? []), content as Patch["content"]]);
  }
  const built = new Set<string>();
  for await (const { path, object } of resourcesOf(environment, resources, read)) {
    const id = idOf(object);
    if (built.has(id)) throw damaged(path, "is an object that another file holds as well");
    built.add(id);
    yield builtObject(object, pending.get(id) ?? [], fields);
    pending.delete(id);
  }
  const [idle] = pending.keys();
  if (idle !== undefined) throw damaged(`${environment}/${FILE}`, `lists a patch for ${idle}, which is not there`);
}

/** What kustomize makes of an object of the base: patches first, then images and replicas. */
export function builtObject(
  object: JsonObject,
  patches: readonly Patch["content"][],
  fields: OverlayFields,
): JsonObject {
  const patched = patches.reduce<JsonObject>((before, content) => applyPatch(before, { content }), object);
  return withFields(patched, fields);
}

const FILE = "kustomization.yaml";
const BASE = "../base";
const KNOWN_FIELDS: ReadonlySet<string> = new Set(["apiVersion", "kind", "resources", "patches", "images", "replicas"]);

interface ReadKustomization {
  readonly resources: readonly string[];
  readonly patches: readonly { readonly path: string; readonly target?: JsonObject }[];
  readonly fields: OverlayFields;
}

async function readKustomization(folder: string, read: ReadFile): Promise<ReadKustomization> {
  const path = `${folder}/${FILE}`;
  const content = await readYaml(path, read);
  if (!isJsonObject(content)) throw damaged(path, "is no kustomization");
  const unknown = Object.keys(content).find((field) => !KNOWN_FIELDS.has(field));
  if (unknown !== undefined) throw damaged(path, `has ${unknown}, which no run writes`);
  const { resources = [] } = content;
  if (!isListOfTexts(resources)) throw damaged(path, "lists resources that are no paths");
  const patches = objectsAt(content, "patches").map((listed) => {
    const file = textAt(listed, "path");
    if (file === undefined) throw damaged(path, "lists a patch without a file");
    return { path: file, ...(isJsonObject(listed.target) ? { target: listed.target } : {}) };
  });
  return { resources, patches, fields: fieldsIn(content) };
}

async function* resourcesOf(
  folder: string,
  resources: readonly string[],
  read: ReadFile,
): AsyncGenerator<{ readonly path: string; readonly object: JsonObject }> {
  for (const resource of resources) {
    if (resource === BASE) {
      const base = await readKustomization("base", read);
      if (base.patches.length > 0) throw damaged(`base/${FILE}`, "has patches, which no run writes");
      yield* resourcesOf("base", base.resources, read);
      continue;
    }
    const path = `${folder}/${resource}`;
    yield { path, object: objectIn(await readYaml(path, read), path) };
  }
}

async function readYaml(path: string, read: ReadFile): Promise<JsonValue> {
  const bytes = await read(path);
  if (bytes === undefined) throw damaged(path, "is not there");
  return parseYaml(bytes.toString("utf8"));
}

function objectIn(content: JsonValue, path: string): JsonObject {
  if (!isJsonObject(content)) throw damaged(path, "holds neither an object nor a patch");
  return content;
}

function isListOfTexts(value: JsonValue): value is JsonArray & readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function idOf(object: JsonObject): string {
  const { group, version, kind, namespace = "", name } = targetOf(object);
  return [group, version, kind, namespace, name].join(" ");
}

/** A target as we write it is for one object, so that its texts are as good as the object's own. */
function idOfTarget(target: JsonObject | undefined, path: string): string {
  const of = target === undefined ? undefined : targetedBy(target);
  if (of === undefined) throw damaged(path, "is a JSON patch without a target of its own");
  const { group, version, kind, namespace = "", name } = of;
  return [group, version, kind, namespace, name].join(" ");
}

function damaged(path: string, problem: string): GitOpsError {
  return new GitOpsError({
    kind: "damaged",
    who: "gitops",
    operation: "build an overlay",
    problem: `${path} ${problem}`,
    next: "restore the folder to what a run last wrote; where people added to it, build it with kustomize",
  });
}
