import type { Cleaner } from "@kubeferry/clean";
import { at, isJsonObject, type JsonObject } from "@kubeferry/model";
import { isSecrets } from "@kubeferry/snapshot";
import { compareObjects } from "../../compare/compare-objects.ts";
import type { FieldChange } from "../../compare/field-change.ts";
import type { PlannedObject } from "../restore-plan.ts";

/** What is compared. */
export interface Comparison {
  readonly planned: PlannedObject;
  readonly live: JsonObject;
  /** What the API server would make of it. */
  readonly result: JsonObject;
  /** The captured object was encrypted: what it holds is not shown. */
  readonly wasSealed: boolean;
}

/**
 * What a write would change of an object, without what the cluster puts there by itself. Both sides are cleaned by the
 * evidence of both: the write itself makes us an owner of fields, and a field must not count on one side only.
 */
export function liveChanges(
  { planned, live, result, wasSealed }: Comparison,
  cleaner: Cleaner,
): readonly FieldChange[] {
  const evidence = [...managersOf(live), ...managersOf(result)];
  const cleaned = (object: JsonObject) => cleaner.clean(withManagers(object, evidence), planned).object;
  // Of Secrets the comparison itself hides the values, and shows the keys.
  const isCredential = isSecrets(planned) && planned.kind !== "Secret";
  const hideValues = isCredential || (wasSealed && planned.kind !== "Secret");
  return compareObjects(cleaned(live), cleaned(result), { type: planned, hideValues });
}

function managersOf(object: JsonObject) {
  const managers = at(object, "metadata", "managedFields");
  return Array.isArray(managers) ? managers : [];
}

function withManagers(object: JsonObject, managedFields: ReturnType<typeof managersOf>): JsonObject {
  const { metadata } = object;
  return isJsonObject(metadata) ? { ...object, metadata: { ...metadata, managedFields } } : object;
}
