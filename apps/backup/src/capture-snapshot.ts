import { rulesVersion } from "@kubeferry/clean";
import type { Discovery } from "@kubeferry/kube";
import { type Call, compareUtf8, type ResourceType, splitObjectKey, typeName } from "@kubeferry/model";
import { StorageError } from "@kubeferry/object-store";
import { type CapturedObject, createSnapshotWriter, type Snapshot, type SnapshotWriter } from "@kubeferry/snapshot";
import { countRun } from "@kubeferry/telemetry";
import pMap from "p-map";
import { captureApi } from "./api-documents.ts";
import { BackupError } from "./backup-error.ts";
import { captureFingerprint } from "./capture-line.ts";
import { carryUnlisted, carryUnread, carryVanished, DEFINITIONS } from "./carry.ts";
import { type CollectedType, collectType } from "./collect-type.ts";
import { type Cut, consistencyOf, findCut } from "./consistency.ts";
import { mirrorView } from "./mirror-view.ts";
import { type CapturePlan, planCapture } from "./plan.ts";
import type { BackupContext } from "./run.ts";
import { failureOf, newRunState, type RunState } from "./run-state.ts";
import { wishesOf } from "./skip-list.ts";

/** Segments on their way to the store at one time. */
const UPLOADS = 8;

/**
 * Lists the whole cluster into one snapshot and commits it.
 * @throws SnapshotError "lost" when another run was faster, "damaged" when bytes that would be named again are gone
 */
export async function captureSnapshot(
  context: BackupContext,
  { reuse }: { readonly reuse: boolean },
  call: Call,
): Promise<{ snapshot: Snapshot; state: RunState }> {
  const { config, parent, root } = context;
  const secrets = config.backup.secrets;
  const discovery = await context.kube.discover(call);
  const plan = planCapture(discovery, parent?.manifest, wishesOf(config.backup));
  const writer = createSnapshotWriter({
    store: root,
    series: config.backup.series,
    parent,
    view: mirrorView(config),
    capture: captureFingerprint(secrets),
    uploads: Math.min(UPLOADS, config.batchSize),
    reuse,
  });
  const state = newRunState();
  carryUnlisted(plan, writer, state);
  const cut = await cutOf(context, plan, call);
  await collectAll(context, { plan, cut }, writer, state, call);
  carryVanished(discovery.types, writer, state);
  await keepApi(context, discovery, writer, state, call);
  const snapshot = await writer.commit(details(context, cut, state), call);
  return { snapshot, state };
}

/** The revision of a snapshot of one moment; undefined when none is asked for or none can be read. */
async function cutOf({ config, kube }: BackupContext, plan: CapturePlan, call: Call): Promise<Cut | undefined> {
  if (config.backup.consistency !== "cut") return undefined;
  const cut = await findCut(plan.rounds.flat(), { kube, concurrency: config.kubernetes.concurrency }, call);
  const revision = cut?.revision ?? null;
  call.log.info("revision of the cut", { operation: "backup_cut", revision, types: cut?.types.size ?? 0 });
  return cut;
}

/** What is to be listed, and as of when. */
interface Collecting {
  readonly plan: CapturePlan;
  readonly cut: Cut | undefined;
}

async function collectAll(
  context: BackupContext,
  { plan, cut }: Collecting,
  writer: SnapshotWriter,
  state: RunState,
  call: Call,
): Promise<void> {
  const typesTotal = plan.rounds.reduce((sum, round) => sum + round.length, 0);
  let typesDone = 0;
  const progress = () => context.onProgress?.({ typesDone, typesTotal, objects: state.objects });
  const collect = async (type: ResourceType): Promise<void> => {
    await collectOrCarry(type, { ...context, cut }, writer, state, call);
    typesDone++;
    progress();
  };
  for (const round of plan.rounds) {
    // Which types were read is asked by the next round only, so the order within one does not matter.
    await pMap(round, collect, { concurrency: context.config.kubernetes.concurrency, signal: call.signal });
  }
  if (typesTotal > 0 && state.read.size === 0) throw nothingRead(state);
  state.skipped.sort((left, right) => compareUtf8(left.resource, right.resource));
}

