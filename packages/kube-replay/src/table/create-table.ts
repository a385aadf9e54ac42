import { isJsonObject, type JsonObject, type JsonValue, type ResourceType } from "@kubeferry/model";
import { createdAtColumn, nameColumn, type PrintedKind } from "./columns.ts";
import { customKind } from "./custom-kind.ts";
import { builtInKinds } from "./kinds/built-in.ts";

/** What a client asks for beside the table: query parameter `includeObject`. */
export interface TableOptions {
  /** The CustomResourceDefinition, for a type that has one. */
  readonly crd?: JsonObject | undefined;
  /** The moment that ages are counted to. */
  readonly now: Date;
  /** What each row carries of its object; kubectl asks for "Metadata", or for "Object" to sort and to watch. */
  readonly includeObject: "None" | "Metadata" | "Object";
}

/** The parts of a meta.k8s.io/v1 Table. */
export interface Table {
  readonly columnDefinitions: readonly JsonObject[];
  /** A TableRow: `{ cells, conditions?, object }`. */
  rowOf(object: JsonObject): JsonObject;
}

const GENERIC: PrintedKind = { columns: [nameColumn, createdAtColumn] };

/**
 * Shows objects of one type in the columns that the API server sends to kubectl. Custom resources have their
 * definition's columns; what is neither Kubernetes' own nor custom shows name and creation.
 */
export function createTable(type: ResourceType, { crd, now, includeObject }: TableOptions): Table {
  const { columns, conditions } = kindOf(type, crd);
  return {
    columnDefinitions: columns.map(({ cell: _, ...definition }) => definition),
    rowOf: (object) => {
      const reported = conditions?.(object) ?? [];
      return {
        cells: columns.map(({ cell }) => cell(object, now)),
        ...(reported.length === 0 ? {} : { conditions: reported }),
        object: included(object, includeObject),
      };
    },
  };
}

function kindOf(type: ResourceType, crd: JsonObject | undefined): PrintedKind {
  if (crd !== undefined) return customKind(crd, type.version);
  return builtInKinds.get(`${type.group}/${type.kind}`) ?? GENERIC;
}

function included(object: JsonObject, what: TableOptions["includeObject"]): JsonValue {
  if (what === "Object") return object;
  if (what === "None") return null;
  const { metadata } = object;
  return {
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: isJsonObject(metadata) ? metadata : {},
  };
}
