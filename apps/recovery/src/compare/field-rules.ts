import { isBuiltIn } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { builtInList, isQuantityByName, meansNothingEmpty } from "./built-in-fields.ts";
import { type Defaults, fieldDefaults } from "./defaults/defaults.ts";
import { defaultsOf } from "./defaults/kind-defaults.ts";
import type { ListSchema, SchemaNode } from "./schema/schema-node.ts";
import type { TypeSchema } from "./schema/type-schemas.ts";

/** How the values at one place of an object are compared. */
export interface FieldRules {
  /** What the API server puts where there is nothing, given what stands around it; undefined: it puts nothing. */
  default(around: JsonObject): JsonValue | undefined;
  /** True for what is as good as nothing: null, an empty map or list where they mean no more. */
  isNothing(value: JsonValue): boolean;
  readonly isQuantity: boolean;
  /** How the elements of a list are told apart. */
  listRule(list: readonly JsonValue[]): ListSchema;
  field(name: string): FieldRules;
  element(): FieldRules;
}

/**
 * The rules of a type's objects: out of its schema where there is one, and out of what is known of Kubernetes' own types.
 * Metadata is the same everywhere.
 *
 * Kubernetes keeps its own types in a form (protobuf) that knows no difference between an empty list or map and none, and
 * no null. Custom resources are kept as they are written, but for a null where the schema takes none.
 */
export function rulesOf(type: { readonly group: string; readonly kind: string }, schema?: TypeSchema): FieldRules {
  // The schemas in CustomResourceDefinitions are free content, in which an empty map means something.
  const builtIn = isBuiltIn(type) && type.group !== "apiextensions.k8s.io";
  const defaults = builtIn ? defaultsOf(type.kind) : undefined;
  const inside = schema === undefined ? byName(builtIn, [], defaults) : bySchema(schema.root, builtIn, defaults);
  return {
    ...inside,
    field: (name) => (name === "metadata" ? byName(true, [name], undefined) : inside.field(name)),
  };
}

/** @param isEntry it stands in a map or list: that it is there is content, however empty it is */
function bySchema(node: SchemaNode, builtIn: boolean, defaults: Defaults | undefined, isEntry = false): FieldRules {
  return {
    // The API server's own come first: of its types a schema mostly says how an empty one is written.
    default: (around) => (isEntry ? undefined : (defaults?.value?.(around) ?? node.default)),
    isNothing(value) {
      if (isEntry) return false;
      if (value === null) return builtIn || (node.known && !node.nullable);
      return builtIn && node.known && isEmpty(value) && (Array.isArray(value) || node.isMap);
    },
    isQuantity: node.isQuantity,
    listRule: () => node.list,
    field: (name) => bySchema(node.field(name), builtIn, fieldDefaults(defaults, name), node.isMap),
    element: () => bySchema(node.element(), builtIn, defaults?.element, true),
  };
}

/** @param way names of the fields on the way here, the last two at least */
function byName(builtIn: boolean, way: readonly string[], defaults: Defaults | undefined, isEntry = false): FieldRules {
  const name = way.at(-1) ?? "";
  return {
    default: (around) => (isEntry ? undefined : defaults?.value?.(around)),
    isNothing(value) {
      if (!builtIn || isEntry) return false;
      return value === null || (isEmpty(value) && (Array.isArray(value) || meansNothingEmpty(name)));
    },
    isQuantity: builtIn && isQuantityByName(way),
    listRule: (list) => (builtIn ? builtInList(name, list) : { by: "place" }),
    field: (inner) => byName(builtIn, [...way.slice(-1), inner], fieldDefaults(defaults, inner)),
    element: () => byName(builtIn, way, defaults?.element, true),
  };
}

function isEmpty(value: JsonValue): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}
