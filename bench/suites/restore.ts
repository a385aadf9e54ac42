// Bringing objects back: what a plan and its carrying out take next to bare loops of the same requests.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@kubeferry/model";
import { EVERYTHING, RESTORE_EVERYTHING } from "@kubeferry/test-fleet";
import type { FreshKubeApi } from "@kubeferry/testbed";
import type { ApplyLoop, ReadyBody } from "../children/apply-loop.ts";
import type { RestoreRun } from "../children/restore.ts";
import { clusterObjects, startFullCluster } from "../cluster.ts";
import { runChild } from "../frame/child.ts";
import { kubeferry } from "../frame/kubeferry.ts";
import type { Claim, Sample, Setting, Suite } from "../frame/measure.ts";
import { type Floor, openFloor } from "../limits/floor.ts";

/** As `recovery.restore.concurrency` has it unless told otherwise. */
const CONCURRENCY = 16;
/** An API server on two cores takes a few hundred applies a second: what is new with more of them is not worth the minutes. */
const MOST_OBJECTS = 5_000;
/** The share of the bare loop's pace. */
const WANTED = 0.75;
const IN_CI = 0.3;

export const restoreSuite: Suite = {
  name: "restore",
  about: `A snapshot of half of the objects (at most ${MOST_OBJECTS}) is planned and brought back, ${CONCURRENCY} objects at once: into namespaces that are empty, and over what is there.`,
  async open(setting: Setting) {
    const objects = Math.min(setting.objects / 2, MOST_OBJECTS);
    const cluster = await startFullCluster(objects);
    const floor = await openFloor(["restore", "--help"]);
    const place = await createPlace(cluster, objects, floor.heap);
    const there = await place.emptyNamespaces();
    await place.loop(there, { dryRun: false });
    let target = there;
    const intoEmpty = async () => {
      target = await place.emptyNamespaces();
    };
    const subjects = [
      { name: "apply", prepare: intoEmpty, run: () => place.loop(target, { dryRun: false }) },
      {
        name: "restore apply",
        prepare: async () => {
          await intoEmpty();
          await place.restore("plan", target);
        },
        run: () => place.restore("apply", target),
      },
      { name: "dry-run", prepare: intoEmpty, run: () => place.loop(target, { dryRun: true }) },
      { name: "restore plan", prepare: intoEmpty, run: () => place.restore("plan", target) },
      { name: "dry-run of what is there", run: () => place.loop(there, { dryRun: true }) },
      { name: "restore plan of what is there", run: () => place.restore("plan", there) },
    ];
    return {
      subjects,
      claims: [
        pace("restore apply", "apply"),
        pace("restore plan", "dry-run"),
        pace("restore plan of what is there", "dry-run of what is there"),
      ],
      async close() {
        await floor.close();
        await cluster.stop();
      },
    };
  },
};

/** Both have the same objects to do, so their paces are as their times. */
function pace(ours: string, limit: string): Claim {
  return {
    what: `${ours} ≥ ${WANTED} of the pace of ${limit}`,
    ratio: (round) => round(limit).wallMs / round(ours).wallMs,
    wanted: { atLeast: WANTED },
    inCi: { atLeast: IN_CI },
  };
}

/** What a namespace of the snapshot is called in the target. */
type Target = (namespace: string) => string;

interface Place {
  /** Namespaces of their own for all that is brought back. */
  emptyNamespaces(): Promise<Target>;
  loop(target: Target, how: { readonly dryRun: boolean }): Promise<Sample>;
  restore(step: "plan" | "apply", target: Target): Promise<Sample>;
}

/** A cluster, and a snapshot of it. @param heap as `kubeferry restore` starts itself */
async function createPlace(cluster: FreshKubeApi, objects: number, heap: Floor["heap"]): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
  const root = await backUp(cluster, folder);
  const all = restored(objects);
  const namespaces = [...new Set(all.map(({ metadata }) => String((metadata as JsonObject).namespace)))];
  let made = 0;
  return {
    async emptyNamespaces() {
      const prefix = `restored-${made++}`;
      const target: Target = (namespace) => `${prefix}-${namespace}`;
      await cluster.apply(...namespaces.map((name) => namespaceCalled(target(name))));
      return target;
    },
    async loop(target, { dryRun }) {
      const bodiesFile = join(folder, "bodies.json");
      await writeFile(bodiesFile, JSON.stringify(all.map((object) => bodyOf(object, target))));
      const { url, caFile, adminToken: token } = cluster;
      return runChild("apply-loop", {
        url,
        caFile,
        token,
        concurrency: CONCURRENCY,
        dryRun,
        bodiesFile,
      } satisfies ApplyLoop);
    },
    async restore(step, target) {
      const mapped = Object.fromEntries(namespaces.map((name) => [name, target(name)]));
      const run: RestoreRun = {
        folder,
        root,
        kubeconfig: cluster.kubeconfig,
        concurrency: CONCURRENCY,
        settings: {
          ...RESTORE_EVERYTHING,
          namespaces: mapped,
          filter: { ...FILTER, namespaces: { include: namespaces, exclude: [] } },
        },
        planFile: join(folder, "plan.json"),
        step,
      };
      const sample = await runChild("restore", run, heap);
      const seen = Object.values(sample.counts ?? {});
      if (seen.length !== 1 || seen[0] !== all.length) {
        throw new Error(`restore ${step} of ${all.length} objects: ${JSON.stringify(sample.counts)}`);
      }
      return sample;
    },
  };
}

/** @returns where the cluster lies in the folder */
async function backUp(cluster: FreshKubeApi, folder: string): Promise<string> {
  const config = join(folder, "kubeferry.yaml");
  const content = {
    metrics: { enabled: false },
    cluster: { name: "bench", domain: "example.internal" },
    kubernetes: { kubeconfig: cluster.kubeconfig },
    store: { type: "folder", path: folder },
    backup: { mirror: false, secrets: "plain" },
  };
  await writeFile(config, JSON.stringify(content));
  await kubeferry(["backup", "--config", config], {});
  return "example.internal/bench/";
}

const FILTER = {
  ...EVERYTHING,
  // A second set of Services would want more addresses than an API server has unless told otherwise.
  resources: { include: [], exclude: ["services", "namespaces"] },
  clusterScoped: false,
};

const PLURALS: Readonly<Record<string, string>> = {
  Deployment: "deployments",
  ConfigMap: "configmaps",
  Ingress: "ingresses",
  Widget: "widgets",
  Secret: "secrets",
};

function restored(objects: number): readonly JsonObject[] {
  return clusterObjects(objects).filter(({ kind }) => PLURALS[String(kind)] !== undefined);
}

function namespaceCalled(name: string): JsonObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** An object as a person would write it. */
function bodyOf({ apiVersion, kind, metadata, status: _, ...content }: JsonObject, target: Target): ReadyBody {
  const { name, namespace, labels = {}, annotations = {} } = metadata as JsonObject;
  const inside = target(String(namespace));
  const root = String(apiVersion).includes("/") ? "apis" : "api";
  const wanted = { apiVersion, kind, metadata: { name, namespace: inside, labels, annotations }, ...content };
  return {
    path: `/${root}/${apiVersion}/namespaces/${inside}/${PLURALS[String(kind)]}/${name}`,
    text: JSON.stringify(wanted),
  };
}
