import { type CleanSettings, createCleaner } from "@kubeferry/clean";
import type { KubeApi, KubeWriter } from "@kubeferry/kube";
import { allOrFirstReason, type Call, clusterPath, compareTypes, compareUtf8, once } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { keepSegments, type Snapshot, type SnapshotObject, type TypeEntry, verifySnapshot } from "@kubeferry/snapshot";
import { pMapIterable } from "p-map";
import { createTypeSchemas } from "../../compare/schema/type-schemas.ts";
import { RecoveryError } from "../../recovery-error.ts";
import { createSelection } from "../../select/selection.ts";
import { createDesired, type Desired } from "../desired/desired-object.ts";
import { createMapping } from "../desired/mapping.ts";
import { type FoundRemovals, findRemovals } from "../prune/find-removals.ts";
import type { LeftOut, PlanEntry, RestorePlan, RestoreSettings } from "../restore-plan.ts";
import { WAVES } from "../wave.ts";
import type { Candidate } from "./candidate.ts";
import { withCompanions } from "./companions.ts";
import { createListedObjects, LISTS_AT_ONCE } from "./listed-objects.ts";
import { obstacleAhead } from "./obstacle-ahead.ts";
import { type Looked, planBlocked, planObject } from "./plan-object.ts";
import { planWarnings } from "./plan-warnings.ts";
import type { PlanningOptions } from "./planning.ts";
import { relate } from "./relations.ts";
import { surveySnapshot } from "./survey.ts";
import { readTargetFacts } from "./target-facts.ts";
import { createLookups } from "./target-reader.ts";

/** What a plan is made of. */
export interface PlanOptions {
  readonly snapshot: Snapshot;
  /** Where the snapshot lies, prefixed to the cluster's root. */
  readonly store: ObjectReader;
  readonly kube: KubeApi;
  /** Asked for dry runs only. */
  readonly writer: KubeWriter;
  readonly settings: RestoreSettings;
  /** The section `clean` of the configuration. */
  readonly clean: CleanSettings;
  /** Objects that are looked at in the target at the same time. */
  readonly concurrency: number;
  readonly toolVersion: string;
  readonly now: () => Date;
}

/** Connections to the target that a plan takes: one for each object that is looked at, and lists beside them. */
export function connectionsFor(concurrency: number): number {
  return concurrency + LISTS_AT_ONCE;
}

/** Only the target's uid is wanted: what names would otherwise be found by is not asked for. */
const NAMELESS = { name: "target", domain: "target" };

/**
 * Lines of segments that stay for whoever reads them next: a snapshot up to this is opened and parsed once, of a larger one
 * planning opens segments again. Parsed, they take some four times that.
 */
const KEPT_RAW_BYTES = 8 * 1024 * 1024;

const NOTHING: FoundRemovals = { entries: [], warnings: [] };

/**
 * Works out what a restore would do, object by object, while the snapshot is verified as a whole; of a damaged one no plan
 * comes out. The target is read and asked with dry runs, and nothing in it changes. One object's content is in memory at a
 * time beside those in flight, and segments of up to 8 MiB.
 * @throws RecoveryError "damaged" for a snapshot that is not as it was written, "config" for names that collide
 * @throws KubeError when the target does not answer
 */
export async function planRestore(asked: PlanOptions, call: Call): Promise<RestorePlan> {
  const options = { ...asked, snapshot: keepSegments(asked.snapshot, KEPT_RAW_BYTES) };
  const damage = new AbortController();
  const until = { ...call, signal: AbortSignal.any([call.signal, damage.signal]) };
  const verified = refuseDamaged(options.snapshot, options.store, call);
  verified.catch((reason) => damage.abort(reason));
  // Of two reasons to stop the damaged snapshot is the one that is named.
  const [, plan] = await allOrFirstReason([verified, makePlan(options, until)]);
  return plan;
}

async function makePlan(options: PlanOptions, call: Call): Promise<RestorePlan> {
  const { snapshot, settings, kube, writer } = options;
  const { manifest } = snapshot;
  const { uid } = await kube.identify(NAMELESS, call);
  const selection = createSelection(settings.filter);
  const cleaner = createCleaner(options.clean);
  const desired = createDesired({
    cleaner,
    mapping: createMapping(settings),
    sameCluster: uid === manifest.cluster.uid,
    storageClasses: settings.storageClasses,
  });
  const [facts, survey] = await allOrFirstReason([
    readTargetFacts(kube, call),
    surveySnapshot(snapshot, { selection, desired }, call),
  ]);
  const candidates = withCompanions(survey, facts);
  const relations = relate(candidates);
  const lookups = createLookups({ writer, facts, relations });
  const schemas = once(async () => createTypeSchemas((await snapshot.api(call)).openapi));
  const groups = new Set([...facts.groups, ...relations.groups]);
  const planning = { settings, writer, facts, relations, groups, lookups, cleaner, schemas };
  const entries = await planAll({ candidates, desired, planning, options }, call);
  const { prune } = settings;
  const removals =
    prune === undefined ? NOTHING : await findRemovals({ snapshot, kube, settings, prune, selection, cleaner }, call);
  entries.push(...removals.entries);
  entries.sort(inOrder);
  return {
    format: 1,
    toolVersion: options.toolVersion,
    createdAt: options.now().toISOString(),
    source: sourceOf(snapshot),
    target: { uid, description: kube.description },
    settings,
    entries,
    leftOut: [...survey.leftOut].sort(byObject),
    warnings: [...planWarnings({ manifest, selection, entries }), ...removals.warnings],
  };
}

