import type { KubeWriter } from "@kubeferry/kube";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { type Planned, planOf } from "../../testing/planned-restore.ts";
import { freshStore, quietCall, takeSnapshot } from "../../testing/take-snapshot.ts";
import { compareDrill } from "./compare-drill.ts";

const RUN = "20261122t061500z-3f9c2a";

const configMap = (name: string, namespace: string, data: JsonObject): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data,
});
const web = (namespace: string, replicas: number): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace },
  spec: { replicas, selector: { matchLabels: { app: "web" } } },
});
const login = (namespace: string, password: string): JsonObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "login", namespace },
  data: { password },
});

describe("what stands after a drill", () => {
  it("is compared object by object with what was meant, values of Secrets unseen", async () => {
    const differences = await compared([
      configMap("same", "drill-shop", { a: "1" }),
      configMap("settings", "drill-shop", { colour: "grey" }),
      login("drill-shop", "b3RoZXI="),
      web("drill-shop", 0),
    ]);
    expect(differences).toEqual([
      {
        object: "configmaps/drill-shop/gone",
        missing: true,
        changes: [],
      },
      {
        object: "configmaps/drill-shop/settings",
        missing: false,
        changes: [{ path: "/data/colour", kind: "changed", before: "blue", after: "grey" }],
      },
      {
        object: "secrets/drill-shop/login",
        missing: false,
        changes: [{ path: "/data/password", kind: "changed", hidden: true }],
      },
    ]);
  });

  it("is as meant when a workload has no replicas, and different when somebody scaled it", async () => {
    const live = [configMap("same", "drill-shop", { a: "1" }), web("drill-shop", 2)];
    const differences = await compared(live);
    expect(differences.find(({ object }) => object === "deployments.apps/drill-shop/web")?.changes).toEqual([
      { path: "/spec/replicas", kind: "changed", before: 0, after: 2 },
    ]);
  });

  it("leaves out what is known to have failed", async () => {
    const failed = new Set(["configmaps/drill-shop/gone", "configmaps/drill-shop/settings"]);
    const live = [
      configMap("same", "drill-shop", { a: "1" }),
      login("drill-shop", "aHVudGVyMg=="),
      web("drill-shop", 0),
    ];
    expect(await compared(live, failed)).toEqual([]);
  });
});

/** A snapshot of namespace shop, planned as drill-shop, and held against these objects of the target. */
async function compared(live: readonly JsonObject[], failed: ReadonlySet<string> = new Set()) {
  const captured = [
    configMap("same", "shop", { a: "1" }),
    configMap("gone", "shop", {}),
    configMap("settings", "shop", { colour: "blue" }),
    login("shop", "aHVudGVyMg=="),
    web("shop", 3),
  ];
  const snapshot = await takeSnapshot(await freshStore(), captured);
  const planned = captured.map(plannedInDrill);
  const plan = planOf(planned, { uid: "target" });
  const settings = {
    ...plan.settings,
    namespaces: { shop: "drill-shop" },
    rehearsal: { run: RUN, kept: false, workloads: false },
  };
  const rest = { clean: { rules: [] }, failed, concurrency: 2, writer: readerOf(live) };
  return compareDrill({ plan: { ...plan, settings }, snapshot, ...rest }, quietCall);
}

function plannedInDrill(object: JsonObject): Planned {
  const { name, namespace } = object.metadata as { name: string; namespace: string };
  const resource = `${String(object.kind).toLowerCase()}s`;
  const moved = { ...object, metadata: { name, namespace: "drill-shop" } };
  return { resource, object: moved, entry: { from: `${namespace}/${name}` as never } };
}

function readerOf(live: readonly JsonObject[]): KubeWriter {
  const refuse = () => Promise.reject(new Error("a comparison writes nothing"));
  return {
    read: ({ type, namespace, name }) =>
      Promise.resolve(
        live.find(({ kind, metadata }) => {
          const placed = metadata as JsonObject;
          return kind === type.kind && placed.name === name && placed.namespace === namespace;
        }),
      ),
    apply: refuse,
    replace: refuse,
    remove: refuse,
  };
}
