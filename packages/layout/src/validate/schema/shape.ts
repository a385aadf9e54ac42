import { isJsonObject, type JsonObject, type JsonValue, keyOfStep } from "@kubeferry/model";

/** The types of JSON values that a schema can ask for; "number" takes whole numbers too. */
export type ValueType = "object" | "array" | "string" | "integer" | "number" | "boolean";

/** What a schema says of a value, everything that it refers to and is composed of taken together. */
export interface Shape {
  /** Undefined: any. */
  readonly types: ReadonlySet<ValueType> | undefined;
  readonly nullable: boolean;
  /** True where fields may stand that it does not name. */
  readonly open: boolean;
  readonly fields: ReadonlyMap<string, JsonObject>;
  /** Of all fields that are not named. */
  readonly values: JsonObject | undefined;
  readonly items: JsonObject | undefined;
}

/** Answers the shape of a schema of one document; each is worked out once. */
export type ShapeOf = (schema: JsonObject) => Shape;

/** @param named the document's `components.schemas` */
export function createShapes(named: JsonObject): ShapeOf {
  const known = new WeakMap<JsonObject, Shape>();
  return (schema) => {
    const shape = known.get(schema) ?? shapeFrom(partsOf(schema, { named, open: new Set() }));
    known.set(schema, shape);
    return shape;
  };
}

/** What is gathered while references and compositions are followed. */
interface Parts {
  readonly types: ReadonlySet<ValueType> | undefined;
  readonly nullable: boolean;
  readonly preserves: boolean;
  readonly fields: ReadonlyMap<string, JsonObject>;
  readonly values: JsonObject | undefined;
  readonly items: JsonObject | undefined;
}

interface Following {
  readonly named: JsonObject;
  /** Schemas that are being followed: one that comes round to itself says nothing more. */
  readonly open: ReadonlySet<JsonObject>;
}

const ANYTHING: Parts = {
  types: undefined,
  nullable: false,
  preserves: false,
  fields: new Map(),
  values: undefined,
  items: undefined,
};

// A map without any named field is free content: RawExtension, FieldsV1, and whatever a definition leaves open.
function shapeFrom({ preserves, ...parts }: Parts): Shape {
  return { ...parts, open: preserves || (parts.fields.size === 0 && parts.values === undefined) };
}

function partsOf(schema: JsonObject, following: Following): Parts {
  if (following.open.has(schema)) return ANYTHING;
  const inside = { ...following, open: new Set([...following.open, schema]) };
  const all = listOf(schema.allOf).map((member) => partsOf(member, inside));
  const choices = [listOf(schema.anyOf), listOf(schema.oneOf)]
    .filter((members) => members.length > 0)
    .map((members) => members.map((member) => partsOf(member, inside)).reduce(either));
  return [...all, ...choices, referred(schema, inside)].reduce(both, ownParts(schema));
}

function ownParts(schema: JsonObject): Parts {
  const { properties, additionalProperties, items } = schema;
  const fields = new Map(isJsonObject(properties) ? Object.entries(properties).filter(isField) : []);
  if (schema["x-kubernetes-embedded-resource"] === true) {
    for (const [name, type] of EMBEDDED) if (!fields.has(name)) fields.set(name, { type });
  }
  return {
    types: typesOf(schema),
    nullable: schema.nullable === true || (Array.isArray(schema.type) && schema.type.includes("null")),
    preserves: schema["x-kubernetes-preserve-unknown-fields"] === true || additionalProperties === true,
    fields,
    values: isJsonObject(additionalProperties) ? additionalProperties : undefined,
    items: isJsonObject(items) ? items : undefined,
  };
}

/** What every embedded object may have, whether its schema names it or not. */
const EMBEDDED = [
  ["apiVersion", "string"],
  ["kind", "string"],
  ["metadata", "object"],
] as const;

const VALUE_TYPES: ReadonlySet<string> = new Set(["object", "array", "string", "integer", "number", "boolean"]);

function typesOf(schema: JsonObject): Parts["types"] {
  if (schema["x-kubernetes-int-or-string"] === true || schema.format === "int-or-string") {
    return new Set(["integer", "string"]);
  }
  const written = Array.isArray(schema.type) ? schema.type : [schema.type];
  const types = written.filter(isValueType);
  return types.length === 0 ? undefined : new Set(types);
}

function isValueType(type: JsonValue | undefined): type is ValueType {
  return typeof type === "string" && VALUE_TYPES.has(type);
}

function isField(entry: [string, JsonValue]): entry is [string, JsonObject] {
  return isJsonObject(entry[1]);
}

function listOf(members: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(members) ? members.filter(isJsonObject) : [];
}

const REFERENCE = "#/components/schemas/";

/** Servers before 1.27 describe a quantity as a text alone, and take numbers all the same. */
const QUANTITY: Parts = { ...ANYTHING, types: new Set(["string", "number"]) };

function referred({ $ref: reference }: JsonObject, following: Following): Parts {
  if (typeof reference !== "string" || !reference.startsWith(REFERENCE)) return ANYTHING;
  const name = keyOfStep(reference.slice(REFERENCE.length));
  if (name.endsWith(".pkg.api.resource.Quantity")) return QUANTITY;
  const target = Object.hasOwn(following.named, name) ? following.named[name] : undefined;
  return isJsonObject(target) ? partsOf(target, following) : ANYTHING;
}

/** A value that has to fit both. */
function both(left: Parts, right: Parts): Parts {
  return {
    types: intersection(left.types, right.types),
    nullable: left.nullable || right.nullable,
    preserves: left.preserves || right.preserves,
    fields: merged(left.fields, right.fields, "allOf"),
    values: joined(left.values, right.values, "allOf"),
    items: joined(left.items, right.items, "allOf"),
  };
}

/** A value that has to fit one of them. What only one names may be there. */
function either(left: Parts, right: Parts): Parts {
  return {
    types: left.types && right.types && new Set([...left.types, ...right.types]),
    nullable: left.nullable || right.nullable,
    preserves: left.preserves || right.preserves,
    fields: merged(left.fields, right.fields, "anyOf"),
    values: joined(left.values, right.values, "anyOf"),
    items: joined(left.items, right.items, "anyOf"),
  };
}

function intersection(left: Parts["types"], right: Parts["types"]): Parts["types"] {
  if (left === undefined || right === undefined) return left ?? right;
  const common = new Set([...left].filter((type) => right.has(type)));
  // "number" and "integer" have no name in common, and every whole number is both.
  if (common.size > 0) return common;
  return left.has("number") && right.has("integer") ? right : left;
}

function merged(
  left: ReadonlyMap<string, JsonObject>,
  right: ReadonlyMap<string, JsonObject>,
  how: "allOf" | "anyOf",
): ReadonlyMap<string, JsonObject> {
  if (right.size === 0) return left;
  const fields = new Map(left);
  for (const [name, schema] of right) {
    const own = fields.get(name);
    fields.set(name, own === undefined ? schema : { [how]: [own, schema] });
  }
  return fields;
}

function joined(
  left: JsonObject | undefined,
  right: JsonObject | undefined,
  how: "allOf" | "anyOf",
): JsonObject | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return { [how]: [left, right] };
}
