import type { PrintedKind } from "../columns.ts";
import { access } from "./access.ts";
import { admission } from "./admission.ts";
import { autoscaling } from "./autoscaling.ts";
import { config } from "./config.ts";
import { controlPlane } from "./control-plane.ts";
import { devices } from "./devices.ts";
import { endpoints } from "./endpoints.ts";
import { events } from "./events.ts";
import { jobs } from "./jobs.ts";
import { network } from "./network.ts";
import { nodes } from "./nodes.ts";
import { pods } from "./pods.ts";
import { storage } from "./storage.ts";
import { workloads } from "./workloads.ts";

/** How Kubernetes' own kinds are shown, by group and kind ("apps/Deployment", "/Pod"): alike in all their versions. */
export const builtInKinds: ReadonlyMap<string, PrintedKind> = new Map(
  [
    access,
    admission,
    autoscaling,
    config,
    controlPlane,
    devices,
    endpoints,
    events,
    jobs,
    network,
    nodes,
    pods,
    storage,
    workloads,
  ].flatMap((family) => Object.entries(family)),
);
