import type { Buffer } from "node:buffer";
import { at, type JsonObject, objectsAt, parseJson, textAt } from "@kubeferry/model";

/** The versions in which a resource is served, and the verbs that each takes; none for one that is not served. */
export type ServedVersions = (group: string, resource: string) => ReadonlyMap<string, readonly string[]>;

/** Reads what an API server serves out of the discovery documents that it gave; what is stale in them does not count. */
export function servedVersions(document: Buffer): ServedVersions {
  const found = new Map<string, Map<string, readonly string[]>>();
  const { api, apis } = parseJson(document.toString("utf8")) as JsonObject;
  for (const group of [...objectsAt(api, "items"), ...objectsAt(apis, "items")]) {
    for (const version of objectsAt(group, "versions")) {
      if (version.freshness === "Stale") continue;
      for (const resource of objectsAt(version, "resources")) {
        const id = `${textAt(group, "metadata", "name") ?? ""}/${textAt(resource, "resource") ?? ""}`;
        const versions = found.get(id) ?? new Map<string, readonly string[]>();
        versions.set(textAt(version, "version") ?? "", verbsOf(resource));
        found.set(id, versions);
      }
    }
  }
  return (group, resource) => found.get(`${group}/${resource}`) ?? new Map<string, readonly string[]>();
}

function verbsOf(resource: JsonObject): readonly string[] {
  const verbs = at(resource, "verbs");
  return Array.isArray(verbs) ? verbs.filter((verb) => typeof verb === "string") : [];
}
