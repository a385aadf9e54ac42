import { type KubeApi, KubeError } from "@kubeferry/kube";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { type Planned, planOf, testCall } from "../../testing/planned-restore.ts";
import { lookAt } from "./look.ts";

function forbidden(operation: string): KubeError {
  return new KubeError({ kind: "forbidden", who: "kube", operation, problem: "you may not" });
}

const configMap = (name: string): Planned => ({
  resource: "configmaps",
  object: { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "shop", name } },
});

describe("what is in the target", () => {
  it("is asked for one by one where the type may not be listed", async () => {
    const there: Readonly<Record<string, JsonObject>> = { a: { metadata: { uid: "uid-a", resourceVersion: "7" } } };
    const kube = {
      list: () => {
        throw forbidden("list configmaps in shop");
      },
    } as unknown as KubeApi;
    const read = async ({ name }: { readonly name: string }) => {
      if (name === "c") throw forbidden("get configmaps shop/c");
      return there[name];
    };
    const { entries } = planOf([configMap("a"), configMap("b"), configMap("c")], { uid: "target" });
    const markOf = () => ({ uid: "uid-a", digest: "d" });
    const seen = await lookAt(entries, { kube, writer: { read }, markOf, concurrency: 2 }, testCall);
    expect([...seen]).toEqual([
      ["configmaps/shop/a", { mark: { uid: "uid-a", digest: "d" }, resourceVersion: "7", terminating: false }],
    ]);
  });
});
