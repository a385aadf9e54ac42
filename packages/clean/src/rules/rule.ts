import type { JsonObject } from "@kubeferry/model";
import type { Evidence } from "../evidence.ts";
import type { ObjectType } from "../object-type.ts";
import { type Path, valueAt } from "../path.ts";

/** What is said about a rule in reports and documents. */
export interface RuleTexts {
  /** Stable, kebab-case: reports and the rules version name it. */
  readonly id: string;
  /** What goes, in a few words. */
  readonly title: string;
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
  appliesTo(type: ObjectType): boolean;
  /** @returns paths that exist in the object and end in a key. */
  find(object: JsonObject, context: RuleContext): readonly Path[];
}

/** Says of a whole object that it is no content of its own. */
export interface DropRule extends RuleTexts {
  appliesTo(type: ObjectType): boolean;
  matches(object: JsonObject, evidence: Evidence): boolean;
}

/** Those of the paths at which the object has something. */
export function present(object: JsonObject, ...paths: Path[]): Path[] {
  return paths.filter((path) => valueAt(object, path) !== undefined);
}
