import type { Cleaner } from "@kubeferry/clean";
import { KubeError, type KubeWriter } from "@kubeferry/kube";
import { type Call, type JsonObject, textAt, typeName } from "@kubeferry/model";
import type { FieldChange } from "../../compare/field-change.ts";
import type { TypeSchemas } from "../../compare/schema/type-schemas.ts";
import type { WantedObject } from "../desired/desired-object.ts";
import { finalObject } from "../desired/final-object.ts";
import { strandedFinalizers } from "../desired/finalizers.ts";
import { volumeNameOf } from "../desired/volumes.ts";
import { liveMark } from "../live-mark.ts";
import type { Obstacle, PlanEntry, RestoreSettings } from "../restore-plan.ts";
import { argoApplicationOf } from "./argo-managed.ts";
import type { Candidate } from "./candidate.ts";
import { liveChanges } from "./live-changes.ts";
import { obstacleAhead } from "./obstacle-ahead.ts";
import type { Relations } from "./relations.ts";
import type { TargetFacts } from "./target-facts.ts";
import { type TargetLookups, writeTarget } from "./target-reader.ts";
import { type Tried, tryWrite } from "./try-write.ts";

/** What every object is held against. */
export interface PlanningOptions {
  readonly settings: Pick<RestoreSettings, "conflicts" | "argoManaged">;
  readonly writer: KubeWriter;
  readonly facts: TargetFacts;
  readonly relations: Relations;
  readonly lookups: TargetLookups;
  readonly cleaner: Cleaner;
  readonly schemas: TypeSchemas;
}

/** One object on its way into a plan. */
interface Planned {
  readonly candidate: Candidate;
  readonly wanted: WantedObject;
  /** What would be written. */
  readonly object: JsonObject;
  /** What is known of it whatever becomes of it. */
  readonly base: Base;
  readonly wasSealed: boolean;
  readonly notes: readonly string[];
}

type Base = Omit<PlanEntry, "action" | "changes" | "checked" | "reason" | "obstacle" | "live">;

/**
 * Looks for one object in the target and says what a restore makes of it. Nothing is changed: the API server is asked
 * with a dry run wherever the object's namespace and type are there.
 * @throws KubeError when the cluster itself does not answer
 */
export async function planObject(
  candidate: Candidate,
  wanted: WantedObject,
  options: PlanningOptions & { readonly wasSealed: boolean },
  call: Call,
): Promise<PlanEntry> {
  const { facts, relations } = options;
  const ahead = obstacleAhead(candidate, facts, relations);
  const base = baseOf(candidate, relations);
  if (ahead?.kind === "blocked") return blocked(base, ahead.obstacle, ahead.reason);
  const planned = await withTarget(candidate, wanted, options, call);
  if (ahead?.kind === "later") return created(planned, "later", []);
  const read = await readLive(options.writer, base, call);
  if ("obstacle" in read) return blocked(base, read.obstacle, read.reason);
  return read.live === undefined ? planNew(planned, options, call) : planPresent(planned, read.live, options, call);
}

/** An object that the snapshot itself keeps from being written. */
export async function planBlocked(
  candidate: Candidate,
  { facts, relations, writer }: PlanningOptions,
  call: Call,
): Promise<PlanEntry> {
  const { obstacle, reason } = candidate.blocked ?? { obstacle: "unusable" as const, reason: "" };
  const base = baseOf(candidate, relations);
  if (obstacleAhead(candidate, facts, relations) !== undefined) return blocked(base, obstacle, reason);
  const read = await readLive(writer, base, call);
  const isThere = !("obstacle" in read) && read.live !== undefined;
  return blocked(base, obstacle, isThere ? `${reason}; the one that is there stays as it is` : reason);
}

function baseOf(candidate: Candidate, relations: Relations): Base {
  const { planned, key } = candidate;
  return { object: planned, from: key, wave: relations.waveOf(candidate), depth: relations.depthOf(candidate) };
}

