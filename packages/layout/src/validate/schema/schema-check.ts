import {
  apiVersionOf,
  type Call,
  type JsonObject,
  type ResourceType,
  typeName,
  type ValidationFinding,
} from "@kubeferry/model";
import type { Problem } from "../problem.ts";
import { createApiSchemas, type OpenApiDocuments } from "./api-schemas.ts";
import { checkSchema } from "./check-schema.ts";

/** Holds objects against the schemas of the cluster that they come from. */
export interface SchemaCheck {
  of(source: string, type: ResourceType, call: Call): Promise<TypeCheck>;
}

/** The check of one type. */
interface TypeCheck {
  check(object: JsonObject): readonly Problem[];
  /** Why its objects are not checked; said once, undefined the next time. */
  readonly remark: ValidationFinding | undefined;
}

/**
 * @param documentsOf the OpenAPI documents that lie with a source; undefined for a source without any
 * @param severity of what an API does not take; that there is no schema is never more than a warning
 */
export function createSchemaCheck(
  documentsOf: (source: string, call: Call) => Promise<OpenApiDocuments | undefined>,
  severity: Problem["severity"],
): SchemaCheck {
  const schemas = createApiSchemas(documentsOf);
  const said = new Set<string>();
  const once = (object: string, message: string, key: string): ValidationFinding | undefined => {
    if (said.has(key)) return undefined;
    said.add(key);
    return { severity: "warning", rule: "no-schema", object, message };
  };
  return {
    async of(source, type, call) {
      const schema = await schemas.of(source, type, call);
      if (schema === "no-documents") {
        const message = "has no API documents: nothing of it was checked against the schemas of its cluster";
        return { check: () => [], remark: once(source, message, source) };
      }
      if (schema === "no-schema") {
        const message = `its API documents have no schema of ${apiVersionOf(type)} ${type.kind}: none of these was checked`;
        return { check: () => [], remark: once(typeName(type), message, `${source} ${typeName(type)}`) };
      }
      return { check: (object) => checkSchema(object, schema, severity), remark: undefined };
    },
  };
}
