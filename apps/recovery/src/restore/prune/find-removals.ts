import type { Cleaner } from "@kubeferry/clean";
import { type KubeApi, KubeError } from "@kubeferry/kube";
import { type Call, isJsonObject, parseJson, type ResourceType, typeName } from "@kubeferry/model";
import type { Snapshot } from "@kubeferry/snapshot";
import { RecoveryError } from "../../recovery-error.ts";
import type { Selection } from "../../select/selection.ts";
import { liveMark } from "../live-mark.ts";
import { plannedId } from "../plan/candidate.ts";
import type { PlanEntry, PlannedObject, PruneSettings, RestoreSettings } from "../restore-plan.ts";
import { waveOf } from "../wave-of.ts";
import { type PrunedType, prunedTypes } from "./pruned-types.ts";
import { staysBecause } from "./stays-because.ts";
import { createThen } from "./then.ts";

/** What is looked at for what did not exist then. */
export interface RemovalOptions {
  readonly snapshot: Snapshot;
  readonly kube: KubeApi;
  readonly settings: RestoreSettings;
  readonly prune: PruneSettings;
  readonly selection: Selection;
  readonly cleaner: Cleaner;
}

/** What a restore with pruning removes. */
export interface FoundRemovals {
  /** To be removed; and, with "skipped", what did not exist then and stays for a reason that can be changed. */
  readonly entries: readonly PlanEntry[];
  /** Types and namespaces in which nothing is removed, and why. */
  readonly warnings: readonly string[];
}

/** Objects a page. */
const PAGE = 500;

/**
 * Finds what is in the target's listed namespaces and did not exist when the snapshot was taken. Absent then is only
 * what a complete list of its type lacked, and there now only what a complete list has: everything else stays.
 * @throws RecoveryError "too-many-removals" when it is more than `maxRemovals` allows
 */
export async function findRemovals(options: RemovalOptions, call: Call): Promise<FoundRemovals> {
  const { kube, snapshot, settings, prune } = options;
  const warnings: string[] = [];
  const then = createThen(snapshot, settings.namespaces);
  const { types, stale } = await kube.discover(call);
  for (const { group, reason } of stale) warnings.push(`nothing of API group ${group} is removed: ${reason}`);
  const chosen = prunedTypes(types, options);
  warnings.push(...chosen.warnings);
  const namespaces = await then.namespacesIn(kube, prune, call);
  warnings.push(...namespaces.warnings);
  const entries: PlanEntry[] = [];
  let lookedAt = 0;
  for (const pruned of chosen.types) {
    const places = pruned.type.namespaced ? namespaces.names : [undefined];
    const existed = await then.keysOf(pruned.captured, call);
    for (const namespace of places) {
      const found = await inOnePlace(pruned, namespace, { ...options, existed, then }, call);
      if (typeof found === "string") warnings.push(found);
      else {
        entries.push(...found.entries);
        lookedAt += found.lookedAt;
      }
    }
  }
  refuseTooMany(
    entries.filter(({ action }) => action === "remove"),
    lookedAt,
    settings,
  );
  return { entries, warnings };
}

interface Place extends RemovalOptions {
  readonly existed: ReadonlySet<string>;
  readonly then: ReturnType<typeof createThen>;
}

/** @returns a warning where the list is not complete: then nothing is known to be new */
async function inOnePlace(
  { type }: PrunedType,
  namespace: string | undefined,
  { kube, existed, then, selection, cleaner, prune, settings }: Place,
  call: Call,
): Promise<{ readonly entries: PlanEntry[]; readonly lookedAt: number } | string> {
  const entries: PlanEntry[] = [];
  let lookedAt = 0;
  const where = `${typeName(type)}${namespace === undefined ? "" : ` in ${namespace}`}`;
  const listing = kube.list(
    type,
    { pageSize: PAGE, anyOrder: true, ...(namespace === undefined ? {} : { namespace }) },
    call,
  );
  try {
    for await (const { key, line } of listing) {
      lookedAt++;
      const keys = then.keysThen(key, type.namespaced);
      if (keys.some((one) => existed.has(one)) || !keys.some((one) => selection.takes(type, one, line))) continue;
      const live = parseJson(line.toString("utf8"));
      if (!isJsonObject(live)) continue;
      const object = plannedOf(type, key);
      const stays = staysBecause(live, object, { cleaner, prune, settings });
      if (stays === "unmentioned") continue;
      const base = { object, wave: waveOf(type), depth: 0, changes: [], checked: "not-needed" as const };
      const mark = liveMark(live, object, cleaner);
      entries.push(
        stays === undefined
          ? { ...base, action: "remove", reason: "it did not exist then", live: mark }
          : { ...base, action: "skipped", reason: `it did not exist then, and stays: ${stays}`, live: mark },
      );
    }
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    return `nothing of ${where} is removed: ${error.problem}`;
  }
  return listing.end().consistent
    ? { entries, lookedAt }
    : `nothing of ${where} is removed: it changed while it was listed`;
}

function plannedOf({ group, version, resource, kind, namespaced }: ResourceType, key: string): PlannedObject {
  const slash = key.indexOf("/");
  const named = { group, version, resource, kind };
  return namespaced
    ? { ...named, namespace: key.slice(0, slash), name: key.slice(slash + 1) }
    : { ...named, name: key };
}

/** Objects that a refusal names. */
const NAMED = 3;

function refuseTooMany(removals: readonly PlanEntry[], lookedAt: number, { maxRemovals }: RestoreSettings): void {
  const share = lookedAt === 0 ? 0 : (removals.length / lookedAt) * 100;
  if (removals.length <= maxRemovals.objects && share <= maxRemovals.percent) return;
  const names = removals.slice(0, NAMED).map(({ object }) => plannedId(object));
  const named = `${names.join(", ")}${removals.length > NAMED ? " and others" : ""}`;
  throw new RecoveryError({
    kind: "too-many-removals",
    who: "restore",
    operation: "find what did not exist then",
    problem: `${removals.length} of ${lookedAt} objects would be removed (${named}), and recovery.restore.maxRemovals allows ${maxRemovals.objects} and ${maxRemovals.percent} %`,
    next: "narrow the namespaces or the filter, or raise maxRemovals for a plan and read that",
  });
}
