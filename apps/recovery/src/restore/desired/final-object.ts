import { at, isJsonObject, type JsonObject } from "@kubeferry/model";
import type { PlanEntry } from "../restore-plan.ts";

/**
 * What is written: the desired object with what the plan found out about it in the target. Owner references are still
 * to be added: they name uids that are only known once the owners are there.
 */
export function finalObject(
  desired: JsonObject,
  { without, volumeName }: Pick<PlanEntry, "without" | "volumeName">,
): JsonObject {
  const bound = volumeName === undefined ? desired : withVolume(desired, volumeName);
  return without?.finalizers === undefined ? bound : withoutFinalizers(bound, without.finalizers);
}

function withVolume(claim: JsonObject, volumeName: string): JsonObject {
  const spec = at(claim, "spec");
  return { ...claim, spec: { ...(isJsonObject(spec) ? spec : {}), volumeName } };
}

function withoutFinalizers(object: JsonObject, stranded: readonly string[]): JsonObject {
  const { metadata } = object;
  if (!isJsonObject(metadata) || !Array.isArray(metadata.finalizers)) return object;
  const { finalizers, ...rest } = metadata;
  const kept = finalizers.filter((one) => typeof one !== "string" || !stranded.includes(one));
  return { ...object, metadata: kept.length === 0 ? rest : { ...rest, finalizers: kept } };
}
