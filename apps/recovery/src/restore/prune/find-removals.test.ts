import { createCleaner } from "@kubeferry/clean";
import type { KubeApi } from "@kubeferry/kube";
import { type JsonObject, objectKey, type ResourceType, silentLog } from "@kubeferry/model";
import type { Snapshot, TypeStatus } from "@kubeferry/snapshot";
import { EVERYTHING } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { createSelection } from "../../select/selection.ts";
import type { PruneSettings, RestoreSettings } from "../restore-plan.ts";
import { findRemovals } from "./find-removals.ts";

const call = { signal: new AbortController().signal, log: silentLog };
const type = (resource: string, kind: string, namespaced = true): ResourceType => ({
  group: "",
  version: "v1",
  resource,
  kind,
  namespaced,
  verbs: ["list", "delete"],
});
const NAMESPACES = type("namespaces", "Namespace", false);
const READ: TypeStatus = { status: "read", revision: "1", consistent: true };

/** What a test changes of a cluster in which ConfigMap "new" did not exist then, and "old" did. */
interface Case {
  readonly captured?: TypeStatus;
  readonly consistent?: boolean;
  readonly metadata?: JsonObject;
  readonly prune?: Partial<PruneSettings>;
  readonly maxRemovals?: RestoreSettings["maxRemovals"];
  readonly namespaces?: Readonly<Record<string, string>>;
  /** What the snapshot holds of ConfigMaps. */
  readonly existed?: readonly string[];
  /** What "old" and "new" are, where they are no ConfigMaps. */
  readonly pruned?: ResourceType;
}

function removalsOf({ captured = READ, consistent = true, metadata = {}, prune, maxRemovals, ...given }: Case) {
  const { namespaces = {}, existed = ["shop/old"], pruned = type("configmaps", "ConfigMap") } = given;
  const TYPES = [pruned, NAMESPACES];
  const snapshot = {
    manifest: {
      types: [
        { ...pruned, captured },
        { ...NAMESPACES, captured: READ },
      ],
    },
    async *states(select: (one: ResourceType) => boolean) {
      const keys = new Map([
        [pruned.resource, existed],
        ["namespaces", ["shop", "kube-system"]],
      ]);
      for (const one of TYPES.filter(select)) for (const key of keys.get(one.resource) ?? []) yield { key };
    },
  } as unknown as Snapshot;
  const kube = {
    discover: async () => ({ types: TYPES, stale: [] }),
    list(one: ResourceType, { namespace }: { namespace?: string }) {
      const line = (name: string, more: JsonObject) =>
        Buffer.from(JSON.stringify({ kind: one.kind, metadata: { name, namespace, uid: `uid-${name}`, ...more } }));
      async function* objects() {
        const there = one.namespaced ? ["old", "new"] : ["shop", "other", "kube-system"];
        for (const name of there) {
          yield { key: objectKey(namespace, name), line: line(name, name === "new" ? metadata : {}) };
        }
      }
      return { [Symbol.asyncIterator]: objects, end: () => ({ consistent }) };
    },
  } as unknown as KubeApi;
  const settings: RestoreSettings = {
    conflicts: "update",
    argoManaged: "block",
    namespaces,
    storageClasses: {},
    images: [],
    patches: [],
    maxRemovals: maxRemovals ?? { objects: 10, percent: 50 },
    filter: EVERYTHING,
  };
  const guarded: PruneSettings = {
    namespaces: ["shop"],
    customResourceDefinitions: false,
    persistentVolumes: false,
    foreignFinalizers: false,
    ...prune,
  };
  const tools = { selection: createSelection(EVERYTHING), cleaner: createCleaner() };
  return findRemovals({ snapshot, kube, settings, prune: guarded, ...tools }, call);
}

