import { type Call, typeName } from "@kubeferry/model";
import type { TypeSchema, TypeSchemas } from "../compare/schema/type-schemas.ts";
import type { ComparedType, Side } from "../sides/side.ts";

/**
 * Finds what the API says of a type, when the first object of it differs: the later side's word counts, the earlier
 * one's where that says nothing. Documents are read once, and only when they are needed.
 */
export function createSchemaLookup(
  before: Side,
  after: Side,
): (type: ComparedType, call: Call) => Promise<TypeSchema | undefined> {
  const sides = new Map<Side, Promise<TypeSchemas | undefined>>();
  const found = new Map<string, TypeSchema | undefined>();
  const schemasOf = (side: Side, call: Call): Promise<TypeSchemas | undefined> => {
    const schemas = sides.get(side) ?? side.schemas(call);
    sides.set(side, schemas);
    return schemas;
  };
  return async (type, call) => {
    const name = typeName(type);
    if (found.has(name)) return found.get(name);
    const schema = (await schemasOf(after, call))?.of(type) ?? (await schemasOf(before, call))?.of(type);
    // Only the type at hand: a schema keeps the whole document that it stands in.
    found.clear();
    found.set(name, schema);
    return schema;
  };
}
