import type { Buffer } from "node:buffer";
import { equalJson, parseYaml } from "@kubeferry/clean";
import { at, isJsonObject, type JsonValue, objectsAt, textAt } from "@kubeferry/model";
import { fieldsIn, type OverlayFields } from "../factor/overlay-fields.ts";
import { kustomizationPath } from "../folders/file-name.ts";
import { kustomization, type ListedPatch } from "../folders/kustomization.ts";
import { GitOpsError } from "../gitops-error.ts";
import { targetedBy } from "../patch/target.ts";

/** Reads a file of a folder by its path from there ("base/kustomization.yaml"); undefined where there is none. */
export type ReadFile = (path: string) => Promise<Buffer | undefined>;

/** What a kustomization of ours says. */
export interface ReadKustomization {
  readonly resources: readonly string[];
  readonly patches: readonly ListedPatch[];
  readonly fields: OverlayFields;
}

/**
 * The kustomization of a folder, in the form in which this project writes them.
 * @throws GitOpsError "damaged" where it is not there, or says anything else or in another way
 */
export async function readKustomization(folder: string, read: ReadFile): Promise<ReadKustomization> {
  const path = kustomizationPath(folder);
  const content = await readYaml(path, read);
  if (!isJsonObject(content)) throw damaged(path, "is no kustomization");
  const unknown = Object.keys(content).find((field) => !KNOWN_FIELDS.has(field));
  if (unknown !== undefined) throw damaged(path, `has ${unknown}, which no run writes`);
  const resources = Array.isArray(content.resources)
    ? content.resources.filter((each) => typeof each === "string")
    : [];
  const patches = objectsAt(content, "patches").map((listed): ListedPatch => {
    const target = isJsonObject(listed.target) ? targetedBy(listed.target) : undefined;
    return { path: textAt(listed, "path") ?? "", ...(target === undefined ? {} : { target }) };
  });
  const fields = fieldsIn(content);
  const ours = parseYaml(kustomization(resources, patches, fields).text);
  const foreign = [...KNOWN_FIELDS].find((field) => !equalJson(at(ours, field) ?? null, content[field] ?? null));
  if (foreign !== undefined) throw damaged(path, `has ${foreign} in a way in which no run writes them`);
  return { resources, patches, fields };
}

/** What a file of a folder holds. @throws GitOpsError "damaged" where it is not there or no YAML */
export async function readYaml(path: string, read: ReadFile): Promise<JsonValue> {
  const bytes = await read(path);
  if (bytes === undefined) throw damaged(path, "is not there");
  try {
    return parseYaml(bytes.toString("utf8"));
  } catch (cause) {
    throw damaged(path, "is not one document of YAML", cause);
  }
}

/** The error of a file that is not as a run wrote it. */
export function damaged(path: string, problem: string, cause?: unknown): GitOpsError {
  return new GitOpsError({
    kind: "damaged",
    who: "gitops",
    operation: "build an overlay",
    problem: `${path} ${problem}`,
    next: "restore the folder to what a run last wrote; where people added to it, build it with kustomize",
    cause,
  });
}

const KNOWN_FIELDS: ReadonlySet<string> = new Set(["apiVersion", "kind", "resources", "patches", "images", "replicas"]);
