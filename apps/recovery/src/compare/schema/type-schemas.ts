import { apiVersionOf, isJsonObject, type JsonObject, type ResourceType } from "@kubeferry/model";
import { createSchemaReader, type SchemaNode } from "./schema-node.ts";

/** What the API says of one type. */
export interface TypeSchema {
  readonly root: SchemaNode;
}

/** The schemas of the types of one cluster. */
export interface TypeSchemas {
  /** Undefined where the API says nothing of the type. */
  of(type: Pick<ResourceType, "group" | "version" | "kind">): TypeSchema | undefined;
}

/** Objects come type by type, and a document of the core group is some 15 MB once it is parsed. */
const PARSED_AT_ONCE = 2;

/**
 * Reads the OpenAPI v3 documents that lie with a snapshot. A document is parsed when a type of its group and version is
 * asked for, and only the last two stay. One that cannot be parsed says nothing: an aggregated API may answer anything.
 * @param documents JSON texts by path: "/openapi/v3/apis/apps/v1"
 */
export function createTypeSchemas(documents: Readonly<Record<string, string>>): TypeSchemas {
  const parsed = new Map<string, ReadonlyMap<string, TypeSchema>>();
  return {
    of(type) {
      const path = `/openapi/v3/${type.group === "" ? "api" : "apis"}/${apiVersionOf(type)}`;
      const schemas = parsed.get(path) ?? parseDocument(Object.hasOwn(documents, path) ? documents[path] : undefined);
      parsed.delete(path);
      parsed.set(path, schemas);
      for (const oldest of [...parsed.keys()].slice(0, -PARSED_AT_ONCE)) parsed.delete(oldest);
      return schemas.get(`${apiVersionOf(type)} ${type.kind}`);
    },
  };
}

/** The schemas of a document by the apiVersion and kind that they say they are of. */
function parseDocument(text: string | undefined): ReadonlyMap<string, TypeSchema> {
  const named = namedSchemas(text);
  const read = createSchemaReader(named);
  const schemas = new Map<string, TypeSchema>();
  for (const schema of Object.values(named).filter(isJsonObject)) {
    const kinds = schema["x-kubernetes-group-version-kind"];
    for (const of of Array.isArray(kinds) ? kinds.filter(isJsonObject) : []) {
      const apiVersion = apiVersionOf({ group: String(of.group), version: String(of.version) });
      schemas.set(`${apiVersion} ${String(of.kind)}`, { root: read(schema) });
    }
  }
  return schemas;
}

function namedSchemas(text: string | undefined): JsonObject {
  const parsed = parsedOrNothing(text);
  const named = isJsonObject(parsed.components) ? parsed.components.schemas : undefined;
  return isJsonObject(named) ? named : {};
}

function parsedOrNothing(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  try {
    const value = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
