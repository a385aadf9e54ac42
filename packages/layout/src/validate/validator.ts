import type { Call, JsonObject, ResourceType, ValidationFinding } from "@kubeferry/model";
import type { ValidationConfig } from "@kubeferry/shared-config";
import { type GitRef, refTitle } from "../git-ref.ts";
import { checkLimits, LIMITS } from "./limits.ts";
import { checkPatterns } from "./patterns.ts";
import { type PolicyRule, policyObject } from "./policy/policy-rule.ts";
import type { Problem } from "./problem.ts";
import type { SchemaCheck } from "./schema/schema-check.ts";

/** An object on its way into Git, in every form that an environment gives it. */
interface Validated {
  /** `Source.id`. */
  readonly source: string;
  readonly type: ResourceType;
  readonly ref: GitRef;
  readonly contents: readonly ValidatedContent[];
}

/** One form of an object. */
interface ValidatedContent {
  readonly object: JsonObject;
  /** Of its file. */
  readonly sizeBytes: number;
  /** Those that get this form; at least one. */
  readonly environments: readonly string[];
}

/** What became of an object. */
interface Verdict {
  /** Environments that an error keeps it out of. */
  readonly leftOutOf: ReadonlySet<string>;
  /** Why, when it is kept out of any: one half sentence for reports. */
  readonly reason: string | undefined;
  readonly findings: readonly (readonly [finding: ValidationFinding, environments: readonly string[]])[];
}

/** Judges objects one after the other. */
export interface Validator {
  judge(validated: Validated, call: Call): Promise<Verdict>;
}

/** The checks of a run; undefined: not configured. */
export interface Checks {
  readonly schema: SchemaCheck | undefined;
  readonly policies: readonly PolicyRule[];
}

/** Does the checks that are configured, in the order in which people are told. */
export function createValidator(validation: ValidationConfig, checks: Checks): Validator {
  return {
    async judge(validated, call) {
      const findings: Found[] = [];
      const schema = await checks.schema?.of(validated.source, validated.type, call);
      const everywhere = validated.contents.flatMap(({ environments }) => environments);
      if (schema?.remark !== undefined) findings.push([schema.remark, everywhere]);
      for (const { object, sizeBytes, environments } of validated.contents) {
        const limits = checkLimits(object, sizeBytes, LIMITS[validation.preset]);
        // What is too large or too deep is not looked at any further: it is the input of an attack, if of anything.
        const stop = limits.some(({ severity }) => severity === "error");
        const others = stop ? [] : [...patternProblems(object, validation), ...(schema?.check(object) ?? [])];
        for (const problem of [...limits, ...others]) findings.push(findingOf(problem, validated.ref, environments));
        if (!stop) findings.push(...policyFindings(validated, object, environments, checks.policies));
      }
      return verdictOf(findings);
    },
  };
}

function patternProblems(object: JsonObject, { patterns, preset }: ValidationConfig): readonly Problem[] {
  const wanted = patterns ?? (preset === "strict" ? "error" : "off");
  return wanted === "off" ? [] : checkPatterns(object, wanted === "error" ? "error" : "warning");
}

/** Each rule is asked once, and counts in each environment as the rule says. */
function* policyFindings(
  { type, ref }: Validated,
  object: JsonObject,
  environments: readonly string[],
  policies: readonly PolicyRule[],
): Generator<Found> {
  const asked = policyObject(object);
  for (const rule of policies) {
    if (!rule.concerns(object, type, ref)) continue;
    const bySeverity = Map.groupBy(environments, (environment) => rule.severityIn(environment));
    bySeverity.delete("off");
    const breach = bySeverity.size === 0 ? undefined : rule.test(asked);
    if (breach === undefined) continue;
    for (const [severity, where] of bySeverity) {
      if (severity !== "off") yield findingOf({ ...breach, severity, rule: `policy/${rule.name}` }, ref, where);
    }
  }
}

type Found = Verdict["findings"][number];

function findingOf(problem: Problem, ref: GitRef, environments: readonly string[]): Found {
  const { severity, rule, field, message } = problem;
  return [{ severity, rule, object: refTitle(ref), ...(field === undefined ? {} : { field }), message }, environments];
}

const NOTHING_FOUND: Verdict = { leftOutOf: new Set(), reason: undefined, findings: [] };

function verdictOf(findings: readonly Found[]): Verdict {
  if (findings.length === 0) return NOTHING_FOUND;
  const errors = findings.filter(([{ severity }]) => severity === "error");
  const leftOutOf = new Set(errors.flatMap(([, environments]) => environments));
  // Several forms of an object mostly have the same error.
  const distinct = new Map(errors.map(([finding]) => [JSON.stringify(finding), finding]));
  return { leftOutOf, reason: reasonOf([...distinct.values()]), findings };
}

function reasonOf([first, ...others]: readonly ValidationFinding[]): string | undefined {
  if (first === undefined) return undefined;
  const { rule, field, message } = first;
  const place = field === undefined || field === "" ? "" : ` at ${field}`;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${rule}${place}: ${message}${more}`;
}
