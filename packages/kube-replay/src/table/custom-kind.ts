import type { JsonObject, JsonValue } from "@kubeferry/model";
import { ageColumn, type Column, nameColumn, type PrintedKind, textColumn } from "./columns.ts";
import { integer, objects, text } from "./fields.ts";
import { since } from "./human-duration.ts";
import { findValues } from "./json-path/find-values.ts";
import { parsePath } from "./json-path/parse-path.ts";
import type { Path } from "./json-path/path-node.ts";
import { printed } from "./json-path/printed.ts";

/** RFC 3339 as Go takes it: no other form that JavaScript would understand. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** How custom resources are shown: `additionalPrinterColumns` of the version, or their age where it has none. */
export function customKind(crd: JsonObject, version: string): PrintedKind {
  const served = objects(crd, "spec", "versions").find((each) => each.name === version);
  const definitions = objects(served, "additionalPrinterColumns");
  if (definitions.length === 0) return { columns: [nameColumn, { ...ageColumn, type: "date" }] };
  return { columns: [nameColumn, ...customColumns(definitions)] };
}

function customColumns(definitions: readonly JsonObject[]): Column[] {
  const columns: Column[] = [];
  for (const definition of definitions) {
    const path = parsePath(text(definition, "jsonPath"));
    // The API server goes no further than to the first path that it cannot read.
    if (path === undefined) return columns;
    columns.push(customColumn(definition, path));
  }
  return columns;
}

function customColumn(definition: JsonObject, path: Path): Column {
  const type = text(definition, "type");
  const described = `Custom resource definition column (in JSONPath format): ${text(definition, "jsonPath")}`;
  return {
    ...textColumn(text(definition, "name"), (object, now) => {
      const found = findValues(object, path);
      const value = found === "none" ? undefined : found[0];
      return value === undefined ? null : cellOf(type, value, now);
    }),
    type,
    format: text(definition, "format"),
    description: text(definition, "description") || described,
    priority: Number(integer(definition, "priority")),
  };
}

/** The value as the column's type has it; null when it is of another type. */
function cellOf(type: string, value: JsonValue, now: Date): JsonValue {
  switch (type) {
    case "string":
      return printed(value);
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : bigintOrNull(value);
    case "number":
      return typeof value === "number" ? value : bigintOrNull(value);
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? ageOf(value, now) : null;
    default:
      return null;
  }
}

function bigintOrNull(value: JsonValue): bigint | null {
  return typeof value === "bigint" ? value : null;
}

function ageOf(timestamp: string, now: Date): string {
  if (timestamp === "" || timestamp === "null") return "<unknown>";
  return TIMESTAMP.test(timestamp) && !Number.isNaN(Date.parse(timestamp)) ? since(timestamp, now) : "<invalid>";
}
