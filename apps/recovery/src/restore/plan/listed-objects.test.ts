import { type KubeApi, KubeError, type ListedObject, type Listing } from "@kubeferry/kube";
import { compareUtf8, type JsonObject, objectKey, silentLog } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlannedObject } from "../restore-plan.ts";
import { createListedObjects } from "./listed-objects.ts";

const call = { signal: new AbortController().signal, log: silentLog };

describe("lists beside a plan", () => {
  it("say of every object what the target has under its name", async () => {
    const name = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,3}[a-z0-9])?$/);
    const names = fc.uniqueArray(name, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(names, fc.uniqueArray(name, { minLength: 4, maxLength: 40 }), async (there, asked) => {
        const { kube } = clusterOf({ shop: there });
        const planned = inOrder(asked).map((one) => configMap("shop", one));
        const lists = createListedObjects(kube, planned);
        for (const object of planned) {
          const found = await lists.find(object, call);
          expect(found).toEqual({ live: there.includes(object.name) ? objectCalled("shop", object.name) : undefined });
        }
      }),
    );
  });

  it("are read once for each namespace, and not for a few objects of it", async () => {
    const { kube, listed } = clusterOf({ blue: ["a"], few: ["a"], shop: ["a"] });
    const planned = ["blue", "shop"].flatMap((namespace) =>
      ["a", "b", "c", "d"].map((one) => configMap(namespace, one)),
    );
    const few = ["a", "b", "c"].map((one) => configMap("few", one));
    const lists = createListedObjects(kube, [...planned, ...few]);
    for (const object of planned) expect(await lists.find(object, call)).toBeDefined();
    for (const object of few) expect(await lists.find(object, call)).toBeUndefined();
    expect(listed).toEqual(["blue", "shop"]);
  });

  it("leave to be asked for what comes after they broke off", async () => {
    const planned = ["a", "b", "c", "d"].map((one) => configMap("shop", one));
    const { kube } = clusterOf({ shop: ["a", "b", "c", "d"] }, { breaksAt: 2 });
    const lists = createListedObjects(kube, planned);
    const found: unknown[] = [];
    for (const object of planned) found.push(await lists.find(object, call));
    expect(found).toEqual([
      { live: objectCalled("shop", "a") },
      { live: objectCalled("shop", "b") },
      undefined,
      undefined,
    ]);
  });

  it("are asked for ahead, and ended with the plan", async () => {
    const namespaces = ["a", "b", "c", "d", "e"];
    const { kube, listed, ended } = clusterOf(Object.fromEntries(namespaces.map((one) => [one, ["x", "y", "z"]])));
    const planned = namespaces.flatMap((one) => ["a", "b", "c", "x"].map((name) => configMap(one, name)));
    const lists = createListedObjects(kube, planned);
    await lists.find(configMap("a", "a"), call);
    expect(listed).toEqual(["a", "b", "c"]);
    await lists.find(configMap("b", "a"), call);
    expect([listed, ended]).toEqual([["a", "b", "c", "d"], ["a"]]);
    await lists.close();
    expect(ended.toSorted()).toEqual(["a", "b", "c", "d"]);
  });

  it("end where objects are asked for in another order, before another one is begun", async () => {
    const { kube, listed, ended } = clusterOf({ a: ["x"], b: ["x"], c: ["x"] });
    const planned = ["a", "b", "c"].flatMap((one) => ["a", "b", "c", "x"].map((name) => configMap(one, name)));
    const lists = createListedObjects(kube, planned);
    await lists.find(configMap("b", "a"), call);
    expect(listed).toEqual(["b", "c"]);
    await lists.find(configMap("a", "a"), call);
    expect([listed, ended]).toEqual([
      ["b", "c", "a", "b", "c"],
      ["b", "c"],
    ]);
  });

  it("are not read of a namespace in which nothing was there, until something is", async () => {
    const { kube, listed } = clusterOf({ shop: ["a"] });
    const few = configMap("shop", "a");
    const many = ["a", "b", "c", "d"].map(
      (name): PlannedObject => ({ ...configMap("shop", name), resource: "secrets" }),
    );
    const lists = createListedObjects(kube, [few, ...many]);
    expect(await lists.find(few, call)).toBeUndefined();
    lists.learn(few, false);
    expect(await lists.find(many[0] ?? few, call)).toEqual({ live: undefined, guessed: true });
    lists.learn(many[0] ?? few, true);
    lists.learn(few, false);
    expect(await lists.find(many[1] ?? few, call)).toEqual({ live: undefined });
    expect(listed).toEqual(["shop"]);
  });

  it("leave to be asked for what they have passed by", async () => {
    const planned = ["a", "c", "b", "d"].map((one) => configMap("shop", one));
    const lists = createListedObjects(clusterOf({ shop: ["a", "b", "c", "d"] }).kube, planned);
    const found: unknown[] = [];
    for (const object of planned) found.push((await lists.find(object, call)) !== undefined);
    expect(found).toEqual([true, true, false, true]);
  });
});

function inOrder(names: readonly string[]): readonly string[] {
  return [...names].sort(compareUtf8);
}

function configMap(namespace: string, name: string): PlannedObject {
  return { group: "", version: "v1", resource: "configmaps", kind: "ConfigMap", namespace, name };
}

function objectCalled(namespace: string, name: string): JsonObject {
  return { metadata: { name, namespace } };
}

/** A cluster that lists ConfigMaps, the namespaces that it was asked for, and those whose list has ended. */
function clusterOf(
  there: Readonly<Record<string, readonly string[]>>,
  { breaksAt = Number.POSITIVE_INFINITY }: { readonly breaksAt?: number } = {},
): { readonly kube: KubeApi; readonly listed: readonly string[]; readonly ended: readonly string[] } {
  const listed: string[] = [];
  const ended: string[] = [];
  const list: KubeApi["list"] = (_type, { namespace = "" }) => {
    listed.push(namespace);
    async function* objects(): AsyncGenerator<ListedObject> {
      try {
        for (const [index, name] of inOrder(there[namespace] ?? []).entries()) {
          if (index === breaksAt)
            throw new KubeError({ kind: "unordered", who: "kube", operation: "list", problem: "test" });
          const line = Buffer.from(JSON.stringify(objectCalled(namespace, name)));
          yield { key: objectKey(namespace, name), uid: "u", resourceVersion: "1", line };
        }
      } finally {
        ended.push(namespace);
      }
    }
    return { [Symbol.asyncIterator]: objects } as unknown as Listing;
  };
  return { kube: { list } as unknown as KubeApi, listed, ended };
}
