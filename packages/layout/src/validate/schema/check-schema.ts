import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { type Problem, pointerOf } from "../problem.ts";
import type { Shape, ShapeOf, ValueType } from "./shape.ts";

/** The schema of one type, in the document that it stands in. */
export interface TypeSchema {
  readonly schema: JsonObject;
  readonly shapeOf: ShapeOf;
}

/** How many problems of one object are listed: whoever mistyped a field may have done it in a hundred containers. */
const MOST_PROBLEMS = 10;

/**
 * Holds an object against the schema that its API server publishes: fields it does not know, which the server would
 * drop or refuse, and values of another type than it takes. Rules of the server's own (required fields, patterns,
 * ranges) are its business: every object here was accepted by it once.
 *
 * null passes for every field, since to the server it means that the field is left out.
 * @param object not nested more deeply than `checkLimits` lets pass
 */
export function checkSchema(
  object: JsonObject,
  { schema, shapeOf }: TypeSchema,
  severity: Problem["severity"],
): readonly Problem[] {
  const problems: Problem[] = [];
  const report = (rule: string, path: readonly (string | number)[], message: string): boolean => {
    problems.push({ severity, rule, field: pointerOf(path), message });
    return problems.length >= MOST_PROBLEMS;
  };
  visit(object, shapeOf(schema), [], { shapeOf, report });
  return problems;
}

interface Visit {
  readonly shapeOf: ShapeOf;
  /** True when enough was found. */
  report(rule: string, path: readonly (string | number)[], message: string): boolean;
}

/** @returns true when enough was found, and the rest need not be looked at */
function visit(value: JsonValue, shape: Shape, path: (string | number)[], context: Visit): boolean {
  const type = typeOf(value);
  if (type === undefined) {
    const item = typeof path.at(-1) === "number";
    return item && !shape.nullable && shape.types !== undefined ? context.report("wrong-type", path, "is null") : false;
  }
  if (shape.types !== undefined && !fits(type, shape.types)) {
    const wanted = [...shape.types].map((each) => NAMES[each]).join(" or ");
    return context.report("wrong-type", path, `is ${NAMES[type]} where the API takes ${wanted}`);
  }
  if (Array.isArray(value)) return visitItems(value, shape, path, context);
  return isJsonObject(value) && visitFields(value, shape, path, context);
}

function visitFields(value: JsonObject, shape: Shape, path: (string | number)[], context: Visit): boolean {
  for (const [name, item] of Object.entries(value)) {
    const schema = shape.fields.get(name) ?? shape.values;
    if (schema === undefined && shape.open) continue;
    path.push(name);
    const enough =
      schema === undefined
        ? context.report("unknown-field", path, "the API knows no such field")
        : visit(item, context.shapeOf(schema), path, context);
    path.pop();
    if (enough) return true;
  }
  return false;
}

function visitItems(value: readonly JsonValue[], shape: Shape, path: (string | number)[], context: Visit): boolean {
  if (shape.items === undefined) return false;
  const inside = context.shapeOf(shape.items);
  for (const [index, item] of value.entries()) {
    path.push(index);
    const enough = visit(item, inside, path, context);
    path.pop();
    if (enough) return true;
  }
  return false;
}

const NAMES: Readonly<Record<ValueType, string>> = {
  object: "a map",
  array: "a list",
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
};

function typeOf(value: JsonValue): ValueType | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "bigint":
      return "integer";
    case "number":
      return Number.isInteger(value) ? "integer" : "number";
    default:
      return "object";
  }
}

function fits(type: ValueType, types: ReadonlySet<ValueType>): boolean {
  return types.has(type) || (type === "integer" && types.has("number"));
}
