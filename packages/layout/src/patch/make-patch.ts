import { equalJson } from "@kubeferry/clean";
import { at, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "@kubeferry/model";
import { makeMergePatch } from "./merge-patch.ts";
import { makeOperations } from "./operations.ts";
import { type PatchTarget, targetOf } from "./target.ts";

/** A patch that kustomize applies to one object. */
export interface Patch {
  /** What its file holds: a strategic merge patch, or the list of operations of a JSON patch (RFC 6902). */
  readonly content: JsonObject | JsonArray;
  /** What a JSON patch is for; a strategic merge patch says it itself. */
  readonly target?: PatchTarget;
}

/**
 * The patch with which kustomize makes `wanted` out of `base`: a strategic merge patch where one can say it exactly,
 * else a JSON patch. Equal objects give equal patches, whatever order their keys stand in.
 * @returns "whole" when neither can, or another object is wanted: then each environment has to hold it whole
 */
export function makePatch(base: JsonObject, wanted: JsonObject): Patch | "whole" {
  if (!isSameObject(base, wanted)) return "whole";
  const merge = makeMergePatch(base, wanted);
  if (merge !== undefined) return { content: merge };
  // On the way through a JSON patch kustomize rounds every integer of the object that a double cannot hold.
  if (holdsLargeInteger(base) || holdsLargeInteger(wanted)) return "whole";
  if (isNamedByBindings(base)) return "whole";
  const operations = makeOperations(base, wanted);
  return operations === undefined ? "whole" : { content: operations, target: targetOf(wanted) };
}

/**
 * kustomize takes what a JSON patch has touched for renamed, and follows up on those who name it: into the bindings that
 * name a ServiceAccount of their own namespace it writes that namespace. Measured with 5.8.1.
 */
function isNamedByBindings({ apiVersion, kind }: JsonObject): boolean {
  return kind === "ServiceAccount" && /^(.*\/)?v1$/.test(String(apiVersion));
}

function isSameObject(base: JsonObject, wanted: JsonObject): boolean {
  return [["apiVersion"], ["kind"], ["metadata", "name"], ["metadata", "namespace"]].every((path) =>
    equalJson(at(base, ...path) ?? null, at(wanted, ...path) ?? null),
  );
}

function holdsLargeInteger(object: JsonObject): boolean {
  const pending: JsonValue[] = [object];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === "bigint") return true;
    if (Array.isArray(value)) pending.push(...value);
    else if (isJsonObject(value)) pending.push(...Object.values(value));
  }
  return false;
}
