import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { freshStore, quietCall, takeSnapshot } from "../../testing/take-snapshot.ts";
import { drillNamespaces } from "./drill-namespaces.ts";

describe("the namespaces of a drill", () => {
  const namespace = (name: string, labels: JsonObject = {}): JsonObject => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels },
  });
  const long = "a".repeat(60);
  const captured = [
    ...["default", "kube-system", "openshift", "openshift-etcd", "shop", "shop-test"].map((name) => namespace(name)),
    namespace("drill-old", { "kubeferry.io/drill": "20261122t061500z-3f9c2a" }),
  ];
  const chosen = async (patterns: readonly string[], prefix = "drill-", objects = captured) => {
    const found = await drillNamespaces(
      await takeSnapshot(await freshStore(), objects),
      { patterns, prefix },
      quietCall,
    );
    return found.map(({ from, to }) => `${from} ${to}`);
  };

  it("are all but the cluster's own and what drills made, or those that are named", async () => {
    expect(await chosen([])).toEqual(["default drill-default", "shop drill-shop", "shop-test drill-shop-test"]);
    expect(await chosen(["shop*", "kube-system"], "x-")).toEqual([
      "kube-system x-kube-system",
      "shop x-shop",
      "shop-test x-shop-test",
    ]);
  });

  it("have names that a namespace can have, or the drill says which have not", async () => {
    const objects = [namespace(long), namespace("shop")];
    await expect(chosen([], "drill-", objects)).rejects.toMatchObject({
      kind: "config",
      problem: `longer than 63 characters: drill-${long}`,
    });
    await expect(chosen(["shop"], "Drill_")).rejects.toMatchObject({ kind: "config" });
    await expect(chosen(["shop"], "")).rejects.toMatchObject({ problem: "the prefix is empty" });
  });

  it("are not guessed at when a name fits none", async () => {
    await expect(chosen(["shoo"])).rejects.toMatchObject({
      kind: "config",
      problem: "-n shoo fits no namespace of the snapshot",
    });
  });
});
