// `restore plan` or `restore apply` from a snapshot that is there, from the connected process to the end of the work.
import { connectKubeForWriting } from "@kubeferry/kube";
import { silentLog } from "@kubeferry/model";
import { openStore, prefixed } from "@kubeferry/object-store";
import {
  applyRestore,
  connectionsFor,
  planRestore,
  type RestoreSettings,
  readPlanFile,
  writePlanFile,
} from "@kubeferry/recovery";
import { openSeries } from "@kubeferry/snapshot";
import { argument, report } from "../frame/child.ts";

/** What is restored, and how much of it. */
export interface RestoreRun {
  /** Of the folder store, and of the cluster in it. */
  readonly folder: string;
  readonly root: string;
  readonly kubeconfig: string;
  readonly concurrency: number;
  readonly settings: RestoreSettings;
  readonly planFile: string;
  /** "plan" writes the file, "apply" reads it. */
  readonly step: "plan" | "apply";
}

const { folder, root, kubeconfig, concurrency, settings, planFile, step } = argument<RestoreRun>();
const call = { signal: new AbortController().signal, log: silentLog };
const store = prefixed(await openStore({ type: "folder", path: folder, prefix: "" }), root);
const snapshot = await openSeries(store, "default").newest(call);
if (snapshot === undefined) throw new Error(`${folder} has no snapshot below ${root}`);
const { kube, writer } = await connectKubeForWriting({ kubeconfig, connections: connectionsFor(concurrency) });
const run = { snapshot, kube, writer, clean: {}, concurrency, now: () => new Date() };

await report(step === "plan" ? plan : apply);
await kube.close();

async function plan(): Promise<Record<string, number>> {
  const made = await planRestore({ ...run, store, settings, toolVersion: "bench" }, call);
  await writePlanFile(planFile, made);
  const counts: Record<string, number> = {};
  for (const { action } of made.entries) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

async function apply(): Promise<Record<string, number>> {
  const made = await readPlanFile(planFile);
  const { objects } = await applyRestore({ ...run, plan: made, waitTimeoutMs: 10_000 }, call);
  return Object.fromEntries(Object.entries(objects).filter(([, number]) => number > 0));
}
