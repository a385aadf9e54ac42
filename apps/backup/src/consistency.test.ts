import { KubeError } from "@kubeferry/kube";
import type { ResourceType } from "@kubeferry/model";
import { expect, it } from "vitest";
import { consistencyOf, findCut } from "./consistency.ts";
import { newRunState } from "./run-state.ts";
import { testCall } from "./testing/test-backups.ts";

const type = (resource: string, group = ""): ResourceType => ({
  group,
  version: "v1",
  resource,
  kind: resource,
  namespaced: true,
  verbs: ["list"],
});
const TYPES = [type("namespaces"), type("events"), type("pods"), type("flunders", "wardle.example.com")];

it("leaves types out of the cut whose store counts differently, ahead as well as behind", async () => {
  const cut = await findCut(
    TYPES,
    answering({ namespaces: [100, 103], events: [99], pods: [101], flunders: [9_000] }),
    testCall,
  );
  expect(cut).toEqual({ revision: "103", types: new Set(["namespaces", "pods"]) });
});

it("leaves types out that cannot be read or keep no revisions, and goes on", async () => {
  const cut = await findCut(
    TYPES,
    answering({ namespaces: [100, 103], events: ["forbidden"], pods: ["abc"], flunders: [101] }),
    testCall,
  );
  expect([...(cut?.types ?? [])]).toEqual(["namespaces", "flunders.wardle.example.com"]);
});

it("takes another type for reference when namespaces are forbidden, and no cut when all are", async () => {
  const types = [...TYPES, type("configmaps")];
  const cut = await findCut(
    types,
    answering({ namespaces: ["forbidden"], configmaps: [7, 9, 9], pods: [8] }),
    testCall,
  );
  expect(cut).toEqual({ revision: "9", types: new Set(["pods", "configmaps"]) });
  expect(await findCut(TYPES, answering({ pods: [5] }), testCall)).toBeUndefined();
});

it("says that a cut did not hold where a type is unread: its objects are of an earlier moment", () => {
  const state = newRunState();
  state.unread.set("widgets.example.com", "forbidden");
  const cut = { revision: "42", types: new Set(["pods", "widgets.example.com"]) };
  expect(consistencyOf("cut", cut, state)).toMatchObject({
    held: false,
    exceptions: [{ resource: "widgets.example.com", reason: "unread: what is there is of an earlier run" }],
  });
  expect(consistencyOf("type", undefined, state)).toEqual({
    asked: "type",
    revision: null,
    held: true,
    exceptions: [],
  });
});

it("says that no cut held where no revision could be read", () => {
  expect(consistencyOf("cut", undefined, newRunState())).toMatchObject({ revision: null, held: false });
});

/** Answers each type with one revision after the other, at last always the last; a type without any is forbidden. */
function answering(revisions: Readonly<Record<string, readonly (number | string)[]>>) {
  const asked = new Map<string, number>();
  return {
    concurrency: 1,
    kube: {
      async currentRevision({ resource }: ResourceType) {
        const number = asked.get(resource) ?? 0;
        asked.set(resource, number + 1);
        const all = revisions[resource] ?? ["forbidden"];
        const revision = String(all[Math.min(number, all.length - 1)]);
        if (revision !== "forbidden") return revision;
        throw new KubeError({ kind: "forbidden", who: "kube", operation: "read", problem: "no" });
      },
    },
  };
}
