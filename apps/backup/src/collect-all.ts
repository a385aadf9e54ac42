import {
  type Call,
  callWith,
  compareUtf8,
  inSpan,
  noteSecurityEvent,
  type ResourceType,
  splitObjectKey,
  typeName,
} from "@kubeferry/model";
import { StorageError } from "@kubeferry/object-store";
import { isSecrets, SnapshotError } from "@kubeferry/snapshot";
import pMap from "p-map";
import { BackupError } from "./backup-error.ts";
import { capacityOf } from "./capacity.ts";
import { type Carrying, carryUnread, DEFINITIONS } from "./carry.ts";
import { type CollectedType, collectType } from "./collect-type.ts";
import type { Cut } from "./consistency.ts";
import type { ObjectReason } from "./filter/reason.ts";
import { createOutages, type Outages } from "./outage.ts";
import type { CapturePlan } from "./plan.ts";
import { type Quota, startQuota } from "./quota.ts";
import type { BackupContext } from "./run.ts";
import { failureOf, type RunState } from "./run-state.ts";

/** What is to be listed, as of when, and into what. */
export interface Collecting extends BackupContext, Carrying {
  readonly plan: CapturePlan;
  readonly cut: Cut | undefined;
  /** Fingerprint of how bytes are captured. */
  readonly capture: string;
  /** False: nothing of the parent is used. */
  readonly reuse: boolean;
}

/**
 * Lists every type of the plan into the snapshot; one that cannot be read keeps what the parent has of it, and so does
 * everything that was not read when a limit of the run was reached.
 * @throws BackupError "nothing-read" when that is so of every type
 */
export async function collectAll(collecting: Collecting, call: Call): Promise<void> {
  const { plan, state, onProgress, config } = collecting;
  const quota = startQuota(config.limits);
  const outages = createOutages();
  const typesTotal = plan.rounds.reduce((sum, round) => sum + round.length, 0);
  let typesDone = 0;
  const collect = async (type: ResourceType): Promise<void> => {
    await collectOrCarry(type, { ...collecting, quota, outages }, call);
    typesDone++;
    onProgress?.({ typesDone, typesTotal, objects: state.objects });
  };
  try {
    for (const round of plan.rounds) {
      // Which types were read is asked by the next round only, so the order within one does not matter.
      await pMap(round, collect, { concurrency: capacityOf(config).types, signal: call.signal });
    }
  } finally {
    quota.end();
  }
  if (typesTotal > 0 && state.read.size === 0) throw nothingRead(state, quota.reached);
  if (quota.reached !== undefined) state.failures.push(quotaFailure(quota.reached, state));
  state.skipped.sort((left, right) => compareUtf8(left.resource, right.resource));
}

interface Running extends Collecting {
  readonly quota: Quota;
  readonly outages: Outages;
}

async function collectOrCarry(type: ResourceType, collecting: Running, call: Call): Promise<void> {
  const { quota } = collecting;
  if (quota.reached !== undefined) return carryUnread(type, quota.reached, collecting);
  const resource = typeName(type);
  try {
    await inSpan(call, "list_type", { resource }, async (inner, span) => {
      const objects = await collect(type, collecting, inner);
      span?.set({ objects });
    });
  } catch (error) {
    if (call.signal.aborted || endsRun(error)) throw error;
    if (quota.reached === undefined) {
      call.log.error("resource could not be listed", { operation: "resource_list", resource, error });
      noteSecurityEvent(error, callWith(call, { resource }));
    }
    carryUnread(type, quota.reached ?? failureOf(resource, error).message, collecting);
  }
}

/** A store that refuses bytes refuses those of the next type too, and a damaged parent is none: no gaps in what was read. */
function endsRun(error: unknown): boolean {
  return error instanceof StorageError || (error instanceof SnapshotError && error.kind === "damaged");
}

/** @returns how many objects of it are in the snapshot now */
async function collect(type: ResourceType, collecting: Running, call: Call): Promise<number> {
  const { kube, config, writer, selection, state, quota, cut, outages } = collecting;
  const resource = typeName(type);
  const startedMs = performance.now();
  const inNamespaces = new Set<string>();
  const filter = selection.objects(type);
  const collected = await collectType(
    type,
    {
      kube,
      writer,
      filter,
      cut,
      outages,
      secrets: config.backup.secrets,
      pageSize: config.kubernetes.pageSize,
      strict: config.backup.strict,
      owners: config.backup.filter.ownerRule ? state.read : undefined,
      carryStatusOnly: carriesStatusOnly(type, collecting) ? { capture: collecting.capture } : undefined,
      listSignal: AbortSignal.any([call.signal, quota.signal]),
      onTaken(objects, bytes): void {
        quota.count(objects, bytes);
        state.objects += objects;
      },
      onKey(key): void {
        if (type.namespaced) inNamespaces.add(splitObjectKey(key, type.namespaced).namespace ?? "");
        if (resource === DEFINITIONS) state.defined.add(key);
      },
      onLeftOut({ key }, reason): void {
        call.log.debug("object left out", { operation: "resource_filter", resource, data: { reason, object: key } });
      },
    },
    call,
  );
  state.read.set(resource, filter);
  state.segmentsWritten += collected.segmentsWritten;
  state.segmentsReused += collected.segmentsReused;
  state.found.push(...collected.found.map(({ key, kind }) => ({ object: `${resource}/${key}`, kind })));
  if (collected.apart !== undefined) state.apart.set(resource, collected.apart);
  for (const namespace of inNamespaces) state.namespaces.add(namespace);
  noteLeftOut(resource, collected.leftOut, state, call);
  logCollected({ resource, collected, inNamespaces, startedMs }, call);
  return collected.objects;
}

/** Secrets have no status, and what is kept of them is not what was sent. */
function carriesStatusOnly(type: ResourceType, { selection, reuse }: Collecting): boolean {
  return reuse && !isSecrets(type) && selection.carriesStatusOnly(type);
}

function noteLeftOut(resource: string, leftOut: ReadonlyMap<ObjectReason, number>, state: RunState, call: Call): void {
  for (const [reason, count] of leftOut) {
    const text = reason === "owned" ? "owned: made by a controller that is in the snapshot" : reason;
    state.skipped.push({ resource, reason: text, count });
    call.log.info("objects left out", { operation: "resource_filter", resource, data: { reason, skipped: count } });
  }
}

/** One line a type; the namespace is said where there is only one. */
function logCollected(done: Collected, call: Call): void {
  const { resource, collected, inNamespaces } = done;
  const [namespace] = inNamespaces.size === 1 ? inNamespaces : [];
  const duration_ms = Math.round((performance.now() - done.startedMs) * 100) / 100;
  const { objects, invalid } = collected;
  const skipped = [...collected.leftOut.values()].reduce((sum, count) => sum + count, 0);
  const data = { backed_up: objects, skipped, invalid, duration_ms };
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

function quotaFailure(reached: string, { unread }: RunState): ReturnType<typeof failureOf> {
  const what = unread.size === 1 ? "1 type is unread and keeps" : `${unread.size} types are unread and keep`;
  const message = `${reached}; ${what} what was there before`;
  return { target: "limits", kind: "quota", message };
}

function nothingRead(state: RunState, reached: string | undefined): BackupError {
  const first = [...state.unread.values()][0] ?? "no type is served";
  return new BackupError({
    kind: "nothing-read",
    who: "backup",
    operation: "collect the cluster",
    problem: `none of ${state.unread.size} types could be read, the first because: ${first}`,
    next: `${reached === undefined ? "run `kubeferry doctor` to see which rights are missing" : "raise that limit"}; nothing was written`,
  });
}
