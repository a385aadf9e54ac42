import type { JsonValue } from "@kubeferry/model";

/** JSON with exact integers: `JSON.stringify` refuses bigints. */
export function jsonText(value: JsonValue): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${jsonText(inner)}`);
  return `{${members.join(",")}}`;
}