async function withTarget(
  candidate: Candidate,
  wanted: WantedObject,
  { facts, relations, lookups, wasSealed }: PlanningOptions & { readonly wasSealed: boolean },
  call: Call,
): Promise<Planned> {
  const { owners, missing } = await lookups.ownersOf(candidate, call);
  const { volumeName, note } = await lookups.volumeOf(candidate, call);
  const stranded = strandedFinalizers(wanted.object, new Set([...facts.groups, ...relations.groups]));
  const base: Base = {
    ...baseOf(candidate, relations),
    ...(owners.length === 0 ? {} : { owners }),
    ...(stranded.length === 0 ? {} : { without: { finalizers: stranded } }),
    ...(volumeName === undefined ? {} : { volumeName }),
  };
  const notes = [
    ...wanted.notes,
    ...(missing.length === 0
      ? []
      : [`not linked to its owner ${missing.join(", ")}, which is neither in the plan nor here`]),
    ...(stranded.length === 0 ? [] : [`without finalizer ${stranded.join(", ")}: nobody here would take it off`]),
    ...(note === undefined ? [] : [note]),
  ];
  return { candidate, wanted, object: finalObject(wanted.object, base), base, wasSealed, notes };
}

async function readLive(
  writer: KubeWriter,
  { object }: Base,
  call: Call,
): Promise<{ readonly live: JsonObject | undefined } | { readonly obstacle: Obstacle; readonly reason: string }> {
  try {
    return { live: await writer.read(writeTarget(object), call) };
  } catch (error) {
    if (!(error instanceof KubeError) || error.kind !== "forbidden") throw error;
    return { obstacle: "forbidden", reason: error.problem };
  }
}

async function planNew(planned: Planned, { writer }: PlanningOptions, call: Call): Promise<PlanEntry> {
  const { base, object } = planned;
  const tried = await tryWrite(writer, { planned: base.object, object }, call);
  if (tried.outcome === "refused") return blocked(base, tried.obstacle, tried.reason);
  if (tried.outcome === "unknown") return created(planned, "later", [tried.reason]);
  return created(planned, "dry-run", tried.warnings);
}

function created(planned: Planned, checked: "dry-run" | "later", more: readonly string[]): PlanEntry {
  const { base, notes } = planned;
  const lost = isClaim(base) && base.volumeName === undefined ? ["its data is not in the backup"] : [];
  return { ...base, action: "create", ...reasonOf([...lost, ...notes, ...more]), changes: [], checked };
}

async function planPresent(
  planned: Planned,
  live: JsonObject,
  options: PlanningOptions,
  call: Call,
): Promise<PlanEntry> {
  const { base } = planned;
  if (textAt(live, "metadata", "deletionTimestamp") !== undefined) {
    return blocked(base, "terminating", "what is there is being removed");
  }
  const bound = isClaim(base) ? withItsVolume(planned, live) : planned;
  const object = await options.lookups.withOwners(bound.object, bound.base.owners ?? [], call);
  const { tried, changes } = await tryOver({ ...bound, object }, live, options, call);
  const marked = { ...bound.base, live: liveMark(live, base.object, options.cleaner) };
  if (tried.outcome !== "taken") return planUntried(bound, marked, { tried, live }, options);
  if (changes.length === 0) return { ...marked, action: "unchanged", changes: [], checked: "dry-run" };
  const reasons = [...bound.notes, ...tried.warnings];
  return settle(marked, { changes, live, reasons, checked: "dry-run" }, options);
}

