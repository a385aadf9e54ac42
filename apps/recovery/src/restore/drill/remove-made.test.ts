import type { KubeApi, KubeWriter } from "@kubeferry/kube";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { quietCall } from "../../testing/take-snapshot.ts";
import type { LabelledObject } from "./made-objects.ts";
import { removeMade } from "./remove-made.ts";

const RUN = "20261122t061500z-3f9c2a";
const BORN = "2026-11-22T06:15:01Z";

describe("removing what a drill made", () => {
  it("removes what we wrote first, by its uid, and is done when it is gone", async () => {
    const cluster = clusterOf(namespace({ manager: "kubeferry", operation: "Apply", time: BORN }));
    const done = await removeMade([labelled()], { ...cluster, waitTimeoutMs: 1_000 }, quietCall);
    expect(done).toEqual({ removed: ["namespaces/drill-shop"], left: [] });
    expect(cluster.removals).toEqual([{ uid: "u1" }]);
  });

  it.each([
    ["made before", { manager: "kubectl", operation: "Update", time: BORN }],
    ["labelled by us a minute later", { manager: "kubeferry", operation: "Apply", time: "2026-11-22T06:16:01Z" }],
  ])("leaves what somebody else made and labelled: %s", async (_, write) => {
    const cluster = clusterOf(namespace(write));
    const done = await removeMade([labelled()], { ...cluster, waitTimeoutMs: 0 }, quietCall);
    expect(done).toEqual({
      removed: [],
      left: [{ object: "namespaces/drill-shop", because: "it was not made by a drill" }],
    });
    expect(cluster.removals).toEqual([]);
  });

  it("leaves what is of another run by now, and takes what is another object by now for gone", async () => {
    const ours = { manager: "kubeferry", operation: "Apply", time: BORN };
    const other = clusterOf(namespace(ours, { run: "20261122t070000z-000000" }));
    const first = await removeMade([labelled()], { ...other, waitTimeoutMs: 0 }, quietCall);
    expect(first.left).toHaveLength(1);
    const newer = clusterOf(namespace(ours, { uid: "u2" }));
    await removeMade([labelled()], { ...newer, waitTimeoutMs: 0 }, quietCall);
    expect([...other.removals, ...newer.removals]).toEqual([]);
  });

  it("says what keeps a namespace that does not go", async () => {
    const ours = { manager: "kubeferry", operation: "Apply", time: BORN };
    const message = "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances";
    const status = { conditions: [{ type: "NamespaceFinalizersRemaining", status: "True", message }] };
    const cluster = { ...clusterOf({ ...namespace(ours), status }, { stays: true }), waitTimeoutMs: 0 };
    const { removed, left } = await removeMade([labelled()], cluster, quietCall);
    expect(removed).toEqual([]);
    expect(left).toEqual([{ object: "namespaces/drill-shop", because: `it is being removed: ${message}` }]);
  });
});

function labelled(): LabelledObject {
  const object = { group: "", version: "v1", resource: "namespaces", kind: "Namespace", name: "drill-shop" };
  return { object, uid: "u1", run: RUN, kept: false, made: true };
}

function namespace(write: JsonObject, { run = RUN, uid = "u1" } = {}): JsonObject {
  const labels = { "kubeferry.io/drill": run };
  const metadata = { name: "drill-shop", uid, creationTimestamp: BORN, labels, managedFields: [write] };
  return { apiVersion: "v1", kind: "Namespace", metadata };
}

/** A cluster with one namespace; reads and removals alone are answered. */
function clusterOf(live: JsonObject, { stays = false } = {}) {
  const removals: object[] = [];
  const refuse = () => Promise.reject(new Error("not asked here"));
  const writer: KubeWriter = {
    read: () => Promise.resolve(removals.length > 0 && !stays ? undefined : live),
    remove: (_, { precondition }) => {
      removals.push(precondition);
      return Promise.resolve("removed");
    },
    apply: refuse,
    replace: refuse,
  };
  return { writer, removals, kube: {} as KubeApi };
}
