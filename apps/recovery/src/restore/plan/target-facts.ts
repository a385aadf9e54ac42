import type { KubeApi } from "@kubeferry/kube";
import { type Call, type JsonObject, parseJson, textAt } from "@kubeferry/model";
import { servedVersions } from "../../served-versions.ts";
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
  const versions = servedVersions(document);
  const namespaces = new Map<string, "there" | "terminating">();
  const type = types.find(({ group, resource }) => group === "" && resource === "namespaces");
  if (type !== undefined) {
    for await (const { key, line } of kube.list(type, { pageSize: 500 }, call)) {
      namespaces.set(key, isTerminating(line.toString("utf8")) ? "terminating" : "there");
    }
  }
  return {
    serves: ({ group, version, resource }) => {
      const served = versions(group, resource);
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
