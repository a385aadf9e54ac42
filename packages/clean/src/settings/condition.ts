import { compile, TreeInterpreter } from "@jmespath-community/jmespath";
import type { JsonObject } from "@kubeferry/model";

/** Why a JMESPath expression cannot be used, as a sentence for people; undefined when it can. */
export function conditionProblem(expression: string): string | undefined {
  try {
    compile(expression);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `is no JMESPath expression: ${error.message}`;
  }
}

/**
 * Compiles an expression to a question about an object. The answer is yes for what JMESPath takes for true: everything
 * but null, false and what is empty. It is no where the expression asks a function for something that the object does
 * not have (`starts_with` of a label that is missing).
 * @throws Error for text that `conditionProblem` complains about
 */
export function compileCondition(expression: string): (object: JsonObject) => boolean {
  const tree = compile(expression);
  return (object) => {
    try {
      return isTrue(TreeInterpreter.search(tree, withoutBigints(object) as never));
    } catch (error) {
      if (error instanceof Error) return false;
      throw error;
    }
  };
}

function isTrue(result: unknown): boolean {
  if (typeof result === "object" && result !== null) return Object.keys(result).length > 0;
  return result !== null && result !== undefined && result !== false && result !== "";
}

/** JMESPath knows doubles only: for a comparison the nearest one does. */
function withoutBigints(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withoutBigints);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutBigints(inner)]));
}
