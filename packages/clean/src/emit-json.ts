import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { sortedKeys } from "./yaml/keys.ts";

/** `JSON.rawJSON` is in V8 since Node 21, but not yet in TypeScript's declarations. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** One object as indented JSON with sorted keys and a line feed at its end; 64-bit integers are written as they are. */
export function emitJson(object: JsonObject): string {
  return `${JSON.stringify(sorted(object), exact, 2)}\n`;
}

function exact(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? rawJSON(String(value)) : value;
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(sortedKeys(value).map((key) => [key, sorted(value[key] ?? null)]));
}
