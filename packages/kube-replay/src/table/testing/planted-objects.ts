import { accessObjects } from "./access-objects.ts";
import { clusterObjects } from "./cluster-objects.ts";
import { networkObjects } from "./network-objects.ts";
import { type Planted, planted } from "./plant.ts";
import { podObjects } from "./pod-objects.ts";
import { scalingObjects } from "./scaling-objects.ts";
import { storageObjects } from "./storage-objects.ts";
import { systemObjects } from "./system-objects.ts";
import { workloadObjects } from "./workload-objects.ts";

/** Objects of every family, in the states that their rows tell apart. */
export const plantedObjects: readonly Planted[] = [
  ...Object.entries(podObjects).map(([name, { spec, status, metadata }]) =>
    planted(
      `pods/shop/${name.toLowerCase()}`,
      "v1",
      "Pod",
      {
        spec: spec ?? { containers: [{ name: "web", image: "a:1" }] },
        status,
      },
      metadata,
    ),
  ),
  ...workloadObjects,
  ...networkObjects,
  ...storageObjects,
  ...clusterObjects,
  ...accessObjects,
  ...scalingObjects,
  ...systemObjects,
];
