import { KubeError, type KubeWriter } from "@kubeferry/kube";
import type { Call, JsonObject } from "@kubeferry/model";
import type { WantedObject } from "../desired/desired-object.ts";
import { finalObject } from "../desired/final-object.ts";
import { strandedFinalizers } from "../desired/finalizers.ts";
import type { Obstacle, PlanEntry } from "../restore-plan.ts";
import type { Candidate } from "./candidate.ts";
import type { Listed } from "./listed-objects.ts";
import type { Ahead } from "./obstacle-ahead.ts";
import { planPresent } from "./plan-present.ts";
import { type Base, blocked, isClaim, type Planned, type PlanningOptions, reasonOf, type Verdict } from "./planning.ts";
import type { Relations } from "./relations.ts";
import { writeTarget } from "./target-reader.ts";
import { tryWrite } from "./try-write.ts";

/** An object, and what is known of it before it is asked for. */
export interface Looked {
  readonly candidate: Candidate;
  readonly ahead: Ahead | undefined;
  /** What lists of the target say of it; undefined: it has to be asked for. */
  readonly listed: Listed | undefined;
}

/**
 * Says what a restore makes of one object. Nothing is changed: the API server is asked with a dry run wherever the
 * object's namespace and type are there, unless it is there as it is wanted.
 * @throws KubeError when the cluster itself does not answer
 */
export async function planObject(
  { candidate, ahead, listed }: Looked,
  wanted: WantedObject,
  options: PlanningOptions & { readonly wasSealed: boolean },
  call: Call,
): Promise<PlanEntry> {
  const base = baseOf(candidate, options.relations);
  if (ahead?.kind === "blocked") return blocked(base, ahead.obstacle, ahead.reason);
  const planned = await withTarget(candidate, wanted, options, call);
  if (ahead?.kind === "later") return created(planned, "later", []);
  if (listed !== undefined) {
    const { entry, certain } = await planBy(listed.live, planned, options, call);
    if (certain) return entry;
  }
  const read = await readLive(options.writer, base, call);
  if ("obstacle" in read) return blocked(base, read.obstacle, read.reason);
  return (await planBy(read.live, planned, options, call)).entry;
}

function planBy(
  live: JsonObject | undefined,
  planned: Planned,
  options: PlanningOptions,
  call: Call,
): Promise<Verdict> {
  return live === undefined ? planNew(planned, options, call) : planPresent(planned, live, options, call);
}

/** An object that the snapshot itself keeps from being written. */
export async function planBlocked(
  { candidate, ahead, listed }: Looked,
  { relations, writer }: PlanningOptions,
  call: Call,
): Promise<PlanEntry> {
  const { obstacle, reason } = candidate.blocked ?? { obstacle: "unusable" as const, reason: "" };
  const base = baseOf(candidate, relations);
  if (ahead !== undefined) return blocked(base, obstacle, reason);
  const read = listed === undefined || listed.guessed ? await readLive(writer, base, call) : listed;
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
  { relations, groups, lookups, wasSealed }: PlanningOptions & { readonly wasSealed: boolean },
  call: Call,
): Promise<Planned> {
  const { owners, missing } = await lookups.ownersOf(candidate, call);
  const { volumeName, note } = await lookups.volumeOf(candidate, call);
  const stranded = strandedFinalizers(wanted.object, groups);
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

async function planNew(planned: Planned, { writer }: PlanningOptions, call: Call): Promise<Verdict> {
  const { base, object } = planned;
  const tried = await tryWrite(writer, { planned: base.object, object, answer: "metadata" }, call);
  switch (tried.outcome) {
    case "refused":
      return { entry: blocked(base, tried.obstacle, tried.reason), certain: false };
    case "unknown":
      return { entry: created(planned, "later", [tried.reason]), certain: false };
    default:
      return { entry: created(planned, "dry-run", tried.warnings), certain: tried.created };
  }
}

function created(planned: Planned, checked: "dry-run" | "later", more: readonly string[]): PlanEntry {
  const { base, notes } = planned;
  const lost = isClaim(base) && base.volumeName === undefined ? ["its data is not in the backup"] : [];
  return { ...base, action: "create", ...reasonOf([...lost, ...notes, ...more]), changes: [], checked };
}
