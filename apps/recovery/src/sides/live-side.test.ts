import { Buffer } from "node:buffer";
import { KubeError, type ListRequest } from "@kubeferry/kube";
import { silentLog } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { type LiveOptions, liveSide } from "./live-side.ts";

const call = { signal: new AbortController().signal, log: silentLog };
const CONFIG_MAPS = {
  group: "",
  version: "v1",
  resource: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
  verbs: [],
};

/** A cluster in which nobody may list across namespaces. */
const narrow = {
  description: "a cluster",
  discover: async () => ({ types: [CONFIG_MAPS], stale: [] }),
  identify: async () => ({ uid: "uid" }),
  async *list(_type: unknown, { namespace }: ListRequest) {
    if (namespace === undefined)
      throw new KubeError({ kind: "forbidden", who: "kube", operation: "list configmaps", problem: "no right" });
    yield { key: `${namespace}/a`, line: Buffer.from("{}") };
  },
} as unknown as LiveOptions["kube"];

async function keysOf(namespacesOf?: LiveOptions["namespacesOf"]) {
  const side = await liveSide({ kube: narrow, pageSize: 500, ...(namespacesOf && { namespacesOf }) }, call);
  const [type] = side.types;
  if (type === undefined) throw new Error("there is no type");
  const keys: string[] = [];
  for await (const { key } of side.objects(type, new Set(), call)) keys.push(key);
  return { keys, knows: (key: string) => type.knowsAbsent(key as never) };
}

describe("a cluster of which only some namespaces may be listed", () => {
  it("is listed in those, in the order of a whole list, and says nothing of others", async () => {
    const { keys, knows } = await keysOf(() => ["shop", "shop-jobs"]);
    expect(keys).toEqual(["shop-jobs/a", "shop/a"]);
    expect([knows("shop/b"), knows("shop-jobs/b"), knows("elsewhere/b")]).toEqual([true, true, false]);
  });

  it("cannot be read where none are named", async () => {
    await expect(keysOf()).rejects.toMatchObject({ kind: "forbidden" });
    await expect(keysOf(() => undefined)).rejects.toMatchObject({ kind: "forbidden" });
  });
});
