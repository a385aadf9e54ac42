import type { KubeApi, KubeWriter } from "@kubeferry/kube";
import { type Call, compareUtf8, type RestoreReport, typeName } from "@kubeferry/model";
import { applyRestore } from "../apply/apply-restore.ts";
import { objectName } from "../apply/steps.ts";
import { neverRestored } from "../desired/cluster-made.ts";
import { isDefinitions, isNamespaces } from "../plan/candidate.ts";
import { type PlanOptions, planRestore } from "../plan/plan-restore.ts";
import type { PlanEntry, Rehearsal, RestorePlan, RestoreSettings } from "../restore-plan.ts";
import { compareDrill } from "./compare-drill.ts";
import { drillRun, removalCommand } from "./drill-mark.ts";
import { type DrillNamespace, drillNamespaces } from "./drill-namespaces.ts";
import type { DrillCleanup, DrillDifference, DrillReport } from "./drill-report.ts";
import { guardedWriter } from "./guarded-writer.ts";
import { labelledObjects } from "./made-objects.ts";
import { makeRoom } from "./make-room.ts";
import { removeMade } from "./remove-made.ts";

/** What a drill is made of. */
export interface DrillOptions extends Omit<PlanOptions, "settings"> {
  readonly kube: KubeApi;
  readonly writer: KubeWriter;
  /** As a restore in earnest has them; where things go is the drill's own matter. */
  readonly settings: Pick<RestoreSettings, "storageClasses" | "images" | "patches" | "maxRemovals">;
  /** Namespaces that are rehearsed, names or patterns; none: all but the cluster's own. */
  readonly namespaces: readonly string[];
  readonly prefix: string;
  readonly keep: boolean;
  readonly workloads: boolean;
  readonly removeLeftovers: boolean;
  readonly waitTimeoutMs: number;
  /** Six hexadecimal digits that no other drill has. */
  readonly random: string;
}

/** A stopped drill gets no longer to remove what it made: whoever stopped it waits. */
const LAST_REMOVAL_MS = 20_000;

/**
 * Brings a snapshot back under other names, looks whether all of it is as it was, and removes it again: also after a
 * failure, and when the caller stops it. Nothing that was in the target before is written or removed.
 * @throws RecoveryError before the first write: "conflict" for a namespace that is there, "damaged", "config";
 * KubeError when the cluster does not answer; what it made is removed before, as far as it can be
 */
export async function runDrill(options: DrillOptions, call: Call): Promise<DrillReport> {
  const { snapshot, keep, workloads, now } = options;
  const startedAt = now();
  const rehearsal: Rehearsal = { run: drillRun(startedAt, options.random), kept: keep, workloads };
  const { namespaces: patterns, prefix } = options;
  const namespaces = await drillNamespaces(snapshot, { patterns, prefix }, call);
  const earlier = await makeRoom({ ...options, namespaces }, call);
  const settings = settingsOf(options, namespaces, rehearsal);
  const plan = await planRestore({ ...options, settings }, call);
  const writer = guardedWriter(options.writer, rehearsal.run);
  const outcome = await rehearse(plan, { ...options, writer }, rehearsal, call);
  return reportOf({ ...outcome, plan, options, rehearsal, namespaces, startedAt, earlier });
}

/** Nothing there is written over; of what lies in no namespace only missing definitions come along. */
function settingsOf(
  { settings, workloads }: DrillOptions,
  namespaces: readonly DrillNamespace[],
  rehearsal: Rehearsal,
): RestoreSettings {
  const { storageClasses, images, patches, maxRemovals } = settings;
  return {
    storageClasses,
    images,
    patches,
    maxRemovals,
    conflicts: "skip",
    argoManaged: "block",
    namespaces: Object.fromEntries(namespaces.map(({ from, to }) => [from, to])),
    filter: {
      namespaces: { include: namespaces.map(({ from }) => from), exclude: [] },
      resources: { include: [], exclude: workloads ? [] : ["pods.core"] },
      names: { include: [], exclude: [] },
      clusterScoped: false,
    },
    rehearsal,
  };
}

interface Outcome {
  readonly report: RestoreReport;
  readonly restoredAt: Date;
  readonly differences: readonly DrillDifference[];
  readonly cleanup: DrillCleanup;
}

async function rehearse(plan: RestorePlan, options: DrillOptions, rehearsal: Rehearsal, call: Call): Promise<Outcome> {
  let found: Omit<Outcome, "cleanup">;
  try {
    const report = await applyRestore({ ...options, plan }, call);
    call.signal.throwIfAborted();
    const restoredAt = options.now();
    const failed = new Set(report.failures.map(({ target }) => target));
    for (const { object } of report.notWritten) failed.add(object);
    found = { report, restoredAt, differences: await compareDrill({ ...options, plan, failed }, call) };
  } catch (error) {
    await cleanUpAfter(options, rehearsal, call);
    throw error;
  }
  try {
    return { ...found, cleanup: await cleanUp(options, rehearsal, call) };
  } catch (error) {
    await cleanUpAfter(options, rehearsal, call);
    throw error;
  }
}

