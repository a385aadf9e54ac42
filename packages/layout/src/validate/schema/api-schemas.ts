import {
  apiVersionOf,
  at,
  type Call,
  isJsonObject,
  type JsonObject,
  objectsAt,
  type ResourceType,
} from "@kubeferry/model";
import type { TypeSchema } from "./check-schema.ts";
import { createShapes } from "./shape.ts";

/** "no-documents": the source has none at all. "no-schema": none for this type. */
type SchemaAnswer = TypeSchema | "no-documents" | "no-schema";

/** The schemas of the types of several sources. */
export interface ApiSchemas {
  of(source: string, type: ResourceType, call: Call): Promise<SchemaAnswer>;
}

/** OpenAPI v3 documents as JSON texts, by their path: "/openapi/v3/apis/apps/v1". */
export type OpenApiDocuments = Readonly<Record<string, string>>;

/** Objects come group by group, and a document of the core group is some 15 MB once it is parsed. */
const PARSED_AT_ONCE = 2;

/**
 * Schemas out of the documents that lie with each snapshot. A source's documents are read when its first object comes,
 * a document is parsed when an object of its group and version comes, and only the last ones stay.
 * @param documentsOf undefined for a source without any
 */
export function createApiSchemas(
  documentsOf: (source: string, call: Call) => Promise<OpenApiDocuments | undefined>,
): ApiSchemas {
  const sources = new Map<string, Promise<OpenApiDocuments | undefined>>();
  const parsed = new Map<string, ReadonlyMap<string, TypeSchema>>();
  return {
    async of(source, type, call) {
      const reading = sources.get(source) ?? documentsOf(source, call);
      sources.set(source, reading);
      const documents = await reading;
      if (documents === undefined || Object.keys(documents).length === 0) return "no-documents";
      const path = pathOf(type);
      const key = `${source} ${path}`;
      const schemas = parsed.get(key) ?? parseDocument(Object.hasOwn(documents, path) ? documents[path] : undefined);
      parsed.delete(key);
      parsed.set(key, schemas);
      for (const oldest of [...parsed.keys()].slice(0, -PARSED_AT_ONCE)) parsed.delete(oldest);
      return schemas.get(kindKey(type)) ?? "no-schema";
    },
  };
}

function pathOf(type: ResourceType): string {
  return `/openapi/v3/${type.group === "" ? "api" : "apis"}/${apiVersionOf(type)}`;
}

function kindKey({
  group,
  version,
  kind,
}: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}) {
  return `${group}/${version}/${kind}`;
}

/** The schemas of a document by the group, version and kind that they say they are of. */
function parseDocument(text: string | undefined): ReadonlyMap<string, TypeSchema> {
  const named = namedSchemas(text);
  const shapeOf = createShapes(named);
  const schemas = new Map<string, TypeSchema>();
  for (const schema of Object.values(named).filter(isJsonObject)) {
    for (const { group, version, kind } of objectsAt(schema, "x-kubernetes-group-version-kind")) {
      schemas.set(kindKey({ group: `${group}`, version: `${version}`, kind: `${kind}` }), { schema, shapeOf });
    }
  }
  return schemas;
}

function namedSchemas(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  try {
    const named = at(JSON.parse(text), "components", "schemas");
    return isJsonObject(named) ? named : {};
  } catch (error) {
    // An aggregated API may answer anything; its types are then reported as without a schema.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
