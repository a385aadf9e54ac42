import type { JsonValue } from "./json.ts";

/** `JSON.rawJSON` is in V8 since Node 21, but not yet in TypeScript's declarations. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** JSON on one line, keys in their order: the way back from `parseJson`. 64-bit integers are written as they are. */
export function stringifyJson(value: JsonValue): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? rawJSON(String(each)) : each));
}
