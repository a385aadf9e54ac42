import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";

/** What a schema says of a list's elements. */
export type ListSchema =
  | { readonly by: "keys"; readonly keys: readonly string[] }
  | { readonly by: "set" }
  | { readonly by: "place" };

/** What the API says of the value at one place, everything that its schema refers to and is composed of taken together. */
export interface SchemaNode {
  /** False where the API says nothing: free content. */
  readonly known: boolean;
  /** Where fields are not named one by one: labels, limits, data. */
  readonly isMap: boolean;
  readonly isQuantity: boolean;
  readonly nullable: boolean;
  readonly default: JsonValue | undefined;
  readonly list: ListSchema;
  /** What a named field is, or any of a map. */
  field(name: string): SchemaNode;
  element(): SchemaNode;
}

/** @param named the document's `components.schemas` */
export function createSchemaReader(named: JsonObject): (schema: JsonObject) => SchemaNode {
  const nodes = new WeakMap<JsonObject, SchemaNode>();
  const one = (schema: JsonObject): SchemaNode => {
    const known = nodes.get(schema) ?? nodeOf(partsOf(schema, named, new Set()));
    nodes.set(schema, known);
    return known;
  };
  const several = (schemas: readonly JsonObject[]): SchemaNode => {
    const [first, ...rest] = schemas;
    if (first === undefined) return FREE;
    return rest.length === 0 ? one(first) : nodeOf(schemas.flatMap((schema) => partsOf(schema, named, new Set())));
  };
  /** Maps and lists: that an entry is there is content of its own, so no default stands for one that is not. */
  const entry = (schemas: readonly JsonObject[]): SchemaNode => ({ ...several(schemas), default: undefined });
  function nodeOf(parts: readonly JsonObject[]): SchemaNode {
    const fields = (name: string) => inside(parts, (part) => own(part.properties, name));
    const values = inside(parts, (part) => part.additionalProperties);
    return {
      known: parts.length > 0,
      isMap: values.length > 0 && parts.every((part) => part.properties === undefined),
      isQuantity: parts.some(isQuantity),
      nullable: parts.some((part) => part.nullable === true),
      default: parts.find((part) => part.default !== undefined)?.default,
      list: listOf(parts),
      field(name) {
        const named = fields(name);
        return named.length === 0 ? entry(values) : several(named);
      },
      element: () => entry(inside(parts, (part) => part.items)),
    };
  }
  return one;
}

const FREE: SchemaNode = {
  known: false,
  isMap: false,
  isQuantity: false,
  nullable: true,
  default: undefined,
  list: { by: "place" },
  field: () => FREE,
  element: () => FREE,
};

const REFERENCE = "#/components/schemas/";
/** Stands for the one schema that is known by its name: it says of itself only that it is a text. */
const QUANTITY: JsonObject = { "x-quantity": true };

/** A schema, what it refers to and what it is composed of; the nearest first, since its own words count before others'. */
function partsOf(schema: JsonObject, named: JsonObject, seen: Set<JsonObject>): JsonObject[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { $ref: reference } = schema;
  const name =
    typeof reference === "string" && reference.startsWith(REFERENCE) ? reference.slice(REFERENCE.length) : "";
  const referred = own(named, name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const composed = ["allOf", "anyOf", "oneOf"].flatMap((how) => {
    const members = schema[how];
    return Array.isArray(members) ? members.filter(isJsonObject) : [];
  });
  return [
    schema,
    ...(name.endsWith(".pkg.api.resource.Quantity") ? [QUANTITY] : []),
    ...(isJsonObject(referred) ? partsOf(referred, named, seen) : []),
    ...composed.flatMap((member) => partsOf(member, named, seen)),
  ];
}

function inside(parts: readonly JsonObject[], look: (part: JsonObject) => JsonValue | undefined): JsonObject[] {
  return parts.map(look).filter(isJsonObject);
}

function own(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** In definitions of custom resources a quantity is a number or a text of the pattern that controller-gen writes. */
function isQuantity(part: JsonObject): boolean {
  return part["x-quantity"] === true || (typeof part.pattern === "string" && part.pattern.includes("[KMGTPE]i"));
}

/** `x-kubernetes-list-type` says it, or the older words for strategic merges. */
function listOf(parts: readonly JsonObject[]): ListSchema {
  const said = (word: string) => parts.find((part) => part[word] !== undefined)?.[word];
  const type = said("x-kubernetes-list-type");
  if (type === "set") return { by: "set" };
  const keys = said("x-kubernetes-list-map-keys");
  if (type === "map" && Array.isArray(keys)) return { by: "keys", keys: keys.map(String) };
  if (type === "atomic") return { by: "place" };
  const strategies = said("x-kubernetes-patch-strategy");
  if (typeof strategies !== "string" || !strategies.split(",").includes("merge")) return { by: "place" };
  const key = said("x-kubernetes-patch-merge-key");
  return typeof key === "string" ? { by: "keys", keys: [key] } : { by: "set" };
}