describe("what did not exist then", () => {
  it("goes where a namespace is named, and nowhere else", async () => {
    const { entries, warnings } = await removalsOf({});
    expect(entries).toMatchObject([
      {
        action: "remove",
        object: { resource: "configmaps", namespace: "shop", name: "new" },
        live: { uid: "uid-new" },
      },
    ]);
    expect(warnings).toEqual([]);
    const elsewhere = await removalsOf({ prune: { namespaces: ["other"] } });
    expect(elsewhere).toEqual({
      entries: [],
      warnings: ["nothing in namespace other is removed: it is not in the snapshot"],
    });
  });

  it.each([
    ["unread", { status: "unread", reason: "403", sinceSequence: 1, since: "" }, "could not be read"],
    ["filtered", { status: "filtered", reason: "by name", sinceSequence: 1, since: "" }, "was filtered out"],
    ["read in part", { ...READ, scope: { namespaces: { include: ["a"], exclude: [] } } }, "holds only a part"],
  ] as const)("stays where the snapshot does not know: a type that was %s", async (_, captured, why) => {
    const { entries, warnings } = await removalsOf({ captured: captured as TypeStatus });
    expect(entries).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(why)]);
  });

  it("stays where the target's own list is not of one moment", async () => {
    const { entries, warnings } = await removalsOf({ consistent: false });
    expect(entries).toEqual([]);
    expect(warnings).toEqual(["nothing of configmaps in shop is removed: it changed while it was listed"]);
  });

  it("stays where something else makes it, or minds it", async () => {
    const owner = { apiVersion: "v1", kind: "Widget", name: "w", uid: "u" };
    expect((await removalsOf({ metadata: { ownerReferences: [owner] } })).entries).toEqual([]);
    const argo = { annotations: { "argocd.argoproj.io/tracking-id": "shop:/ConfigMap:shop/new" } };
    expect((await removalsOf({ metadata: argo })).entries).toMatchObject([
      { action: "skipped", reason: expect.stringContaining("Argo CD manages it (Application shop)") },
    ]);
    const held = { finalizers: ["example.com/wait"] };
    expect((await removalsOf({ metadata: held })).entries).toMatchObject([{ action: "skipped" }]);
    expect((await removalsOf({ metadata: held, prune: { foreignFinalizers: true } })).entries).toMatchObject([
      { action: "remove" },
    ]);
  });

  it("is looked for under the name that the namespace has here", async () => {
    const { entries } = await removalsOf({ namespaces: { shop: "other" }, prune: { namespaces: ["other"] } });
    expect(entries).toMatchObject([{ action: "remove", object: { namespace: "other", name: "new" } }]);
  });

  it("is not what another of two namespaces had that became one", async () => {
    const merged = { namespaces: { first: "shop", second: "shop" }, existed: ["first/old", "second/new"] };
    expect((await removalsOf(merged)).entries).toEqual([]);
    expect((await removalsOf({ ...merged, existed: ["first/new", "second/old"] })).entries).toEqual([]);
    const joined = { namespaces: { first: "shop" }, existed: ["first/old", "shop/new"] };
    expect((await removalsOf(joined)).entries).toEqual([]);
  });

  it("stays in a namespace of the cluster itself, unless that is named", async () => {
    const globbed = await removalsOf({ prune: { namespaces: ["*-system"] } });
    expect(globbed).toEqual({
      entries: [],
      warnings: [
        "nothing in namespace kube-system is removed: it is one of the cluster's own, which --prune takes by its name only",
      ],
    });
    const named = await removalsOf({
      prune: { namespaces: ["*-system", "kube-system"] },
      existed: ["kube-system/old"],
    });
    expect(named.entries).toMatchObject([{ action: "remove", object: { namespace: "kube-system", name: "new" } }]);
  });

  it("stays with what is stored in it: a claim", async () => {
    const pruned = type("persistentvolumeclaims", "PersistentVolumeClaim");
    expect((await removalsOf({ pruned })).entries).toMatchObject([
      { action: "skipped", reason: expect.stringContaining("--prune-persistent-volumes"), object: { name: "new" } },
    ]);
    const allowed = await removalsOf({ pruned, prune: { persistentVolumes: true } });
    expect(allowed.entries).toMatchObject([{ action: "remove", object: { name: "new" } }]);
  });

  it.each([
    ["objects", { objects: 0, percent: 100 }],
    ["percent", { objects: 10, percent: 49 }],
  ])("is refused as a whole when it is more than maxRemovals.%s", async (_, maxRemovals) => {
    await expect(removalsOf({ maxRemovals })).rejects.toMatchObject({
      kind: "too-many-removals",
      problem: expect.stringContaining("1 of 2 objects would be removed (configmaps shop/new)"),
    });
  });
});