async function collectOrCarry(
  type: ResourceType,
  context: BackupContext & { readonly cut: Cut | undefined },
  writer: SnapshotWriter,
  state: RunState,
  call: Call,
): Promise<void> {
  const resource = typeName(type);
  const startedMs = performance.now();
  try {
    const inNamespaces = new Set<string>();
    const onObject = ({ key }: CapturedObject): void => {
      state.objects++;
      if (type.namespaced) inNamespaces.add(splitObjectKey(key, type.namespaced).namespace ?? "");
      if (resource === DEFINITIONS) state.defined.add(key);
    };
    const { kube, config } = context;
    const collected = await collectType(
      type,
      {
        kube,
        writer,
        secrets: config.backup.secrets,
        pageSize: config.kubernetes.pageSize,
        strict: config.backup.strict,
        cut: context.cut,
        read: state.read,
        onObject,
      },
      call,
    );
    state.read.add(resource);
    state.segmentsWritten += collected.segmentsWritten;
    state.segmentsReused += collected.segmentsReused;
    if (collected.apart !== undefined) state.apart.set(resource, collected.apart);
    if (collected.owned > 0) {
      state.skipped.push({ resource, reason: "made by a controller that is in the snapshot", count: collected.owned });
    }
    for (const namespace of inNamespaces) state.namespaces.add(namespace);
    logCollected({ resource, collected, inNamespaces, startedMs }, call);
  } catch (error) {
    // A store that refuses bytes refuses those of the next type too: that is no gap in what was read.
    if (call.signal.aborted || error instanceof StorageError) throw error;
    call.log.error("resource could not be listed", { operation: "resource_list", resource, error });
    carryUnread(type, failureOf(resource, error).message, writer, state);
  }
}

async function keepApi(
  context: BackupContext,
  discovery: Discovery,
  writer: SnapshotWriter,
  state: RunState,
  call: Call,
): Promise<void> {
  try {
    await captureApi(discovery, context.kube, writer, call);
  } catch (error) {
    if (call.signal.aborted) throw error;
    call.log.warn("OpenAPI documents could not be read", { operation: "openapi_fetch", error });
    state.failures.push(failureOf("openapi", error));
    await writer.setApi("", async () => ({ discovery: discovery.document.toString("utf8"), openapi: {} }), call);
  }
}

/** One line a type; the namespace is said where there is only one. */
function logCollected(done: Collected, call: Call): void {
  const { resource, collected, inNamespaces } = done;
  const [namespace] = inNamespaces.size === 1 ? inNamespaces : [];
  const duration_ms = Math.round((performance.now() - done.startedMs) * 100) / 100;
  const { objects, owned, invalid } = collected;
  const data = { backed_up: objects, skipped: owned, invalid, duration_ms };
  call.log.info("resource captured", {
    operation: "resource_backup_complete",
    resource,
    namespace,
    data,
    duration_ms,
  });
}

interface Collected {
  readonly resource: string;
  readonly collected: CollectedType;
  readonly inNamespaces: ReadonlySet<string>;
  readonly startedMs: number;
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
    rulesVersion,
    secrets: context.config.backup.secrets,
    consistency: consistencyOf(context.config.backup.consistency, cut, state),
    skipped: state.skipped,
    failures: state.failures,
    counters: (run) => countRun(counters, { ...run, startedAt, finishedAt }),
  };
}

function nothingRead(state: RunState): BackupError {
  const first = state.unread[0] ?? "no type is served";
  return new BackupError({
    kind: "nothing-read",
    who: "backup",
    operation: "collect the cluster",
    problem: `none of ${state.unread.length} types could be read, the first because: ${first}`,
    next: "run `kubeferry doctor` to see which rights are missing; nothing was written",
  });
}
