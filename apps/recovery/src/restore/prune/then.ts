import type { KubeApi } from "@kubeferry/kube";
import { type Call, type ObjectKey, objectKey, splitObjectKey, typeName } from "@kubeferry/model";
import type { Snapshot, TypeEntry } from "@kubeferry/snapshot";
import type { PruneSettings } from "../restore-plan.ts";
import { namespaceConsented } from "./consent.ts";

/** What was there when the snapshot was taken, under the names of then. */
export interface Then {
  /** The keys that an object of the target may have had: of several namespaces that become one, any. */
  keysThen(key: ObjectKey, namespaced: boolean): readonly ObjectKey[];
  /** Keys of one type in the snapshot. */
  keysOf(type: TypeEntry, call: Call): Promise<ReadonlySet<ObjectKey>>;
  /** Namespaces of the target that the patterns name and that existed then; those of the cluster itself by their names alone. */
  namespacesIn(
    kube: KubeApi,
    prune: PruneSettings,
    call: Call,
  ): Promise<{ readonly names: readonly string[]; readonly warnings: readonly string[] }>;
}

const NAMESPACES = {
  group: "",
  version: "v1",
  resource: "namespaces",
  kind: "Namespace",
  namespaced: false,
  verbs: ["list"],
};

/** @param mapping namespaces of the snapshot → of the target */
export function createThen(snapshot: Snapshot, mapping: Readonly<Record<string, string>>): Then {
  function namespacesThen(name: string): readonly string[] {
    const sources = Object.keys(mapping).filter((from) => mapping[from] === name);
    // Where a namespace is called otherwise in the target, its own name there means another one.
    return Object.hasOwn(mapping, name) ? sources : [name, ...sources];
  }

  async function keysOf(type: TypeEntry, call: Call): Promise<ReadonlySet<ObjectKey>> {
    const keys = new Set<ObjectKey>();
    for await (const { key } of snapshot.states((one) => typeName(one) === typeName(type), call)) keys.add(key);
    return keys;
  }

  return {
    keysOf,
    keysThen(key, namespaced) {
      if (!namespaced) return [key];
      const { namespace = "", name } = splitObjectKey(key, true);
      return namespacesThen(namespace).map((then) => objectKey(then, name));
    },
    async namespacesIn(kube, prune, call) {
      const captured = snapshot.manifest.types.find((type) => typeName(type) === "namespaces");
      const existed = captured?.captured.status === "read" ? await keysOf(captured, call) : new Set<string>();
      const names: string[] = [];
      const warnings: string[] = [];
      for await (const { key } of kube.list(NAMESPACES, { pageSize: 500 }, call)) {
        const consented = namespaceConsented(key, prune);
        if (consented === "no") continue;
        if (consented === "by-name") {
          warnings.push(
            `nothing in namespace ${key} is removed: it is one of the cluster's own, which --prune takes by its name only`,
          );
        } else if (namespacesThen(key).some((then) => existed.has(objectKey(undefined, then)))) names.push(key);
        else warnings.push(`nothing in namespace ${key} is removed: it is not in the snapshot`);
      }
      return { names, warnings };
    },
  };
}
