import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "@kubeferry/model";
import type { NamespaceNames } from "./map-namespaces.ts";

/**
 * How many texts of an object that `mapNamespaces` left as they are name a namespace that is called otherwise where it
 * is deployed: host names of Services ("db.shop.svc"), and fields called `namespace` of types that nobody here knows.
 * What such a text means cannot be told for certain.
 */
export function countMentions(
  { before, after }: { readonly before: JsonObject; readonly after: JsonObject },
  nameOf: NamespaceNames,
): number {
  return countIn(before, after, "", nameOf);
}

// Loops, as every value of every object comes by here.
function countIn(before: JsonValue, after: JsonValue | undefined, key: string, nameOf: NamespaceNames): number {
  if (typeof before === "string") return before === after && mentions(before, key, nameOf) ? 1 : 0;
  if (Array.isArray(before)) return countInItems(before, Array.isArray(after) ? after : [], key, nameOf);
  if (!isJsonObject(before) || !isJsonObject(after)) return 0;
  let count = 0;
  for (const name of Object.keys(before)) count += countIn(before[name] ?? null, after[name], name, nameOf);
  return count;
}

function countInItems(before: JsonArray, after: JsonArray, key: string, nameOf: NamespaceNames): number {
  let count = 0;
  for (let index = 0; index < before.length; index++) {
    count += countIn(before[index] ?? null, after[index], key, nameOf);
  }
  return count;
}

const SERVICE = /\.([a-z0-9-]{1,63})\.svc\b/g;

function mentions(text: string, key: string, nameOf: NamespaceNames): boolean {
  if (key === "namespace" && nameOf(text) !== text) return true;
  // Hardly any text is one, and all of them are asked.
  if (!text.includes(".svc")) return false;
  // The API server's own name is the same everywhere.
  for (const [, namespace] of text.replaceAll("kubernetes.default.svc", "").matchAll(SERVICE)) {
    if (namespace !== undefined && nameOf(namespace) !== namespace) return true;
  }
  return false;
}
