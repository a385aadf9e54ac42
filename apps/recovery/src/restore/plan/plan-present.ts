import { emitJson } from "@kubeferry/clean";
import { type Call, type JsonObject, textAt } from "@kubeferry/model";
import type { FieldChange } from "../../compare/field-change.ts";
import { finalObject } from "../desired/final-object.ts";
import { volumeNameOf } from "../desired/volumes.ts";
import { liveMark } from "../live-mark.ts";
import type { PlanEntry } from "../restore-plan.ts";
import { argoApplicationOf } from "./argo-managed.ts";
import { liveChanges } from "./live-changes.ts";
import {
  type Base,
  blocked,
  isClaim,
  isVolume,
  type Planned,
  type PlanningOptions,
  reasonOf,
  type Verdict,
} from "./planning.ts";
import { type Tried, tryWrite } from "./try-write.ts";

/**
 * Says what becomes of an object that is there. What is there as it is wanted, is unchanged without a question: a write
 * of it would change nothing, whatever the API server or its admission would say of it today.
 * @throws KubeError when the cluster itself does not answer
 */
export async function planPresent(
  planned: Planned,
  live: JsonObject,
  options: PlanningOptions,
  call: Call,
): Promise<Verdict> {
  const { base } = planned;
  if (textAt(live, "metadata", "deletionTimestamp") !== undefined) {
    return { entry: blocked(base, "terminating", "what is there is being removed"), certain: false };
  }
  const bound = isClaim(base) ? withItsVolume(planned, live) : planned;
  const object = await options.lookups.withOwners(bound.object, bound.base.owners ?? [], call);
  const marked = { ...bound.base, live: liveMark(live, base.object, options.cleaner) };
  if (isAsWanted(live, object, base, options)) {
    return { entry: { ...marked, action: "unchanged", changes: [], checked: "not-needed" }, certain: true };
  }
  const { tried, changes } = await tryOver({ ...bound, object }, live, options, call);
  if (tried.outcome !== "taken") {
    return { entry: planUntried(bound, marked, { tried, live }, options), certain: false };
  }
  const reasons = [...bound.notes, ...tried.warnings];
  const entry: PlanEntry =
    changes.length === 0
      ? { ...marked, action: "unchanged", changes: [], checked: "dry-run" }
      : settle(marked, { changes, live, reasons, checked: "dry-run" }, options);
  return { entry, certain: versionOf(tried.object) === versionOf(live) };
}

/**
 * Whether cleaning leaves of what is there exactly what is wanted, to the byte. Cleaning keeps whatever an Apply of
 * somebody holds, so there is nothing that applying it again would take away either.
 */
function isAsWanted(live: JsonObject, wanted: JsonObject, { object }: Base, { cleaner }: PlanningOptions): boolean {
  return emitJson(cleaner.clean(live, object).object) === emitJson(wanted);
}

/** A dry run answers with the version of the object that it was held against. */
function versionOf(object: JsonObject): string | undefined {
  return textAt(object, "metadata", "resourceVersion");
}

/** Tries to write over what is there. What can never be replaced counts as unchanged when it has all that we would apply. */
async function tryOver(
  { base, object, wasSealed }: Planned,
  live: JsonObject,
  options: PlanningOptions,
  call: Call,
): Promise<{ readonly tried: Tried; readonly changes: readonly FieldChange[] }> {
  const { writer, settings } = options;
  const changesBy = async (tried: Tried): Promise<readonly FieldChange[]> => {
    if (tried.outcome !== "taken") return [];
    const comparison = { planned: base.object, live, result: tried.object, wasSealed };
    return liveChanges(comparison, { cleaner: options.cleaner, schemas: await options.schemas() });
  };
  const replaces = settings.conflicts === "replace" && !isVolume(base);
  const tried = await tryWrite(writer, { planned: base.object, object, ...(replaces ? { live } : {}) }, call);
  if (!replaces || tried.outcome !== "refused") return { tried, changes: await changesBy(tried) };
  const applied = await tryWrite(writer, { planned: base.object, object }, call);
  const changes = await changesBy(applied);
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
