import { ReplayError } from "../replay-error.ts";

/** One condition on a field: equal, or not. */
export interface FieldTerm {
  readonly field: string;
  readonly value: string;
  readonly equal: boolean;
}

const TERM = /^((?:[^=!\\]|\\.)*?)(==|!=|=)(.*)$/s;

/**
 * Reads "status.phase=Running,metadata.name!=web". A backslash stands before a comma, an equals sign or a backslash
 * that belongs to a value.
 * @throws ReplayError "bad-request"
 * @see k8s.io/apimachinery/pkg/fields, whose syntax this is
 */
export function parseFieldSelector(text: string): FieldTerm[] {
  return split(text)
    .filter((term) => term !== "")
    .map((term) => {
      const [, field = "", operator, value = ""] = TERM.exec(term) ?? [];
      if (operator === undefined) {
        throw new ReplayError("bad-request", `invalid selector: '${text}'; can't understand '${term}'`);
      }
      return { field, value: unescaped(value, text), equal: operator !== "!=" };
    });
}

/** At the commas that no backslash stands before. */
function split(text: string): string[] {
  return text.match(/(?:[^,\\]|\\.?)+/gs) ?? [];
}

function unescaped(value: string, text: string): string {
  if (/^(?:[^\\,=]|\\[\\,=])*$/.test(value)) return value.replace(/\\(.)/g, "$1");
  throw new ReplayError("bad-request", `invalid field selector: ${text}: a value escapes "\\", "," and "=" with "\\"`);
}
