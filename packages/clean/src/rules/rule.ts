import type { JsonObject, JsonValue } from "@kubeferry/model";
import type { Evidence } from "../evidence.ts";
import type { ObjectType } from "../object-type.ts";
import { type Path, valueAt } from "../path.ts";

/** What is said about a rule in reports and documents. */
interface RuleTexts {
  /** Stable, kebab-case: reports and the rules version name it. */
  readonly id: string;
  /** What goes, in a few words. */
  readonly title: string;
  /** Of which objects: "Service", "every object". */
  readonly of: string;
  /** Why it may go: one sentence, which a report shows beside each removal. */
  readonly reason: string;
  /** Where Kubernetes says so. */
  readonly source: string;
}

/** What a caller decides for rules. */
export interface CleanOptions {
  /**
   * Whether Argo CD's tracking id ("shop-dev:apps/Deployment:shop/web") names an Application that is ours, so that
   * what Argo CD wrote on the object is not content. Left out, none is ours.
   */
  readonly ours?: (trackingId: string) => boolean;
  /** Whether a field stays although a rule names it, by its JSON Pointer into the object as it came. */
  readonly keep?: (pointer: string) => boolean;
}

/** What a rule may look at beside the object. */
interface RuleContext {
  readonly evidence: Evidence;
  readonly options: CleanOptions;
}

/** Finds fields of an object that a view leaves out. Looks only; the engine removes. */
export interface CleaningRule extends RuleTexts {
  /**
   * What keeps a field although the rule names it: "nothing" for what only a server can set; "owned" when last-applied
   * or an Apply manager has it; "written" when any client ever wrote it. But for "nothing" the rule is applied to live
   * objects only.
   */
  readonly keptWhen: "nothing" | "owned" | "written";
  /** Controllers that write this by server-side Apply: their managers' names own nothing. */
  readonly appliedBy?: readonly string[];
  /** Whether it also reaches into lists of custom resources, which Argo CD compares whole. No built-in rule does. */
  readonly reachesLists?: boolean;
  appliesTo(type: ObjectType): boolean;
  /** @returns paths that exist in the object. */
  find(object: JsonObject, context: RuleContext): readonly Path[];
}

/** Says of a whole object that it is no content of its own. */
export interface DropRule extends RuleTexts {
  /** What keeps an object although the rule names it: "owned" when somebody applied it. */
  readonly keptWhen: "nothing" | "owned";
  /** As in `CleaningRule`. */
  readonly appliedBy?: readonly string[];
  appliesTo(type: ObjectType): boolean;
  matches(object: JsonObject, evidence: Evidence): boolean;
}

/** Those of the paths at which the object has something. */
export function present(object: JsonObject, ...paths: Path[]): Path[] {
  return paths.filter((path) => valueAt(object, path) !== undefined);
}

/** What other tools leave out and this one keeps. */
export interface Refusal {
  /** What stays, in a few words. */
  readonly title: string;
  readonly of: string;
  /** Why it stays, or who leaves it out instead. */
  readonly reason: string;
}

/** The way to an annotation of the object. */
export function annotation(name: string): Path {
  return ["metadata", "annotations", name];
}

/** Asks for types of one group. */
export function types(group: string, ...kinds: readonly string[]): (type: ObjectType) => boolean {
  return (type) => type.group === group && kinds.includes(type.kind);
}

/**
 * Those elements of a list that `goes` names: the list itself when that is all of them, so that no empty one is left.
 * @returns nothing when there is no such list, or nothing in it goes
 */
export function elements(
  object: JsonObject,
  list: Path,
  goes: (element: JsonValue, index: number) => boolean,
): readonly Path[] {
  const values = valueAt(object, list);
  if (!Array.isArray(values)) return [];
  const going = values.flatMap((value, index) => (goes(value, index) ? [[...list, index]] : []));
  return going.length > 0 && going.length === values.length ? [list] : going;
}
