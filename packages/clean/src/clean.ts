import type { JsonObject } from "@kubeferry/model";
import { createEvidence, type Evidence } from "./evidence.ts";
import { isBuiltIn, type ObjectType } from "./object-type.ts";
import { type Path, toPointer } from "./path.ts";
import type { CleaningRule, CleanOptions, DropRule } from "./rules/rule.ts";
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

/** The view of an object by these rules, which all apply to its type; see `Cleaner.clean`. */
export function cleanWith(
  rules: readonly CleaningRule[],
  object: JsonObject,
  type: ObjectType,
  options: CleanOptions,
): Cleaned {
  const evidence = createEvidence(object);
  const paths: Path[] = [];
  const removed: Removal[] = [];
  const gone = new Set<string>();
  for (const rule of rules) {
    for (const path of rule.find(object, { evidence, options })) {
      if (!mayGo(rule, path, type, evidence)) continue;
      const pointer = toPointer(path);
      if (gone.has(pointer) || options.keep?.(pointer) === true) continue;
      gone.add(pointer);
      paths.push(path);
      removed.push({ path: pointer, rule: rule.id, reason: rule.reason });
    }
  }
  return { object: without(object, paths), removed };
}

/** Why a view by these rules, which all apply to its type, leaves the object out; see `Cleaner.dropReason`. */
export function dropReasonIn(rules: readonly DropRule[], object: JsonObject): DropReason | undefined {
  if (rules.length === 0) return undefined;
  const evidence = createEvidence(object);
  const rule = rules.find((each) => mayBeDropped(each, evidence) && each.matches(object, evidence));
  return rule === undefined ? undefined : { rule: rule.id, reason: rule.reason };
}

/** The promises that no rule can break; see `Cleaner.clean`. */
function mayGo(rule: CleaningRule, path: Path, type: ObjectType, evidence: Evidence): boolean {
  if (rule.reachesLists !== true && !isBuiltIn(type) && isInList(path)) return false;
  switch (rule.keptWhen) {
    case "nothing":
      return true;
    case "owned":
      return evidence.isLive && !evidence.isOwned(path, rule.appliedBy);
    case "written":
      return evidence.isLive && !evidence.isWritten(path);
    default:
      return rule.keptWhen satisfies never;
  }
}

/** Metadata has the same form in every type, and its lists are never compared whole. */
function isInList(path: Path): boolean {
  return path[0] !== "metadata" && path.some((step) => typeof step === "number");
}

function mayBeDropped(rule: DropRule, evidence: Evidence): boolean {
  return rule.keptWhen === "nothing" || (evidence.isLive && !evidence.isApplied(rule.appliedBy));
}
