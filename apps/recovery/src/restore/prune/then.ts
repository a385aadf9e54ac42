import type { KubeApi } from "@kubeferry/kube";
import { type Call, type ObjectKey, objectKey, splitObjectKey, typeName } from "@kubeferry/model";
import { compilePattern } from "@kubeferry/shared-config";
import type { Snapshot, TypeEntry } from "@kubeferry/snapshot";

/** What was there when the snapshot was taken, under the names of then. */
export interface Then {
  /** The key that an object of the target would have had; undefined for a namespace that nothing is mapped to. */
  keyThen(key: ObjectKey, namespaced: boolean): ObjectKey | undefined;
  /** Keys of one type in the snapshot. */
  keysOf(type: TypeEntry, call: Call): Promise<ReadonlySet<ObjectKey>>;
  /** Namespaces of the target that the patterns name and that existed then. */
  namespacesIn(
    kube: KubeApi,
    patterns: readonly string[],
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
  const sourceOf = new Map(Object.entries(mapping).map(([from, to]) => [to, from]));
  // Where a namespace is called otherwise in the target, its own name there means another one.
  const namespaceThen = (name: string): string | undefined =>
    sourceOf.get(name) ?? (Object.hasOwn(mapping, name) ? undefined : name);

  async function keysOf(type: TypeEntry, call: Call): Promise<ReadonlySet<ObjectKey>> {
    const keys = new Set<ObjectKey>();
    for await (const { key } of snapshot.states((one) => typeName(one) === typeName(type), call)) keys.add(key);
    return keys;
  }

  return {
    keysOf,
    keyThen(key, namespaced) {
      if (!namespaced) return key;
      const { namespace = "", name } = splitObjectKey(key, true);
      const then = namespaceThen(namespace);
      return then === undefined ? undefined : objectKey(then, name);
    },
    async namespacesIn(kube, texts, call) {
      const patterns = texts.map((text) => compilePattern(text));
      const captured = snapshot.manifest.types.find((type) => typeName(type) === "namespaces");
      const existed = captured?.captured.status === "read" ? await keysOf(captured, call) : new Set<string>();
      const names: string[] = [];
      const warnings: string[] = [];
      for await (const { key } of kube.list(NAMESPACES, { pageSize: 500 }, call)) {
        if (!patterns.some(({ matches }) => matches(key))) continue;
        const then = namespaceThen(key);
        if (then !== undefined && existed.has(then as ObjectKey)) names.push(key);
        else warnings.push(`nothing in namespace ${key} is removed: it is not in the snapshot`);
      }
      return { names, warnings };
    },
  };
}
