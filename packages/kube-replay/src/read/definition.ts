import { type Call, isJsonObject, type JsonObject, objectKey, parseJson, typeName } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { ReplayCatalogue } from "../catalogue.ts";
import { findLine } from "./find-line.ts";

const DEFINITIONS = "apiextensions.k8s.io/v1/customresourcedefinitions";

/** The CustomResourceDefinition of a type, as captured; undefined for built-in types, and where definitions were left out. */
export async function definitionOf(
  catalogue: ReplayCatalogue,
  type: TypeEntry,
  call: Call,
): Promise<JsonObject | undefined> {
  const definitions = catalogue.types.get(DEFINITIONS);
  // A group without a dot in its name is Kubernetes' own.
  if (definitions === undefined || !type.group.includes(".")) return undefined;
  const found = await findLine(catalogue, definitions, objectKey(undefined, typeName(type)), call);
  const definition = Buffer.isBuffer(found) ? parseJson(found.toString("utf8")) : undefined;
  return isJsonObject(definition) ? definition : undefined;
}
