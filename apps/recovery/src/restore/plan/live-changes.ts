import type { Cleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { isSecrets } from "@kubeferry/snapshot";
import { cleanPair } from "../../compare/clean-pair.ts";
import { compareObjects } from "../../compare/compare-objects.ts";
import type { FieldChange } from "../../compare/field-change.ts";
import type { TypeSchemas } from "../../compare/schema/type-schemas.ts";
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

/** What a write would change of an object, without what the cluster puts there by itself. */
export function liveChanges(
  { planned, live, result, wasSealed }: Comparison,
  { cleaner, schemas }: { readonly cleaner: Cleaner; readonly schemas: TypeSchemas },
): readonly FieldChange[] {
  const of = { type: planned, schema: schemas.of(planned) };
  const { before, after } = cleanPair(live, result, { ...of, cleaner });
  // Of a Secret the comparison itself hides the values, and shows the keys.
  const isSecret = planned.group === "" && planned.kind === "Secret";
  return compareObjects(before, after, { ...of, hideValues: !isSecret && (wasSealed || isSecrets(planned)) });
}
