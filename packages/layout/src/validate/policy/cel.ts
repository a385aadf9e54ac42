import { Environment, EvaluationError } from "@marcbachmann/cel-js";
import { RE2JS, RE2JSException } from "re2js";
import type { Breach, PolicyObject } from "./policy-rule.ts";
import { createTimeLimit, TooSlow } from "./time-limit.ts";

/** An expression that cannot be used, and why. */
export class CelProblem extends Error {}

/**
 * Compiles a CEL expression over `object` that is true for an object that keeps to the rule.
 * @param message what to say of an object for which it is false
 * @throws CelProblem for one that does not parse, names something unknown, or cannot be true or false
 */
export function compileCel(source: string, message: string): (object: PolicyObject) => Breach | undefined {
  const expression = parse(source);
  // One loop takes as many steps as the object has items; a loop in a loop takes their square.
  const within = loopsIn(source) > 1 ? createTimeLimit() : <Result>(work: () => Result) => work();
  return (object) => {
    try {
      const verdict = within(() => expression({ object: object.cel() }) as unknown);
      if (verdict === true) return undefined;
      return { message: verdict === false ? message : "could not be asked: the expression is not true or false" };
    } catch (error) {
      return { message: `could not be asked: ${reasonOf(error, source)}` };
    }
  };
}

type Expression = ReturnType<Environment["parse"]>;

function parse(source: string): Expression {
  try {
    const expression = environment().parse(source);
    useLinearTime(expression.ast);
    const { valid, type, error } = expression.check();
    if (!valid) throw error;
    if (type !== "bool" && type !== "dyn") throw new CelProblem(`gives ${type}, and has to give true or false`);
    return expression;
  } catch (error) {
    if (error instanceof CelProblem) throw error;
    throw new CelProblem(firstLine(error));
  }
}

function environment(): Environment {
  return new Environment({ unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: false })
    .registerVariable("object", "dyn")
    .registerFunction(`string.${LINEAR_MATCHES}(string): bool`, (text: string, pattern: string) =>
      RE2JS.compile(pattern).test(text),
    );
}

const LINEAR_MATCHES = "matchesInLinearTime";

interface SyntaxNode {
  readonly op?: unknown;
  args?: unknown;
}

/**
 * CEL's `matches` is RE2, whose time is linear in the text. The library runs JavaScript's own expressions, which a text
 * can keep busy for years, and offers no way to replace a function; so the call is renamed in the syntax tree.
 */
function useLinearTime(root: unknown): void {
  const seen = new Set<object>();
  const open: unknown[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== "object" || node === null || seen.has(node)) continue;
    seen.add(node);
    const { op, args } = node as SyntaxNode;
    if (op === "rcall" && Array.isArray(args) && args[0] === "matches") {
      args[0] = LINEAR_MATCHES;
      checkPattern(args[2]);
    }
    open.push(...Object.values(node).filter((value) => value !== undefined));
  }
}

function checkPattern(given: unknown): void {
  const [pattern] = Array.isArray(given) ? (given as SyntaxNode[]) : [];
  if (pattern?.op !== "value" || typeof pattern.args !== "string") return;
  try {
    RE2JS.compile(pattern.args);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new CelProblem(`is no regular expression of RE2: ${error.message}`);
  }
}

/** At least as many loops as can stand in each other; a text that looks like one counts too. */
function loopsIn(source: string): number {
  return source.match(/\.\s*(all|exists|exists_one|existsOne|map|filter)\s*\(/g)?.length ?? 0;
}

/** Names what the expression asked for, never what the object holds. */
function reasonOf(error: unknown, source: string): string {
  if (error instanceof TooSlow) return error.message;
  if (!(error instanceof EvaluationError)) return "the expression failed";
  const key = error.code === "no_such_key" ? /^No such key: (.+)$/.exec(firstLine(error))?.[1] : undefined;
  // A key that the expression does not spell out is read from the object: it is a value there.
  return key !== undefined && source.includes(key) ? firstLine(error) : error.code.replaceAll("_", " ");
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : "").split("\n", 1)[0] ?? "";
}
