import { RE2JS, RE2JSException } from "re2js";

/** What one entry of a list of names stands for: a name, a glob with `*` and `?`, or a regular expression between slashes. */
export interface Pattern {
  /** As it was written. */
  readonly text: string;
  /** True for a name without wildcards: it stands for itself alone. */
  readonly plain: boolean;
  matches(name: string): boolean;
}

/** How a pattern is compared. */
export interface PatternOptions {
  /** "Deployments" fits "deployments"; for types, whose case people do not remember. Default false. */
  readonly anyCase?: boolean;
}

/**
 * Compiles one entry. Names come from strangers, so wildcards and expressions are run by RE2, whose time is linear in
 * the name's length whatever the expression; it knows no back references and no look-around.
 * @throws Error for text that `patternProblem` complains about
 */
export function compilePattern(text: string, { anyCase = false }: PatternOptions = {}): Pattern {
  const expression = expressionOf(text);
  if (expression === undefined) {
    const wanted = anyCase ? text.toLowerCase() : text;
    return { text, plain: true, matches: (name) => (anyCase ? name.toLowerCase() : name) === wanted };
  }
  const compiled = RE2JS.compile(expression, anyCase ? RE2JS.CASE_INSENSITIVE : 0);
  return { text, plain: false, matches: (name) => compiled.test(name) };
}

/** Why an entry cannot be used, as a sentence for people; undefined when it can. */
export function patternProblem(text: string): string | undefined {
  if (isRegular(text)) {
    if (text.length === 2) return "expected a regular expression between the slashes";
    return syntaxProblem(text);
  }
  if (text.startsWith("/")) return "begins like a regular expression; it ends with another slash: /^team-[0-9]+$/";
  const odd = /[\s[\]{}\\,()]/.exec(text)?.[0];
  if (odd === undefined) return undefined;
  return `"${odd}" stands in no name and means nothing in a glob (only * and ? do); write a regular expression between slashes, or one entry each`;
}

function syntaxProblem(text: string): string | undefined {
  try {
    RE2JS.compile(text.slice(1, -1));
    return undefined;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return `is no regular expression of RE2: ${error.message}`;
  }
}

function isRegular(text: string): boolean {
  return text.length >= 2 && text.startsWith("/") && text.endsWith("/");
}

function expressionOf(text: string): string | undefined {
  if (isRegular(text)) return text.slice(1, -1);
  if (!/[*?]/.test(text)) return undefined;
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return `^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`;
}
