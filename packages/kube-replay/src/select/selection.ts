import {
  isJsonObject,
  type JsonObject,
  matchesSelector,
  parseJson,
  parseSelector,
  selectorProblem,
} from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import { ReplayError } from "../replay-error.ts";
import { fieldLabelsOf } from "./field-labels.ts";
import { type FieldTerm, parseFieldSelector } from "./field-selector.ts";

/** Which objects of a list are meant. */
export interface Selection {
  /** The only name that can be; undefined when several can. */
  readonly name: string | undefined;
  takes(line: Buffer): boolean;
}

/**
 * Reads `labelSelector` and `fieldSelector` of a query.
 * @param selectable fields of a custom type that its definition makes selectable; undefined for a built-in type
 * @throws ReplayError "bad-request", for a field that an API server does not select by in that server's words
 */
export function selectionOf(
  query: URLSearchParams,
  type: TypeEntry,
  selectable: readonly string[] | undefined,
): Selection {
  const terms = parseFieldSelector(query.get("fieldSelector") ?? "");
  const tests = [...labelTests(query.get("labelSelector") ?? ""), ...fieldTests(terms, type, selectable)];
  return {
    name: terms.find(({ field, equal }) => field === "metadata.name" && equal)?.value,
    takes(line) {
      if (tests.length === 0) return true;
      const object = parseJson(line.toString("utf8"));
      return isJsonObject(object) && tests.every((test) => test(object));
    },
  };
}

type Test = (object: JsonObject) => boolean;

function labelTests(text: string): Test[] {
  if (text.trim() === "") return [];
  const problem = selectorProblem(text);
  if (problem !== undefined) throw new ReplayError("bad-request", `unable to parse the label selector: ${problem}`);
  const requirements = parseSelector(text);
  return [(object) => matchesSelector(requirements, labelsOf(object))];
}

function labelsOf({ metadata }: JsonObject): JsonObject {
  return isJsonObject(metadata) && isJsonObject(metadata.labels) ? metadata.labels : {};
}

function fieldTests(terms: readonly FieldTerm[], type: TypeEntry, selectable: readonly string[] | undefined): Test[] {
  const { fields, refusal } = fieldLabelsOf(type, selectable);
  return terms.map(({ field, value, equal }) => {
    const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (read === undefined) throw new ReplayError("bad-request", refusal(field));
    return (object) => (read(object) === value) === equal;
  });
}
