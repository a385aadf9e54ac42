import type { KubeApi } from "@kubeferry/kube";
import { at, type Call, type JsonObject, objectsAt, parseJson, textAt } from "@kubeferry/model";
import type { PlannedObject } from "../restore-plan.ts";

/** What is known of the target before any object is looked at. */
export interface TargetFacts {
  /** Whether objects of this type and version can be written, and why not. */
  serves(type: Pick<PlannedObject, "group" | "version" | "resource">): Served;
  /** The type that an owner reference means; undefined when it is not served. */
  typeOf(group: string, kind: string): ServedType | undefined;
  /** API groups that are served. */
  readonly groups: ReadonlySet<string>;
  /** Undefined: there is no such namespace. */
  namespace(name: string): "there" | "terminating" | undefined;
}

/** What the API server says of a type. */
export type Served =
  | { readonly served: true; readonly writable: boolean }
  /** `otherVersions`: in which it is served instead. `silent`: its group does not answer. */
  | { readonly served: false; readonly otherVersions: readonly string[]; readonly silent?: string };

/** A type that is served. */
type ServedType = Pick<PlannedObject, "group" | "version" | "resource" | "kind"> & {
  readonly namespaced: boolean;
};

/** Asks a cluster what it serves and which namespaces it has. @throws KubeError */
export async function readTargetFacts(kube: KubeApi, call: Call): Promise<TargetFacts> {
  const { types, stale, document } = await kube.discover(call);
  const versions = servedVersions(document.toString("utf8"));
  const namespaces = new Map<string, "there" | "terminating">();
  const type = types.find(({ group, resource }) => group === "" && resource === "namespaces");
  if (type !== undefined) {
    for await (const { key, line } of kube.list(type, { pageSize: 500 }, call)) {
      namespaces.set(key, isTerminating(line.toString("utf8")) ? "terminating" : "there");
    }
  }
  return {
    serves: ({ group, version, resource }) => {
      const served = versions.get(`${group}/${resource}`) ?? new Map<string, readonly string[]>();
      const verbs = served.get(version);
      if (verbs !== undefined) return { served: true, writable: verbs.includes("patch") && verbs.includes("create") };
      const silent = stale.find((one) => one.group === group)?.reason;
      return { served: false, otherVersions: [...served.keys()], ...(silent === undefined ? {} : { silent }) };
    },
    typeOf: (group, kind) => types.find((one) => one.group === group && one.kind === kind),
    groups: new Set(types.map(({ group }) => group)),
    namespace: (name) => namespaces.get(name),
  };
}

function isTerminating(line: string): boolean {
  const object = parseJson(line) as JsonObject;
  return textAt(object, "metadata", "deletionTimestamp") !== undefined;
}

/** "group/resource" → version → verbs, out of the discovery documents. */
function servedVersions(document: string): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, Map<string, readonly string[]>>();
  const { api, apis } = parseJson(document) as JsonObject;
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
  return found;
}

function verbsOf(resource: JsonObject): readonly string[] {
  const verbs = at(resource, "verbs");
  return Array.isArray(verbs) ? verbs.filter((verb) => typeof verb === "string") : [];
}
