import type { JsonObject } from "@kubeferry/model";
import { createEvidence, type Evidence } from "./evidence.ts";
import { isBuiltIn, type ObjectType, typeOfObject } from "./object-type.ts";
import { type Path, toPointer } from "./path.ts";
import { cleaningRules, dropRules } from "./rules/index.ts";
import type { CleaningRule, CleanOptions } from "./rules/rule.ts";
import { without } from "./without.ts";

/** One field that was left out. */
export interface Removal {
  /** JSON Pointer into the object as it came: "/metadata/uid". */
  readonly path: string;
  /** Id of the rule, as in `ruleTable`. */
  readonly rule: string;
  readonly reason: string;
}

/** The view of an object. */
export interface Cleaned {
  /** Shares with the input what nothing was removed from. */
  readonly object: JsonObject;
  /** In the order of the rules. */
  readonly removed: readonly Removal[];
}

/** Why a whole object is left out of a view. */
export interface DropReason {
  /** Id of the rule, as in `ruleTable`. */
  readonly rule: string;
  readonly reason: string;
}

/**
 * Makes the view of an object that is written to the mirror and to Git: without what the cluster puts there by itself.
 * Never leaves out what last-applied-configuration or a server-side Apply holds, anything within a list of a custom
 * resource, or anything for being empty. The input is not changed; cleaning twice gives the same object.
 * @param type what the object is; by default what it says itself
 */
export function clean(
  object: JsonObject,
  type: ObjectType = typeOfObject(object),
  options: CleanOptions = {},
): Cleaned {
  return cleanWith(cleaningRules, object, type, options);
}

/** `clean` with a list of rules of one's choice. */
export function cleanWith(
  rules: readonly CleaningRule[],
  object: JsonObject,
  type: ObjectType,
  options: CleanOptions,
): Cleaned {
  const evidence = createEvidence(object);
  const paths: Path[] = [];
  const removed: Removal[] = [];
  for (const rule of rules) {
    if (!rule.appliesTo(type)) continue;
    for (const path of rule.find(object, { evidence, options })) {
      if (!mayGo(rule, path, type, evidence)) continue;
      paths.push(path);
      removed.push({ path: toPointer(path), rule: rule.id, reason: rule.reason });
    }
  }
  return { object: without(object, paths), removed };
}

/** Why a view leaves this whole object out, e.g. the default ServiceAccount; undefined when it belongs in. */
export function dropReason(object: JsonObject, type: ObjectType = typeOfObject(object)): DropReason | undefined {
  const candidates = dropRules.filter((rule) => rule.appliesTo(type));
  if (candidates.length === 0) return undefined;
  const evidence = createEvidence(object);
  const rule = candidates.find((candidate) => candidate.matches(object, evidence));
  return rule === undefined ? undefined : { rule: rule.id, reason: rule.reason };
}

/** The promises that no rule can break; see `clean`. */
function mayGo(rule: CleaningRule, path: Path, type: ObjectType, evidence: Evidence): boolean {
  if (!isBuiltIn(type) && path.some((step) => typeof step === "number")) return false;
  switch (rule.keptWhen) {
    case "nothing":
      return true;
    case "owned":
      return evidence.isLive && !evidence.isOwned(path);
    case "written":
      return evidence.isLive && !evidence.isWritten(path);
    default:
      return rule.keptWhen satisfies never;
  }
}
