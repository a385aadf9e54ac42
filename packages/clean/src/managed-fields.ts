import { isJsonObject, type JsonValue, parseJson } from "@kubeferry/model";
import { equalJson } from "./equal.ts";
import { ownValue, type Path, valueAt } from "./path.ts";

/**
 * Parts whose members are always owned one by one: an empty set behind them says that somebody applied `metadata: {}`,
 * and nothing about what others put in.
 */
const GRANULAR: ReadonlySet<string | number | undefined> = new Set(["annotations", "labels", "metadata"]);

/**
 * True when a set of fields (`fieldsV1` of a managedFields entry) holds the field at `path` of `object`.
 * An unknown form counts as holding everything: nothing is removed on a guess.
 * @see structured-merge-diff, fieldpath/serialize.go: "f:" a key, "k:" a list element by its key fields, "v:" one by
 * its value, "i:" one by its index; an empty set behind a name holds that value whole.
 */
export function ownsField(fields: JsonValue | undefined, object: JsonValue, path: Path): boolean {
  if (!isJsonObject(fields)) return true;
  return Object.keys(fields).length > 0 && holds(fields, object, path);
}

function holds(
  fields: JsonValue | undefined,
  live: JsonValue | undefined,
  path: Path,
  reached?: string | number,
): boolean {
  if (!isJsonObject(fields)) return false;
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (Object.keys(fields).length === 0) return !GRANULAR.has(reached);
  if (typeof step === "string") return holds(ownValue(fields, `f:${step}`), ownValue(live, step), rest, step);
  const element = valueAt(live, [step]);
  return Object.entries(fields).some(
    ([name, inner]) => names(name, step, element) && holds(inner, element, rest, step),
  );
}

/** Whether "k:{…}", "v:…" or "i:…" means this element. */
function names(name: string, index: number, element: JsonValue | undefined): boolean {
  const text = name.slice(2);
  switch (name.slice(0, 2)) {
    case "k:": {
      const wanted = parsed(text);
      return isJsonObject(wanted) && Object.keys(wanted).every((key) => ownValue(element, key) === wanted[key]);
    }
    case "v:":
      return element !== undefined && equalJson(parsed(text), element);
    case "i:":
      return Number(text) === index;
    default:
      return false;
  }
}

/** The server writes JSON here; what is none names no element. */
function parsed(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