/** Nothing of a snapshot is believed that is not whole: half a restore from half a backup helps nobody. */
async function refuseDamaged(snapshot: Snapshot, store: ObjectReader, call: Call): Promise<void> {
  const { problems } = await verifySnapshot(snapshot, store, call, { api: "stored" });
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length === 1 ? "" : ` (and ${problems.length - 1} more)`;
  throw new RecoveryError({
    kind: "damaged",
    who: "restore",
    operation: `verify snapshot ${snapshot.manifest.sequence}`,
    problem: `${first.problem}${more}`,
    next: "nothing was written; `kubeferry snapshots verify` names all of it, and an earlier snapshot may be whole",
  });
}

interface Planning {
  readonly candidates: readonly Candidate[];
  readonly desired: (captured: SnapshotObject) => Desired;
  readonly planning: PlanningOptions;
  readonly options: PlanOptions;
}

/** Reads the objects a second time, now with the target beside them. */
async function planAll({ candidates, desired, planning, options }: Planning, call: Call): Promise<PlanEntry[]> {
  const { snapshot, kube, concurrency } = options;
  const places = placesOf(candidates, planning);
  const lists = createListedObjects(kube, places.lookedFor);
  async function* looked(): AsyncIterable<readonly [Looked, SnapshotObject]> {
    for await (const captured of snapshot.objects(places.hasType, call)) {
      const place = places.find(captured);
      if (place === undefined) continue;
      const listed = place.ahead === undefined ? await lists.find(place.candidate.planned, call) : undefined;
      yield [{ ...place, listed }, captured];
    }
  }
  const planOne = async ([at, captured]: readonly [Looked, SnapshotObject]): Promise<PlanEntry> => {
    call.signal.throwIfAborted();
    const object = desired(captured);
    if (at.candidate.blocked !== undefined || object.verdict !== "wanted") return planBlocked(at, planning, call);
    const entry = await planObject(at, object, { ...planning, wasSealed: isSealed(captured) }, call);
    // Whatever could not be planned as new may be there.
    if (entry.checked !== "later") lists.learn(entry.object, entry.action !== "create");
    return entry;
  };
  const entries: PlanEntry[] = [];
  try {
    for await (const entry of pMapIterable(looked(), planOne, { concurrency, preserveOrder: false }))
      entries.push(entry);
  } finally {
    await lists.close();
  }
  return entries;
}

/** Candidates with what can be said of them ahead, to be found again when their objects are read. */
function placesOf(candidates: readonly Candidate[], { facts, relations }: PlanningOptions) {
  const places = candidates.map((candidate) => ({ candidate, ahead: obstacleAhead(candidate, facts, relations) }));
  const byType = Map.groupBy(places, ({ candidate }) => candidate.type);
  const byKey = new Map([...byType].map(([type, of]) => [type, new Map(of.map((one) => [one.candidate.key, one]))]));
  return {
    hasType: (type: TypeEntry) => byKey.has(type),
    find: ({ type, key }: SnapshotObject) => byKey.get(type)?.get(key),
    /** What the target is asked about. */
    lookedFor: places.flatMap(({ candidate, ahead }) => (ahead === undefined ? [candidate.planned] : [])),
  };
}

function isSealed(captured: SnapshotObject): boolean {
  return captured.readable ? captured.wasSealed : true;
}

/** Waves, then parents before children, then types and keys: the order in which it is written. */
function inOrder(left: PlanEntry, right: PlanEntry): number {
  const [one, other] = [left.object, right.object];
  return (
    WAVES.indexOf(left.wave) - WAVES.indexOf(right.wave) ||
    left.depth - right.depth ||
    compareTypes(one, other) ||
    compareUtf8(`${one.namespace ?? ""}/${one.name}`, `${other.namespace ?? ""}/${other.name}`)
  );
}

function byObject(left: LeftOut, right: LeftOut): number {
  return compareUtf8(left.object, right.object);
}

function sourceOf({ manifest, sha256 }: Snapshot): RestorePlan["source"] {
  const { cluster, series, sequence, finishedAt } = manifest;
  return { cluster: clusterPath(cluster), uid: cluster.uid, series, sequence, sha256, finishedAt };
}
