import { equalJson } from "@kubeferry/clean";
import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { applyPatch } from "../patch/apply-patch.ts";
import { makePatch, type Patch } from "../patch/make-patch.ts";
import { beforeImages } from "./image-uses.ts";
import { type OverlayFields, withFields } from "./overlay-fields.ts";
import { type ReplicaEntry, replicasOf, withReplicas } from "./replicas.ts";

/**
 * The patch that leaves to the kustomization what it says itself.
 * @param title names the object in an error
 * @returns undefined where the kustomization says all; "whole" where no patch can say the rest
 * @throws Error when base, patch and kustomization would build something else than what is wanted: a mistake of ours
 */
export function provenPatch(
  base: JsonObject,
  wanted: JsonObject,
  fields: OverlayFields,
  title: string,
): Patch | "whole" | undefined {
  const patched = beforeReplicas(base, beforeImages(base, wanted, fields.images), fields.replicas);
  const patch = equalJson(base, patched) ? undefined : makePatch(base, patched);
  if (patch === "whole") return patch;
  const built = withFields(patch === undefined ? base : applyPatch(base, patch), fields);
  if (equalJson(built, wanted)) return patch;
  throw new Error(`gitops: factor ${title}: its base, patches and images do not build what the environment has`);
}

/**
 * As `provenPatch`, for an object that patches alone can say.
 * @throws Error as `provenPatch`, and where the kustomization makes that impossible
 */
export function shorterPatch(
  base: JsonObject,
  wanted: JsonObject,
  fields: OverlayFields,
  title: string,
): Patch | undefined {
  const patch = provenPatch(base, wanted, fields, title);
  if (patch !== "whole") return patch;
  throw new Error(`gitops: factor ${title}: no patch says what its images and replicas leave to one`);
}

function beforeReplicas(base: JsonObject, wanted: JsonObject, entries: readonly ReplicaEntry[]): JsonObject {
  const before = replicasOf(base);
  const isChanged = !equalJson(withReplicas(base, entries), base);
  if (!isChanged || before === undefined || !isJsonObject(wanted.spec)) return wanted;
  return { ...wanted, spec: { ...wanted.spec, replicas: before } };
}
