import { equalJson } from "@kubeferry/clean";
import type { JsonObject, JsonValue } from "@kubeferry/model";
import { mapNamespaces, type NamespaceNames } from "../environments/namespaces/map-namespaces.ts";
import { applyOverrides } from "../environments/overrides/apply-overrides.ts";
import type { OverriddenObject, Rule } from "../environments/overrides/rule.ts";
import type { OverrideRules } from "../environments/overrides/rules.ts";
import { differences, type FieldDifference } from "./differences.ts";

/** A field that an environment has otherwise than its source. */
export interface ExplainedChange extends FieldDifference {
  /** Steps of the place where it is configured: ["gitops", "environments", "dev", "images", 0]. */
  readonly from: Rule<unknown>["path"];
}

const NO_RULES: OverrideRules = {
  replicas: [],
  resources: [],
  images: [],
  hosts: [],
  labels: [],
  annotations: [],
  patches: [],
};

/**
 * What an environment changes in an object, field by field, and which entry of the configuration says so: entries are
 * added one after the other, and whatever changes with one is its doing. A field that several change is the last one's;
 * one that ends as it began is not named.
 */
export function explainChanges(
  object: JsonObject,
  made: {
    readonly rules: OverrideRules;
    readonly overridden: OverriddenObject;
    readonly nameOf: NamespaceNames;
    /** Where the namespace's other name is configured. */
    readonly namespaceFrom: Rule<unknown>["path"];
  },
): readonly ExplainedChange[] {
  const { rules, overridden, nameOf, namespaceFrom } = made;
  const changes = new Map<string, ExplainedChange>();
  const state = { object };
  for (const kind of Object.keys(NO_RULES) as (keyof OverrideRules)[]) {
    const before = state.object;
    for (const [index, rule] of rules[kind].entries()) {
      const some = { ...NO_RULES, [kind]: rules[kind].slice(0, index + 1) };
      const after = applyOverrides(before, some, overridden, () => undefined);
      note(changes, differences(state.object, after), rule.path);
      state.object = after;
    }
  }
  note(changes, differences(state.object, mapNamespaces(state.object, overridden.ref, nameOf)), namespaceFrom);
  return [...changes.values()].filter(({ before, after }) => !isSame(before, after));
}

function isSame(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return equalJson(before, after);
}

function note(
  changes: Map<string, ExplainedChange>,
  found: readonly FieldDifference[],
  from: Rule<unknown>["path"],
): void {
  for (const { field, before, after } of found) {
    const first = changes.get(field);
    const original = first === undefined ? before : first.before;
    changes.set(field, {
      field,
      ...(original === undefined ? {} : { before: original }),
      ...(after === undefined ? {} : { after }),
      from,
    });
  }
}
