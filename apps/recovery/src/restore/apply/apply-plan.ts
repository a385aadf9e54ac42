import { type KubeApi, KubeError, type KubeWriter } from "@kubeferry/kube";
import type { Call, JsonObject, RestoreReport } from "@kubeferry/model";
import type { ReadableObject, Snapshot } from "@kubeferry/snapshot";
import type { PlanEntry, RestorePlan } from "../restore-plan.ts";
import { applyStep } from "./apply-step.ts";
import { checkPlan } from "./check-plan.ts";
import { checkSegments } from "./check-segments.ts";
import { untilServed } from "./definitions.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createOwnerLinks } from "./linked-owners.ts";
import type { MarkOf } from "./look.ts";
import { removeEntries } from "./remove-entries.ts";
import { type Step, stepsOf } from "./steps.ts";

/** A plan, and what it is carried out with. */
export interface ApplyOptions {
  readonly plan: RestorePlan;
  /** The snapshot that the plan was made from. */
  readonly snapshot: Snapshot;
  /** UID of the target's namespace kube-system, as it says itself. */
  readonly targetUid: string;
  readonly kube: KubeApi;
  readonly writer: KubeWriter;
  readonly markOf: MarkOf;
  /** What is written for an entry, without its owners; undefined when the captured object cannot be used after all. */
  readonly bodyOf: (captured: ReadableObject, entry: PlanEntry) => JsonObject | undefined;
  /** Objects written at the same time. */
  readonly concurrency: number;
  /** How long to wait for one thing that others need. */
  readonly waitTimeoutMs: number;
  readonly now: () => Date;
}

/** What the API server said of an object is believed for so long. */
const CHECKED_FOR_MS = 10 * 60_000;

/**
 * Carries out a plan, step by step: what others need is there, or has failed, before they are written; what is removed
 * goes last. Told to stop, it finishes the objects that are being written and reports those; the same call again goes on
 * and ends in the same state.
 * @throws RecoveryError before the first write, when the plan is not for this snapshot or cluster, or the snapshot's
 * bytes are not what they should be; KubeError when the API server is gone or does not know us any more, which says how
 * much had been written by then
 */
export async function applyPlan(options: ApplyOptions, call: Call): Promise<RestoreReport> {
  const { plan, snapshot, writer, now } = options;
  const startedAt = now().getTime();
  checkPlan(plan, options);
  await checkSegments(plan, snapshot, call);
  const ledger = createLedger();
  const recheck = startedAt - Date.parse(plan.createdAt) > CHECKED_FOR_MS;
  const tools = { ...options, ledger, links: createOwnerLinks(writer), recheck };
  let interrupted = false;
  try {
    for (const step of stepsOf(plan.entries)) {
      await applyStep(step, tools, call);
      if (step.wave === "definitions") await untilServed(definitionsOf(step), tools, call);
    }
    await removeEntries(
      plan.entries.filter(({ action }) => action === "remove"),
      tools,
      call,
    );
  } catch (error) {
    if (!call.signal.aborted) throw brokenOff(error, ledger);
    interrupted = true;
  } finally {
    const { counts } = ledger;
    call.log.info("restore ended", { operation: "restore_apply", counts: { ...counts }, of: plan.entries.length });
  }
  const report = reportOf(plan, options.kube.description, ledger, now().getTime() - startedAt);
  return interrupted ? { ...report, status: "interrupted" } : report;
}

/** Also those that were there before: objects of the plan need them. */
function definitionsOf({ entries }: Step): readonly PlanEntry[] {
  return entries.filter(({ action }) => action !== "blocked");
}

/** There is no report of a run that ended like this, and whoever reads why has to know that it had begun. */
function brokenOff(error: unknown, { counts }: Ledger): unknown {
  if (!(error instanceof KubeError)) return error;
  const { kind, who, operation, problem, next, status, unanswered } = error;
  const done = `objects written by then: ${writtenOf(counts)}; the same plan goes on from there`;
  const parts = { kind, who, operation, problem, status, unanswered, cause: error };
  return new KubeError({ ...parts, next: next === undefined ? done : `${next}; ${done}` });
}

function writtenOf({ created, updated, replaced, removed }: Ledger["counts"]): number {
  return created + updated + replaced + removed;
}

function reportOf(plan: RestorePlan, target: string, ledger: Ledger, durationMs: number): RestoreReport {
  const { cluster, series, sequence, finishedAt } = plan.source;
  const { counts, failures, notWritten, warnings } = ledger;
  const written = writtenOf(counts);
  return {
    stage: "restore",
    status: counts.failed + counts.changed + counts.blocked === 0 ? "complete" : "partial",
    source: { cluster, series, sequence, finishedAt },
    target,
    objects: { ...counts },
    failures: [...failures].sort(byText(({ target: object }) => object)),
    notWritten: [...notWritten].sort(byText(({ object }) => object)),
    warnings: [...plan.warnings, ...[...warnings].sort(byText((text) => text))],
    durationMs,
    objectsPerSecond: durationMs === 0 ? 0 : Math.round((written * 10_000) / durationMs) / 10,
  };
}

function byText<Value>(textOf: (value: Value) => string): (left: Value, right: Value) => number {
  return (left, right) => (textOf(left) < textOf(right) ? -1 : textOf(left) > textOf(right) ? 1 : 0);
}
