import type { Call } from "@kubeferry/model";
import pMap from "p-map";
import type { ApplicationReport, ApplicationState, ArgoCd, RolledBackApplication } from "./applications.ts";

/** Applications that are synced at the same time: each of them is work for a cluster. */
const AT_ONCE = 8;

/**
 * Has Argo CD sync Applications to a commit, and waits until each is Synced and Healthy there, has failed, or the time is
 * up. One that fails does not keep the others from it.
 * @returns one line an Application, in their order
 */
export async function syncApplications(
  applications: readonly RolledBackApplication[],
  revision: string,
  argo: ArgoCd,
  call: Call,
): Promise<readonly ApplicationReport[]> {
  const until = argo.patience.now() + argo.patience.timeoutMs;
  const sync = (each: RolledBackApplication) => syncOne(each, { revision, until }, argo, call);
  return pMap(applications, sync, { concurrency: AT_ONCE, signal: call.signal });
}

async function syncOne(
  { name, prune }: RolledBackApplication,
  { revision, until }: { readonly revision: string; readonly until: number },
  argo: ArgoCd,
  call: Call,
): Promise<ApplicationReport> {
  const { now, sleep, pollMs } = argo.patience;
  /** Of the sync that was the last one when ours was asked for; undefined before that. */
  let before: string | undefined;
  for (;;) {
    const state = await argo.read(name, call);
    if (state === undefined) return { name, outcome: "missing", sync: "", health: "" };
    const end = endOf(state, revision, before);
    if (end !== undefined) return end;
    const mayAsk = before === undefined && !state.busy;
    if (mayAsk && (await argo.requestSync(state, { revision, prune }, call))) {
      before = state.last.startedAt;
      call.log.info("sync requested", { operation: "argocd_sync", application: name, revision });
    }
    if (now() >= until) return reportOf(state, "timeout", timeoutText(state, before !== undefined));
    await sleep(Math.min(pollMs, until - now()), call.signal);
  }
}

/** How it ended; undefined while it has not. @param before start of the sync before ours; undefined before ours was asked for */
function endOf(state: ApplicationState, revision: string, before: string | undefined): ApplicationReport | undefined {
  const { last, busy, sync, health, outOfSync } = state;
  if (!busy && sync === "Synced" && state.revision === revision && health === "Healthy") {
    return reportOf(state, "synced");
  }
  const isOurs = before !== undefined && last.revision === revision && last.startedAt !== before;
  if (busy || !isOurs) return undefined;
  if (last.phase === "Failed" || last.phase === "Error") return reportOf(state, "failed", last.message);
  const onlyToBePruned = outOfSync.objects > 0 && outOfSync.objects === outOfSync.toBePruned;
  if (last.phase !== "Succeeded" || state.revision !== revision || health !== "Healthy" || !onlyToBePruned) {
    return undefined;
  }
  const text = `${outOfSync.objects} no longer in Git and still in the cluster: this Application does not prune`;
  return reportOf(state, "synced", text);
}

function timeoutText({ busy, last }: ApplicationState, asked: boolean): string {
  if (!asked) return "another sync was under way all the time";
  return busy ? "the sync is still under way" : `the last sync says: ${last.phase || "nothing yet"}`;
}

function reportOf(
  { name, sync, health }: ApplicationState,
  outcome: ApplicationReport["outcome"],
  message?: string,
): ApplicationReport {
  return { name, outcome, sync, health, ...(message === undefined || message === "" ? {} : { message }) };
}
