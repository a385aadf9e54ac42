import { closest, distance } from "fastest-levenshtein";
import { cleaningRules, dropRules } from "../rules/index.ts";
import { conditionProblem } from "./condition.ts";
import { pointerProblem } from "./pointer.ts";
import type { UserRule } from "./user-rule.ts";

/** The section `clean` of the configuration. */
export interface CleanSettings {
  /** Ids of built-in rules that are switched off. */
  readonly disable?: readonly string[];
  /** Rules of one's own, asked after the built-in ones. */
  readonly rules?: readonly UserRule[];
}

/** One setting that cannot be used. */
export interface SettingProblem {
  /** Below `clean`: ["rules", 0, "when"]. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what to write instead. */
  readonly text: string;
}

/** Everything in the settings that cannot be used; empty when they can. */
export function settingProblems({ disable = [], rules = [] }: CleanSettings): readonly SettingProblem[] {
  const builtIn = [...cleaningRules, ...dropRules].map(({ id }) => id);
  const unknown = disable.flatMap((id, index) =>
    builtIn.includes(id) ? [] : [{ path: ["disable", index], text: unknownRule(id, builtIn) }],
  );
  const seen = new Set(builtIn);
  const ofRules = rules.flatMap((rule, index) => {
    const problems = problemsOfRule(rule, seen);
    seen.add(rule.id);
    return problems.map(({ path, text }) => ({ path: ["rules", index, ...path], text }));
  });
  return [...unknown, ...ofRules];
}

function unknownRule(id: string, builtIn: readonly string[]): string {
  const nearest = closest(id, builtIn);
  const isNear = distance(id, nearest) <= Math.max(2, Math.floor(id.length / 3));
  const instead = isNear ? `did you mean ${nearest}?` : "`kubeferry clean --rules` lists them";
  return `there is no built-in rule "${id}"; ${instead}`;
}

function problemsOfRule({ id, remove, when, types }: UserRule, seen: ReadonlySet<string>): SettingProblem[] {
  const taken = seen.has(id) ? [{ path: ["id"], text: `another rule is called "${id}"; choose another name` }] : [];
  const idle = remove.length > 0 ? [] : [{ path: ["remove"], text: "names nothing that goes; write JSON pointers" }];
  const pointers = remove.flatMap((pointer, index) => {
    const problem = pointerProblem(pointer);
    return problem === undefined ? [] : [{ path: ["remove", index], text: `"${pointer}": ${problem}` }];
  });
  const condition = when === undefined ? undefined : conditionProblem(when);
  const conditions = condition === undefined ? [] : [{ path: ["when"], text: condition }];
  const odd = types.flatMap((type, index) =>
    /^[a-z0-9.*?-]+$/.test(type)
      ? []
      : [{ path: ["types", index], text: `"${type}": expected the plural and the group, such as deployments.apps` }],
  );
  return [...taken, ...odd, ...idle, ...pointers, ...conditions];
}
