import type { JsonObject, ResourceType } from "@kubeferry/model";
import type { GitRef } from "../../git-ref.ts";

/** One rule of a policy file, ready to be asked. */
export interface PolicyRule {
  readonly name: string;
  /** Equal for rules that judge alike. */
  readonly fingerprint: string;
  /** True for an object that the rule is about. */
  concerns(object: JsonObject, type: ResourceType, ref: GitRef): boolean;
  severityIn(environment: string): PolicySeverity;
  /** Undefined when the object keeps to the rule. */
  test(object: PolicyObject): Breach | undefined;
}

/** What a breach counts as in an environment. */
export type PolicySeverity = "error" | "warning" | "off";

/** How an object breaks a rule, or why the rule could not be asked: which is not the same as keeping to it. */
export interface Breach {
  /** JSON pointer. */
  readonly field?: string;
  readonly message: string;
}

/** An object in the forms that the languages of rules take; each is made when it is first asked for. */
export interface PolicyObject {
  /** Whole numbers as bigint, all others as number. */
  cel(): unknown;
  /** All numbers as number. */
  json(): unknown;
}

/** The forms of one object. */
export function policyObject(object: JsonObject): PolicyObject {
  const made: { cel?: unknown; json?: unknown } = {};
  return {
    cel() {
      made.cel ??= withNumbers(object, (number) => (Number.isInteger(number) ? BigInt(number) : Number(number)));
      return made.cel;
    },
    json() {
      made.json ??= withNumbers(object, Number);
      return made.json;
    },
  };
}

function withNumbers(value: unknown, convert: (number: number | bigint) => unknown): unknown {
  if (typeof value === "number") return convert(value);
  if (typeof value === "bigint") return convert === Number ? Number(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withNumbers(item, convert));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item, convert)]));
}
