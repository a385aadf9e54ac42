import { createCleaner } from "@kubeferry/clean";
import type { Discovery } from "@kubeferry/kube";
import { type Call, inSpan, type PointOfNoReturn, untilPoint } from "@kubeferry/model";
import { createSnapshotWriter, NO_MIRROR, type Snapshot, type SnapshotWriter } from "@kubeferry/snapshot";
import { countRun } from "@kubeferry/telemetry";
import { captureApi } from "./api-documents.ts";
import { capacityOf } from "./capacity.ts";
import { captureFingerprint } from "./capture-line.ts";
import { carryUnlisted, carryVanished } from "./carry.ts";
import { collectAll } from "./collect-all.ts";
import { type Cut, consistencyOf, findCut } from "./consistency.ts";
import { createSelection } from "./filter/selection.ts";
import { warnOfIdleFilters } from "./idle-filters.ts";
import { mirrorView } from "./mirror-view.ts";
import { type CapturePlan, planCapture } from "./plan.ts";
import type { BackupContext } from "./run.ts";
import { logFiltered } from "./run-log.ts";
import { failureOf, newRunState, type RunState } from "./run-state.ts";
import { sealingOf } from "./sealing.ts";

/**
 * Lists the whole cluster into one snapshot and commits it. Told to stop, it leaves the snapshot as long as types are
 * being listed; once all are, the rest is short, and it is committed.
 * @throws SnapshotError "lost" when another run was faster, "damaged" when bytes that would be named again are gone
 */
export async function captureSnapshot(
  context: BackupContext,
  { reuse }: { readonly reuse: boolean },
  outer: Call,
): Promise<Captured> {
  const point = untilPoint(outer);
  try {
    return await capture(context, reuse, point);
  } catch (error) {
    // Else lists and uploads that are under way would go on after the lease is given back, and blame a closed connection.
    point.leave(error);
    throw error;
  }
}

interface Captured {
  readonly snapshot: Snapshot;
  readonly state: RunState;
}

async function capture(
  context: BackupContext,
  reuse: boolean,
  { call, pass: allAreListed }: PointOfNoReturn,
): Promise<Captured> {
  const { config, parent, root } = context;
  const fingerprint = captureFingerprint(config.backup.secrets);
  const discovery = await inSpan(call, "discover", {}, (inner) => context.kube.discover(inner));
  const selection = createSelection(config.backup);
  const plan = planCapture(discovery, parent?.manifest, selection);
  const writer = createSnapshotWriter({
    store: root,
    series: config.backup.series,
    parent,
    view: config.backup.mirror.enabled ? mirrorView(config) : NO_MIRROR,
    capture: fingerprint,
    protection: context.protection,
    sealing: sealingOf(config.backup.secrets, context.protection),
    uploads: capacityOf(config).uploads,
    ...(config.backup.mirror.enabled ? { rendered: context.rendered } : {}),
    frames: context.frames,
    reuse,
    pruneBeside: { gcGraceMs: config.retention.gcGraceMs, storeNow: context.lease.storeNow },
  });
  const state = newRunState();
  const carrying = { writer, selection, state };
  logFiltered(plan, call);
  carryUnlisted(plan, carrying);
  const cut = await cutOf(context, plan, call);
  const apiIsKept = await keepApi(context, discovery, writer, state, call);
  await collectAll({ ...context, ...carrying, plan, cut, capture: fingerprint, reuse }, call);
  await apiIsKept();
  allAreListed();
  carryVanished(discovery.types, carrying);
  warnOfIdleFilters(discovery, carrying, config.backup.filter, call);
  const made = { ...details(context, cut, state), ...(call.span && { trace: call.span.traceparent }) };
  const snapshot = await inSpan(call, "commit", { objects: state.objects }, (inner) => writer.commit(made, inner));
  return { snapshot, state };
}

/** The revision of a snapshot of one moment; undefined when none is asked for or none can be read. */
async function cutOf({ config, kube }: BackupContext, plan: CapturePlan, call: Call): Promise<Cut | undefined> {
  if (config.backup.consistency !== "cut") return undefined;
  const cut = await findCut(plan.rounds.flat(), { kube, concurrency: capacityOf(config).types }, call);
  const revision = cut?.revision ?? null;
  call.log.info("revision of the cut", { operation: "backup_cut", revision, types: cut?.types.size ?? 0 });
  return cut;
}

/** Begins before the lists: should the API change while they run, the next run sees that it did. @returns what ends it */
async function keepApi(
  context: BackupContext,
  discovery: Discovery,
  writer: SnapshotWriter,
  state: RunState,
  call: Call,
): Promise<() => Promise<void>> {
  const begun = captureApi(discovery, context.kube, writer, call);
  await begun.catch(() => undefined);
  return async () => {
    try {
      await (await begun).stored;
    } catch (error) {
      if (call.signal.aborted) throw error;
      call.log.warn("OpenAPI documents could not be read", { operation: "openapi_fetch", error });
      state.failures.push(failureOf("openapi", error));
      await writer.setApi("", async () => ({ discovery: discovery.document.toString("utf8"), openapi: {} }), call);
    }
  };
}

function details(
  context: BackupContext,
  cut: Cut | undefined,
  state: RunState,
): Parameters<SnapshotWriter["commit"]>[0] {
  const { startedAt, counters } = context;
  const finishedAt = context.now();
  return {
    cluster: context.cluster,
    runId: context.runId,
    startedAt,
    finishedAt,
    toolVersion: context.toolVersion,
    rulesVersion: createCleaner(context.config.clean).fingerprint,
    secrets: context.config.backup.secrets,
    consistency: consistencyOf(context.config.backup.consistency, cut, state),
    skipped: state.skipped,
    failures: state.failures,
    counters: (run) => countRun(counters, { ...run, startedAt, finishedAt }),
  };
}
