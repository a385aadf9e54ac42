import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import type { NamespaceNames } from "./map-namespaces.ts";

/**
 * How many texts of an object still name a namespace that is called otherwise where it is deployed: host names of
 * Services ("db.shop.svc"), and fields called `namespace` of types that nobody here knows. What such a text means
 * cannot be told for certain, so it stays.
 */
export function countMentions(object: JsonObject, nameOf: NamespaceNames): number {
  return mentionsIn(object, "", nameOf);
}

function mentionsIn(value: JsonValue, key: string, nameOf: NamespaceNames): number {
  if (typeof value === "string") return mentions(value, key, nameOf) ? 1 : 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + mentionsIn(item, key, nameOf), 0);
  if (!isJsonObject(value)) return 0;
  return Object.entries(value).reduce((sum, [name, inside]) => sum + mentionsIn(inside, name, nameOf), 0);
}

const SERVICE = /\.([a-z0-9-]{1,63})\.svc\b/g;

function mentions(text: string, key: string, nameOf: NamespaceNames): boolean {
  if (key === "namespace" && nameOf(text) !== text) return true;
  // The API server's own name is the same everywhere.
  for (const [, namespace] of text.replaceAll("kubernetes.default.svc", "").matchAll(SERVICE)) {
    if (namespace !== undefined && nameOf(namespace) !== namespace) return true;
  }
  return false;
}
