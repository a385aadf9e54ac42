import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { type JsonObject, parseJson } from "@kubeferry/model";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { createCleaner } from "./cleaner.ts";
import { firstDifference } from "./equal.ts";
import { valueAt } from "./path.ts";
import { jsonText } from "./testing/json-text.ts";
import { SETTLED_OBJECTS } from "./testing/settled-objects.ts";

const { clean, dropReason } = createCleaner();

/** All that does something to the objects of the test; none needs a node. */
const CONTROLLERS = [
  "namespace-controller",
  "garbage-collector-controller",
  "deployment-controller",
  "replicaset-controller",
  "replicationcontroller-controller",
  "daemonset-controller",
  "statefulset-controller",
  "job-controller",
  "cronjob-controller",
  "disruption-controller",
  "endpoints-controller",
  "endpointslice-controller",
  "endpointslice-mirroring-controller",
  "serviceaccount-controller",
  "root-ca-certificate-publisher-controller",
  "clusterrole-aggregation-controller",
  "persistentvolume-binder-controller",
  "persistentvolume-protection-controller",
  "persistentvolumeclaim-protection-controller",
  "resourcequota-controller",
];

const WAYS: Readonly<Record<string, readonly string[]>> = {
  "by client-side apply": ["apply"],
  "by server-side apply": ["apply", "--server-side", "--force-conflicts"],
  "by create": ["create"],
};

describe.skipIf(missingServers("kube-apiserver", "kube-controller-manager", "kubectl"))(
  `views of ${SETTLED_OBJECTS.length} objects that controllers have worked on`,
  () => {
    let api: KubeApi;
    beforeAll(async () => {
      api = await servers.freshKubeApi({ controllers: CONTROLLERS });
    }, 180_000);

    for (const [way, command] of Object.entries(WAYS)) {
      it(`hold all that was asked for, and are what comes out when they are brought back ${way}`, {
        timeout: 240_000,
      }, async () => {
        const views = await viewsOf(SETTLED_OBJECTS, command);
        for (const [index, view] of views.entries()) {
          expect(view, nameOf(view)).toMatchObject(asked(SETTLED_OBJECTS[index] ?? {}));
        }
        const again = await viewsOf(views, command);
        for (const [index, view] of views.entries()) {
          expect(firstDifference(view, again[index] ?? {}), nameOf(view)).toBeUndefined();
        }
      });
    }

    /** Brings objects into the cluster, lets controllers do their work, reads them, and takes them away again. */
    async function viewsOf(objects: readonly JsonObject[], command: readonly string[]): Promise<JsonObject[]> {
      // The type of a custom resource has to be served before kubectl knows it.
      await kubectl([...command], objects.filter(isDefinition));
      await kubectl(["wait", "--for=condition=Established", "--timeout=60s"], objects.filter(isDefinition));
      await kubectl(
        [...command],
        objects.filter((object) => !isDefinition(object)),
      );
      try {
        const live = await settled(objects);
        for (const object of live) expect(dropReason(object), nameOf(object)).toBeUndefined();
        return live.map((object) => clean(object).object);
      } finally {
        await takeAway(objects);
      }
    }

    /** Until they stay away: the controller of aggregated roles may bring one back that it has not yet seen go. */
    async function takeAway(objects: readonly JsonObject[]): Promise<void> {
      const remove = ["delete", "--ignore-not-found", "--wait=false", "--grace-period=0"];
      const areGone = async (some: readonly JsonObject[]) =>
        (await kubectl(["get", "--ignore-not-found", "-o", "name"], some)) === "";
      const roles = objects.filter(({ aggregationRule }) => aggregationRule !== undefined);
      await kubectl(remove, objects);
      while (!(await areGone(objects))) {
        await sleep(250);
        await kubectl(remove, roles);
      }
      for (let timesGone = 0; timesGone < 4; ) {
        await sleep(500);
        const isGone = await areGone(roles);
        timesGone = isGone ? timesGone + 1 : 0;
        if (!isGone) await kubectl(remove, roles);
      }
    }

    async function settled(objects: readonly JsonObject[]): Promise<JsonObject[]> {
      const until = Date.now() + 120_000;
      for (;;) {
        const answer = await kubectl(["get", "-o", "json", "--show-managed-fields"], objects);
        const { items } = parseJson(answer) as { items: JsonObject[] };
        const waiting = items.filter((object) => !isSettled(object)).map(nameOf);
        if (waiting.length === 0) return items;
        if (Date.now() > until) throw new Error(`controllers did not come to ${waiting.join(", ")}`);
        await sleep(250);
      }
    }

    function kubectl(args: readonly string[], items: readonly JsonObject[]): Promise<string> {
      return new Promise((resolve, reject) => {
        const all = ["--kubeconfig", api.kubeconfig, ...args, "-f", "-"];
        const child = spawn(servers.binary("kubectl"), all, { stdio: "pipe" });
        const out: Buffer[] = [];
        const said: Buffer[] = [];
        child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
        child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
        child.once("error", reject);
        child.once("close", (code) => {
          if (code === 0) resolve(Buffer.concat(out).toString("utf8"));
          else reject(new Error(`kubectl ${args.join(" ")}: ${Buffer.concat(said).toString("utf8")}`));
        });
        child.stdin.end(jsonText({ apiVersion: "v1", kind: "List", items: [...items] }));
      });
    }
  },
);

/** What a controller leaves on an object of these kinds once it has come to it. */
const SIGNS: Readonly<Record<string, (object: JsonObject) => boolean>> = {
  Deployment: (object) => valueAt(object, ["metadata", "annotations", "deployment.kubernetes.io/revision"]) === "1",
  StatefulSet: (object) => valueAt(object, ["status", "currentRevision"]) !== undefined,
  DaemonSet: (object) => valueAt(object, ["status", "observedGeneration"]) !== undefined,
  PersistentVolumeClaim: (object) => valueAt(object, ["status", "phase"]) === "Bound",
  PersistentVolume: (object) => valueAt(object, ["status", "phase"]) === "Bound",
  PodDisruptionBudget: (object) => valueAt(object, ["status", "observedGeneration"]) !== undefined,
  Namespace: (object) => valueAt(object, ["status", "phase"]) === "Active",
};

function isSettled(object: JsonObject): boolean {
  if (object.aggregationRule !== undefined) return Array.isArray(object.rules) && object.rules.length > 0;
  return SIGNS[String(object.kind)]?.(object) ?? true;
}

/** The object without what somebody else fills: a controller, the rules of an aggregated role. */
function asked(object: JsonObject): JsonObject {
  const { rules, ...rest } = object;
  return object.aggregationRule === undefined && rules !== undefined ? object : rest;
}

function isDefinition({ kind }: JsonObject): boolean {
  return kind === "CustomResourceDefinition";
}

function nameOf({ kind, metadata }: JsonObject): string {
  return `${String(kind)} ${String(valueAt(metadata, ["name"]))}`;
}