/** Tries to write over what is there. What can never be replaced counts as unchanged when it has all that we would apply. */
async function tryOver(
  { base, object, wasSealed }: Planned,
  live: JsonObject,
  options: PlanningOptions,
  call: Call,
): Promise<{ readonly tried: Tried; readonly changes: readonly FieldChange[] }> {
  const { writer, settings } = options;
  const changesBy = (tried: Tried) =>
    tried.outcome === "taken"
      ? liveChanges({ planned: base.object, live, result: tried.object, wasSealed }, options)
      : [];
  const replaces = settings.conflicts === "replace" && !isVolume(base);
  const tried = await tryWrite(writer, { planned: base.object, object, ...(replaces ? { live } : {}) }, call);
  if (!replaces || tried.outcome !== "refused") return { tried, changes: changesBy(tried) };
  const applied = await tryWrite(writer, { planned: base.object, object }, call);
  const changes = changesBy(applied);
  return applied.outcome === "taken" && changes.length === 0 ? { tried: applied, changes } : { tried, changes: [] };
}

/** A claim that is there keeps the volume it has: which one that is can never be changed. */
function withItsVolume(planned: Planned, live: JsonObject): Planned {
  const volumeName = volumeNameOf(live);
  const { volumeName: _, ...rest } = planned.base;
  const base = volumeName === undefined ? rest : { ...rest, volumeName };
  return { ...planned, base, object: finalObject(planned.wanted.object, base), notes: planned.wanted.notes };
}

interface Marked extends Base {
  readonly live: NonNullable<PlanEntry["live"]>;
}

/** What is there cannot be brought to what the snapshot holds, or nobody knows whether it can. */
function planUntried(
  { notes }: Planned,
  marked: Marked,
  { tried, live }: { readonly tried: Exclude<Tried, { outcome: "taken" }>; readonly live: JsonObject },
  options: PlanningOptions,
): PlanEntry {
  if (options.settings.conflicts === "skip" || isVolume(marked)) {
    const reason = `it is there and stays as it is; the snapshot's could not be written over it: ${tried.reason}`;
    return { ...marked, action: "skipped", reason, changes: [], checked: "dry-run" };
  }
  if (tried.outcome === "refused") return { ...blocked(marked, tried.obstacle, tried.reason), checked: "dry-run" };
  return settle(marked, { changes: [], live, reasons: [...notes, tried.reason], checked: "later" }, options);
}

interface Found {
  readonly changes: readonly FieldChange[];
  readonly live: JsonObject;
  readonly reasons: readonly string[];
  readonly checked: PlanEntry["checked"];
}

/** What becomes of an object that is there and differs. */
function settle(marked: Marked, { changes, live, reasons, checked }: Found, { settings }: PlanningOptions): PlanEntry {
  const application = argoApplicationOf(live);
  const differs = { ...marked, changes, checked };
  const argo = application === undefined ? [] : [`Argo CD manages it (Application ${application})`];
  if (isVolume(marked)) {
    return { ...differs, action: "skipped", reason: "a volume that is there is never changed" };
  }
  if (settings.conflicts === "skip") {
    return { ...differs, action: "skipped", ...reasonOf(["it is there and differs", ...argo]) };
  }
  if (settings.conflicts === "fail") {
    return { ...differs, action: "blocked", obstacle: "conflict", ...reasonOf(["it is there and differs", ...argo]) };
  }
  if (application !== undefined && settings.argoManaged === "block") {
    const reason = `${argo.join("")} and would write it back; bring it back by git, or allow it with recovery.restore.argoManaged: allow`;
    return { ...differs, action: "blocked", obstacle: "argo-managed", reason };
  }
  return { ...differs, action: settings.conflicts, ...reasonOf([...argo, ...reasons]) };
}

function blocked(base: Base, obstacle: Obstacle, reason: string): PlanEntry {
  return { ...base, action: "blocked", obstacle, reason, changes: [], checked: "not-needed" };
}

function reasonOf(reasons: readonly string[]): { readonly reason?: string } {
  return reasons.length === 0 ? {} : { reason: reasons.join("; ") };
}

function isClaim({ object }: Base): boolean {
  return typeName(object) === "persistentvolumeclaims";
}

function isVolume({ object }: Base): boolean {
  return typeName(object) === "persistentvolumes";
}
