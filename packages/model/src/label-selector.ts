/** One condition on labels or annotations. */
export interface Requirement {
  readonly key: string;
  readonly operator: "in" | "notin" | "exists" | "absent" | "above" | "below";
  readonly values: readonly string[];
}

/** A selector that could not be read, and why; for `selectorProblem`. */
class SelectorSyntaxError extends Error {}

/**
 * Reads a selector as kubectl takes it: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, `a>1`, `a<1`,
 * joined by commas that all have to hold.
 * @throws Error for text that `selectorProblem` complains about
 * @see k8s.io/apimachinery/pkg/labels, whose syntax and meaning this is
 */
export function parseSelector(text: string): readonly Requirement[] {
  return split(text).map(parseRequirement);
}

/** Why a selector cannot be used, for people; undefined when it can. */
export function selectorProblem(text: string): string | undefined {
  try {
    parseSelector(text);
    return undefined;
  } catch (error) {
    if (error instanceof SelectorSyntaxError) return error.message;
    throw error;
  }
}

/** True when labels or annotations satisfy all conditions. As in Kubernetes, `!=` and `notin` hold where the key is absent. */
export function matchesSelector(
  requirements: readonly Requirement[],
  entries: Readonly<Record<string, unknown>>,
): boolean {
  return requirements.every((requirement) => {
    const value = Object.hasOwn(entries, requirement.key) ? String(entries[requirement.key]) : undefined;
    return holds(requirement, value);
  });
}

function holds({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "in":
      return value !== undefined && values.includes(value);
    case "notin":
      return value === undefined || !values.includes(value);
    case "above":
      return isInteger(value) && BigInt(value) > BigInt(values[0] ?? "0");
    case "below":
      return isInteger(value) && BigInt(value) < BigInt(values[0] ?? "0");
    default:
      return operator satisfies never;
  }
}

function isInteger(value: string | undefined): value is string {
  return value !== undefined && /^-?\d+$/.test(value);
}

/** At the commas that do not stand between brackets. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, char] of [...text].entries()) {
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (char !== "," || depth > 0) continue;
    parts.push([...text].slice(start, index).join(""));
    start = index + 1;
  }
  parts.push([...text].slice(start).join(""));
  return parts.map((part) => part.trim());
}

const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const COMPARISON = /^([^\s!=<>]+)\s*(==|!=|=|<|>)\s*([^\s!=<>]*)$/;

function parseRequirement(part: string): Requirement {
  if (part === "") throw new SelectorSyntaxError("expected a condition on both sides of every comma");
  const set = SET.exec(part);
  if (set !== null) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    return { key: checkedKey(set[1], part), operator: set[2] === "in" ? "in" : "notin", values };
  }
  const comparison = COMPARISON.exec(part);
  if (comparison !== null) return compared(comparison, part);
  if (part.startsWith("!")) return { key: checkedKey(part.slice(1).trim(), part), operator: "absent", values: [] };
  return { key: checkedKey(part, part), operator: "exists", values: [] };
}

function compared([, key, sign, value = ""]: RegExpExecArray, part: string): Requirement {
  const name = checkedKey(key, part);
  if (sign === "=" || sign === "==") return { key: name, operator: "in", values: [value] };
  if (sign === "!=") return { key: name, operator: "notin", values: [value] };
  if (!isInteger(value)) throw new SelectorSyntaxError(`"${part}": expected a whole number behind ${sign}`);
  return { key: name, operator: sign === ">" ? "above" : "below", values: [value] };
}

const KEY = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;

function checkedKey(key: string | undefined, part: string): string {
  if (key !== undefined && KEY.test(key)) return key;
  throw new SelectorSyntaxError(
    `"${part}" is no condition; write key=value, key!=value, key in (a,b), key notin (a,b), key, or !key`,
  );
}
