import { type JsonObject, pointerStep } from "@kubeferry/model";
import { compareValues, type ValueChange } from "./compare-values.ts";
import type { FieldChange } from "./field-change.ts";
import { rulesOf } from "./field-rules.ts";
import { hiddenValues } from "./hidden-values.ts";
import type { TypeSchema } from "./schema/type-schemas.ts";

/** What is known of two objects that are compared. */
export interface ComparisonOptions {
  /** What both are. */
  readonly type: { readonly group: string; readonly kind: string; readonly resource: string };
  /** What the API says of the type; left out, what is known of Kubernetes' own types. */
  readonly schema?: TypeSchema | undefined;
  /** True hides every value: where the object was encrypted for what it holds. */
  readonly hideValues?: boolean | undefined;
}

/**
 * What differs between two states of an object, as the API server would see it: the order of keys does not count, nor
 * that of lists whose elements are told apart by keys, nor how a quantity is written, nor a default that one of them
 * leaves out. Both are compared as they are: see `cleanPair` for what the cluster puts there by itself.
 * Values of Secrets are compared and not shown; those of a Secret that was withheld are not compared.
 * @returns in an order that only depends on what they hold
 */
export function compareObjects(
  before: JsonObject,
  after: JsonObject,
  { type, schema, hideValues = false }: ComparisonOptions,
): FieldChange[] {
  const { left, right, isHidden } = hiddenValues(before, after, type);
  const changes: FieldChange[] = [];
  compareValues(left, right, {
    rules: rulesOf(type, schema),
    path: [],
    known: new WeakMap(),
    report: (path, change) => changes.push(shown(path, change, hideValues || isHidden(path))),
  });
  return changes;
}

function shown(path: readonly string[], { kind, ...values }: ValueChange, hidden: boolean): FieldChange {
  const at = path.map(pointerStep).join("");
  return hidden ? { path: at, kind, hidden } : { path: at, kind, ...values };
}
