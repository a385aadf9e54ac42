import { createCleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { EVERYTHING } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diffSides } from "../diff/diff-sides.ts";
import type { DiffReport } from "../diff/difference.ts";
import { createSelection } from "../select/selection.ts";
import { quietCall } from "../testing/take-snapshot.ts";
import { openTestCluster, type TestCluster } from "../testing/test-cluster.ts";
import { filesSide } from "./files-side.ts";
import { liveSide } from "./live-side.ts";

const LIMIT = { timeout: 60_000 };

describe.skipIf(missingServers("kube-apiserver"))("files in a version that the API server does not prefer", () => {
  let cluster: TestCluster;
  let namespace: string;

  beforeAll(async () => {
    cluster = await openTestCluster();
    namespace = await cluster.server.freshNamespace();
    const metrics = [
      { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
    ];
    await cluster.server.apply(scaler("v2", { metrics }, namespace));
  }, 120_000);

  afterAll(() => cluster.kube.close());

  it("are compared with what it makes of its objects in that version", LIMIT, async () => {
    expect(await against(scaler("v1", { targetCPUUtilizationPercentage: 50 }, namespace))).toMatchObject({
      changed: 0,
      removed: 0,
      notCompared: [],
    });
    expect(await against(scaler("v1", { targetCPUUtilizationPercentage: 60 }, namespace))).toMatchObject({
      changed: 1,
      notCompared: [],
    });
  });

  it("are not, and that is said, where it does not serve that one, or files are of several", LIMIT, async () => {
    expect((await against(scaler("v2beta1", {}, namespace))).notCompared).toEqual([
      notCompared("one side has it as v2beta1, the other as v2"),
    ]);
    const mixed = await against(scaler("v1", {}, namespace), scaler("v2", {}, namespace, "other"));
    expect(mixed.notCompared).toEqual([
      notCompared("Git: files are written as v1 and v2, and only one version can be compared"),
    ]);
  });

  async function against(...objects: readonly JsonObject[]): Promise<DiffReport> {
    const { types } = await cluster.kube.discover(quietCall);
    const before = await filesSide({
      description: "Git",
      served: types,
      knowsAbsent: () => false,
      leftOut: ({ resource }) => (resource === "horizontalpodautoscalers" ? undefined : "no file holds one"),
    });
    for (const object of objects) await before.add(object);
    const after = await liveSide({ kube: cluster.kube, pageSize: 500 }, quietCall);
    const selection = createSelection({
      ...EVERYTHING,
      resources: { include: ["horizontalpodautoscalers.autoscaling"], exclude: [] },
    });
    const diff = await diffSides({ before, after, selection, cleaner: createCleaner(), texts: false }, quietCall);
    await diff.differences.close();
    await before.close();
    return diff.report;
  }
});

function notCompared(reason: string) {
  return { resource: "horizontalpodautoscalers.autoscaling", because: "unread", reason };
}

function scaler(version: string, spec: JsonObject, namespace: string, name = "web"): JsonObject {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  return {
    apiVersion: `autoscaling/${version}`,
    kind: "HorizontalPodAutoscaler",
    metadata: { name, namespace },
    spec: { minReplicas: 1, maxReplicas: 3, scaleTargetRef, ...spec },
  };
}
