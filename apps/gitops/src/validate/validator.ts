import type { Call, JsonObject, ResourceType, ValidationFinding } from "@kubeferry/model";
import type { ValidationConfig } from "@kubeferry/shared-config";
import { type GitRef, refTitle } from "../git-ref.ts";
import { checkLimits, LIMITS } from "./limits.ts";
import { checkPatterns } from "./patterns.ts";
import type { Problem } from "./problem.ts";

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

/** The checks that are configured, in the order in which people are told. */
export function createValidator(validation: ValidationConfig): Validator {
  return {
    async judge(validated) {
      const findings = validated.contents.flatMap((content) =>
        checkContent(content, validation).map((problem) => findingOf(problem, validated.ref, content.environments)),
      );
      return verdictOf(findings);
    },
  };
}

function checkContent({ object, sizeBytes }: ValidatedContent, validation: ValidationConfig): readonly Problem[] {
  const limits = checkLimits(object, sizeBytes, LIMITS[validation.preset]);
  // What is too large or too deep is not looked at any further: it is the input of an attack, if of anything.
  if (limits.some(({ severity }) => severity === "error")) return limits;
  return [...limits, ...patternProblems(object, validation)];
}

function patternProblems(object: JsonObject, { patterns, preset }: ValidationConfig): readonly Problem[] {
  const wanted = patterns ?? (preset === "strict" ? "error" : "off");
  return wanted === "off" ? [] : checkPatterns(object, wanted === "error" ? "error" : "warning");
}

type Found = Verdict["findings"][number];

function findingOf(problem: Problem, ref: GitRef, environments: readonly string[]): Found {
  const { severity, rule, field, message } = problem;
  return [{ severity, rule, object: refTitle(ref), ...(field === undefined ? {} : { field }), message }, environments];
}

function verdictOf(findings: readonly Found[]): Verdict {
  const errors = findings.filter(([{ severity }]) => severity === "error");
  const leftOutOf = new Set(errors.flatMap(([, environments]) => environments));
  return { leftOutOf, reason: reasonOf(errors.map(([finding]) => finding)), findings };
}

function reasonOf([first, ...others]: readonly ValidationFinding[]): string | undefined {
  if (first === undefined) return undefined;
  const { rule, field, message } = first;
  const place = field === undefined || field === "" ? "" : ` at ${field}`;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${rule}${place}: ${message}${more}`;
}
