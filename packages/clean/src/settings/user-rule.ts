import { typeNameOf } from "../object-type.ts";
import type { CleaningRule } from "../rules/rule.ts";
import { compileCondition } from "./condition.ts";
import { placesOf } from "./pointer.ts";

/** A rule of one's own, as the configuration has it. */
export interface UserRule {
  /** Lower case letters, digits and "-"; no built-in rule's. */
  readonly id: string;
  readonly reason: string;
  /** "deployments.apps", "secrets", or a glob with `*` and `?` over that; empty: all types. */
  readonly types: readonly string[];
  /** JSON Pointers; a step `*` stands for every element or key. */
  readonly remove: readonly string[];
  /** JMESPath over the object; left out, the rule always applies. */
  readonly when?: string;
  /** Whether also what somebody applied goes, what is in lists of custom resources, and out of objects that are not live. */
  readonly evenIfApplied: boolean;
}

/** Makes a rule of a setting that `settingProblems` has nothing against. */
export function userRule({ id, reason, types, remove, when, evenIfApplied }: UserRule): CleaningRule {
  const patterns = types.map(toPattern);
  const applies = when === undefined ? undefined : compileCondition(when);
  return {
    id,
    title: remove.join(", "),
    of: types.length === 0 ? "every object" : types.join(", "),
    reason,
    source: "configuration, clean.rules",
    keptWhen: evenIfApplied ? "nothing" : "owned",
    reachesLists: evenIfApplied,
    appliesTo: (type) => patterns.length === 0 || patterns.some((pattern) => pattern.test(typeNameOf(type))),
    find(object) {
      const places = remove.flatMap((pointer) => placesOf(object, pointer));
      return places.length === 0 || applies?.(object) === false ? [] : places;
    },
  };
}

function toPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}
