import { connectKubeForCreating, KubeError, type KubeForCreating, objectPath, runsInPod } from "@kubeferry/kube";
import { type Call, isJsonObject, type JsonObject, parseJson, textAt } from "@kubeferry/model";
import type { AnnounceConfig, Config, KubernetesConfig } from "@kubeferry/shared-config";
import { BackupError } from "../backup-error.ts";
import type { Announcer, Told } from "./announcer.ts";
import { hasNotBegun } from "./has-not-begun.ts";
import { JOB_LABEL, type JobWish, jobOf } from "./job-of.ts";

/** What of the configuration a Job is made by. */
export type JobOptions = Pick<Config, "announce" | "kubernetes" | "retry">;

const CRON_JOBS = { group: "batch", version: "v1", resource: "cronjobs", kind: "CronJob", namespaced: true } as const;
const JOBS = { group: "batch", version: "v1", resource: "jobs", kind: "Job", namespaced: true } as const;
const PAGE = 50;

/**
 * Tells stage 2 by making a Job from its CronJob. A Job of ours that has not begun yet will read the snapshot too, so
 * none is made beside it. Asks for `get` of that CronJob, and for `list` and `create` of Jobs in its namespace.
 */
export function announceByJob(options: JobOptions): Announcer {
  const { name = "", namespace } = options.announce.cronJob ?? {};
  const opened: { kube?: Promise<KubeForCreating> } = {};
  // One after the other: clusters of one process that end together find each other's Job.
  const turn = { last: Promise.resolve<unknown>(undefined) };

  async function open(): Promise<{ cluster: KubeForCreating; where: CronJobPlace }> {
    opened.kube ??= connect(options);
    const cluster = await opened.kube;
    return { cluster, where: { name, namespace: namespace ?? cluster.namespace } };
  }

  async function tellOne(id: string, call: Call): Promise<Told> {
    const { cluster, where } = await open();
    const waiting = await waitingJob(where, cluster, call);
    if (waiting !== undefined) return { outcome: "waiting", target: `${where.namespace}/${waiting}` };
    const { job, target } = await jobFrom(where, { id, traceparent: call.span?.traceparent }, cluster, call);
    await cluster.create(target, job, call).catch(passOverOwn);
    return { outcome: "told", target: `${where.namespace}/${target.name}` };
  }

  async function check(call: Call): Promise<string> {
    const { cluster, where } = await open();
    await waitingJob(where, cluster, call);
    const { job, target } = await jobFrom(where, { id: "check", traceparent: undefined }, cluster, call);
    await cluster.create(target, job, call, { dryRun: true }).catch(passOverOwn);
    return `a Job can be made from CronJob ${where.namespace}/${where.name} (tried without making one)`;
  }

  return {
    via: "job",
    target: namespace === undefined ? name : `${namespace}/${name}`,
    tell({ runId, snapshot }, call) {
      const told = turn.last.then(() => tellOne(`${runId} ${snapshot}`, call));
      turn.last = told.catch(() => undefined);
      return told;
    },
    check,
    async close() {
      const cluster = await opened.kube?.catch(() => undefined);
      await cluster?.kube.close();
    },
  };
}

interface CronJobPlace {
  readonly name: string;
  readonly namespace: string;
}

/** The cluster that stage 2 runs in. */
function connect({ announce, kubernetes, retry }: JobOptions): Promise<KubeForCreating> {
  return connectKubeForCreating({ ...clusterOf(announce, kubernetes), retry });
}

function clusterOf({ cronJob }: AnnounceConfig, kubernetes: KubernetesConfig) {
  const { kubeconfig, context } = cronJob ?? {};
  if (kubeconfig !== undefined || context !== undefined) return { kubeconfig, context };
  return runsInPod() ? { inCluster: true } : { kubeconfig: kubernetes.kubeconfig, context: kubernetes.context };
}

/** The name of a Job of ours that no Pod was made for yet. */
async function waitingJob(
  { name, namespace }: CronJobPlace,
  { kube }: KubeForCreating,
  call: Call,
): Promise<string | undefined> {
  const type = { ...JOBS, verbs: ["list"] };
  const request = { pageSize: PAGE, namespace, labelSelector: `${JOB_LABEL}=${name}` };
  for await (const { line } of kube.list(type, request, call)) {
    const job = objectIn(line);
    if (hasNotBegun(job)) return textAt(job, "metadata", "name");
  }
  return undefined;
}

async function jobFrom(where: CronJobPlace, wish: JobWish, cluster: KubeForCreating, call: Call) {
  const job = jobOf(await readCronJob(where, cluster, call), wish);
  return { job, target: { type: JOBS, namespace: where.namespace, name: textAt(job, "metadata", "name") ?? "" } };
}

async function readCronJob({ name, namespace }: CronJobPlace, { kube }: KubeForCreating, call: Call) {
  return objectIn(await kube.get(objectPath(CRON_JOBS, namespace, name), call));
}

/** The name is made of the run's id: who has it already is an earlier try, whose answer was lost. */
function passOverOwn(error: unknown): void {
  if (!(error instanceof KubeError) || error.kind !== "conflict") throw error;
}

function objectIn(bytes: Buffer): JsonObject {
  const object = parseJson(bytes.toString("utf8"));
  if (isJsonObject(object)) return object;
  const operation = "make a Job";
  throw new BackupError({ kind: "invalid", who: "announce", operation, problem: "the API's answer is no object" });
}