async function cleanUp(options: DrillOptions, { run, kept }: Rehearsal, call: Call): Promise<DrillCleanup> {
  const command = removalCommand(run);
  if (kept) return { kept, removed: [], left: [], command };
  const { removed, left } = await removeMade(await labelledObjects(options.kube, run, call), options, call);
  return { kept, removed, left, ...(left.length === 0 ? {} : { command }) };
}

/** What it made goes also when the drill itself cannot go on; the caller's signal may be what ended it. */
async function cleanUpAfter(options: DrillOptions, rehearsal: Rehearsal, call: Call): Promise<void> {
  const { log, deadline } = call;
  const fields = { operation: "restore_drill", run: rehearsal.run, command: removalCommand(rehearsal.run) } as const;
  if (rehearsal.kept) return log.warn("a drill ended early, and what it made is kept", fields);
  const waitTimeoutMs = Math.min(options.waitTimeoutMs, LAST_REMOVAL_MS / 2);
  const ends = [AbortSignal.timeout(LAST_REMOVAL_MS), ...(deadline === undefined ? [] : [deadline])];
  const last: Call = { ...call, signal: AbortSignal.any(ends) };
  try {
    const { left } = await cleanUp({ ...options, waitTimeoutMs }, rehearsal, last);
    if (left.length === 0) return log.info("a drill ended early, and what it made is removed", fields);
    log.warn("a drill ended early, and not all that it made is gone", {
      ...fields,
      left: left.map(({ object }) => object),
    });
  } catch (error) {
    log.warn("a drill ended early, and what it made could not be removed", { ...fields, error });
  }
}

interface Facts extends Outcome {
  readonly plan: RestorePlan;
  readonly options: DrillOptions;
  readonly rehearsal: Rehearsal;
  readonly namespaces: readonly DrillNamespace[];
  readonly startedAt: Date;
  readonly earlier: readonly string[];
}

function reportOf(facts: Facts): DrillReport {
  const { report, plan, options, rehearsal, namespaces, startedAt, restoredAt, differences, cleanup, earlier } = facts;
  const isWithheld = ({ obstacle }: PlanEntry) => obstacle === "withheld";
  const withheld = plan.entries.filter(isWithheld).map(({ object }) => objectName(object));
  const hidden = new Set(withheld);
  const there = plan.entries.filter(({ action }) => action === "unchanged" || action === "skipped").map(nameOf);
  const failures = [
    ...report.failures.map(({ target, message }) => ({ object: target, reason: message })),
    ...report.notWritten.filter(({ object }) => !hidden.has(object) && !there.includes(object)),
  ].sort((left, right) => compareUtf8(left.object, right.object));
  const meant = plan.entries.length;
  const asMeant = meant - withheld.length - there.length - failures.length - differences.length;
  const isWhole = failures.length + differences.length + cleanup.left.length === 0;
  return {
    stage: "restore-drill",
    status: isWhole ? "complete" : "partial",
    run: rehearsal.run,
    source: report.source,
    target: report.target,
    namespaces,
    ageSeconds: secondsBetween(new Date(report.source.finishedAt), startedAt),
    restoreSeconds: secondsBetween(startedAt, restoredAt),
    objects: {
      meant,
      asMeant,
      different: differences.length,
      withheld: withheld.length,
      failed: failures.length,
      there: there.length,
    },
    differences,
    failures,
    withheld,
    leftOut: leftOutOf(options),
    warnings: [
      ...report.warnings,
      ...earlier.map((object) => `${object} was left of an earlier drill, and was removed`),
    ],
    cleanup,
  };
}

function nameOf({ object }: PlanEntry): string {
  return objectName(object);
}

function leftOutOf({ snapshot, workloads }: DrillOptions): readonly string[] {
  const outside = snapshot.manifest.types.filter(
    (type) =>
      !type.namespaced &&
      type.objects > 0 &&
      !isNamespaces(type) &&
      !isDefinitions(type) &&
      neverRestored(type) === undefined,
  );
  const types = outside.map((type) => `${typeName(type)} (${type.objects})`);
  return [
    ...(types.length === 0
      ? []
      : [`${types.join(", ")}: they lie in no namespace, and would change the target beyond the drill`]),
    ...(workloads ? [] : ["Pods that nothing but themselves keeps: they would start (--workloads)"]),
  ];
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 100) / 10);
}
