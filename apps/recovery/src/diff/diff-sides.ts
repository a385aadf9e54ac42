import type { Cleaner } from "@kubeferry/clean";
import { KubeError } from "@kubeferry/kube";
import { type Call, compareTypes, compareUtf8, splitObjectKey, typeName } from "@kubeferry/model";
import { RecoveryError } from "../recovery-error.ts";
import type { Selection } from "../select/selection.ts";
import type { ComparedType, Side, SideObject, SideType } from "../sides/side.ts";
import { comparePair, compareWithNothing, type PairOptions, type Verdict } from "./compare-pair.ts";
import type { DiffReport, NotCompared, ObjectDifference } from "./difference.ts";
import { createDifferences, type Differences } from "./differences.ts";
import { gapBetween } from "./gap.ts";
import { joinOrdered } from "./join.ts";
import { createSchemaLookup } from "./schema-lookup.ts";

/** What is compared, and how. */
export interface DiffOptions {
  readonly before: Side;
  readonly after: Side;
  readonly selection: Selection;
  readonly cleaner: Cleaner;
  /** Each difference also as the hunks of a unified diff. */
  readonly texts: boolean;
}

/** A comparison that was made. */
export interface Diff {
  readonly report: DiffReport;
  readonly differences: Differences;
}

/**
 * Compares two sides type by type, object by object: one object of each is in memory, differences lie on disk, and
 * segments that both name are not read. What one side does not know is never called added or removed.
 * A type that cannot be read to its end is not compared, and none of it counts.
 * @returns close its `differences` when they were read
 * @throws SnapshotError "damaged"; KubeError where the cluster takes no request at all
 */
export async function diffSides(options: DiffOptions, call: Call): Promise<Diff> {
  const { before, after, selection } = options;
  const gathered: Gathered = { notCompared: [], leftOut: new Map(), withheld: 0 };
  const differences = await createDifferences();
  const walk = { ...options, gathered, schemaOf: createSchemaLookup(before, after) };
  try {
    for await (const [one, other] of joinOrdered(stream(before.types), stream(after.types), compareTypes)) {
      const [left, right] = inOneVersion(options, one, other);
      const type = right ?? left;
      if (type === undefined || !selection.takesType(type)) continue;
      const gap = gapBetween({ before, after, left, right, type });
      if (gap !== undefined) gathered.notCompared.push({ resource: typeName(type), ...gap });
      else await diffType({ ...walk, left, right, type }, differences, call);
    }
  } catch (error) {
    await differences.close();
    throw error;
  }
  return { report: reportOf(options, gathered, differences), differences };
}

/** What a cluster has is read in the version that the other side has it in, where the two differ. */
function inOneVersion(
  { before, after }: Pick<DiffOptions, "before" | "after">,
  left: SideType | undefined,
  right: SideType | undefined,
): readonly [SideType | undefined, SideType | undefined] {
  if (left === undefined || right === undefined || left.version === right.version) return [left, right];
  const later = after.inVersion?.(right, left.version);
  if (later !== undefined) return [left, later];
  return [before.inVersion?.(left, right.version) ?? left, right];
}

interface Gathered {
  readonly notCompared: NotCompared[];
  readonly leftOut: Map<string, number>;
  withheld: number;
}

interface TypeWalk extends DiffOptions {
  readonly gathered: Gathered;
  readonly schemaOf: ReturnType<typeof createSchemaLookup>;
  readonly left: SideType | undefined;
  readonly right: SideType | undefined;
  readonly type: ComparedType;
}

async function diffType(walk: TypeWalk, differences: Differences, call: Call): Promise<void> {
  const { type, gathered } = walk;
  const mark = differences.mark();
  const own: Gathered = { notCompared: [], leftOut: new Map(), withheld: 0 };
  try {
    await diffObjects({ ...walk, gathered: own }, differences, call);
  } catch (error) {
    if (call.signal.aborted || !isOfOneType(error)) throw error;
    differences.backTo(mark);
    gathered.notCompared.push({ resource: typeName(type), because: "unread", reason: (error as Error).message });
    return;
  }
  gathered.notCompared.push(...merged(own.notCompared));
  for (const [reason, count] of own.leftOut) add(gathered.leftOut, reason, count);
  gathered.withheld += own.withheld;
}

/** What the API server says of one type, or a side of what it holds of it. */
function isOfOneType(error: unknown): boolean {
  if (error instanceof KubeError) return error.kind !== "unauthorized" && error.kind !== "config";
  return error instanceof RecoveryError && error.kind === "incomparable";
}

async function diffObjects(walk: TypeWalk, differences: Differences, call: Call): Promise<void> {
  const { before, after, left, right, type, cleaner, texts, gathered } = walk;
  const ofBefore = new Set(left?.segments);
  const shared = new Set(right?.segments?.filter((sha256) => ofBefore.has(sha256)));
  const objects = (side: Side, of: SideType | undefined) =>
    of === undefined ? stream<SideObject>([]) : side.objects(of, shared, call);
  const options: Omit<PairOptions, "schema"> = {
    type,
    cleaner,
    texts,
    sameCluster: before.clusterUid !== undefined && before.clusterUid === after.clusterUid,
    onWithheld: () => gathered.withheld++,
  };
  const byKey = (a: SideObject, b: SideObject) => compareUtf8(a.key, b.key);
  for await (const [one, other] of joinOrdered(objects(before, left), objects(after, right), byKey)) {
    const object = other ?? one;
    if (object === undefined || !isSelected(walk, one, other)) continue;
    const verdict = await judge(one, other, walk, options, call);
    if (verdict.is === "left-out") add(gathered.leftOut, verdict.reason, 1);
    if (verdict.is === "unknown") gathered.notCompared.push({ resource: typeName(type), ...verdict.gap });
    if (verdict.is !== "different") continue;
    const change = one === undefined ? "added" : other === undefined ? "removed" : "changed";
    const place = splitObjectKey(object.key, type.namespaced);
    await differences.add({ type: plain(type), ...place, change, ...verdict.difference });
  }
}

type Judged =
  | Verdict
  | { readonly is: "different"; readonly difference: Pick<ObjectDifference, "fields" | "encrypted"> }
  | { readonly is: "unknown"; readonly gap: Omit<NotCompared, "resource"> };

async function judge(
  one: SideObject | undefined,
  other: SideObject | undefined,
  { before, after, left, right, schemaOf, type }: TypeWalk,
  options: Omit<PairOptions, "schema">,
  call: Call,
): Promise<Judged> {
  const single = other === undefined ? one : one === undefined ? other : undefined;
  if (single !== undefined) {
    const [side, of] = other === undefined ? [after, right] : [before, left];
    if (of !== undefined && !of.knowsAbsent(single.key)) return outside(side);
    if (!single.readable) return { is: "different", difference: { fields: [], encrypted: true } };
    return compareWithNothing(single, other === undefined, { ...options, schema: undefined });
  }
  if (one === undefined || other === undefined) return { is: "same" };
  if (one.readable && other.readable) {
    if (one.line.equals(other.line)) return { is: "same" };
    return comparePair(one, other, { ...options, schema: await schemaOf(type, call) });
  }
  if (!options.sameCluster) return { is: "unknown", gap: ENCRYPTED };
  if (sameVersion(one, other)) return { is: "same" };
  return { is: "different", difference: { fields: [], encrypted: true } };
}

const ENCRYPTED: Omit<NotCompared, "resource"> = {
  because: "unread",
  reason: "encrypted, and no identity is there to open it",
};

function outside(side: Side): Judged {
  return { is: "unknown", gap: { because: "left-out", reason: `outside of what was looked at: ${side.description}` } };
}

function sameVersion(one: SideObject, other: SideObject): boolean {
  const [left, right] = [versionOf(one), versionOf(other)];
  return left.uid === right.uid && left.resourceVersion === right.resourceVersion;
}

function versionOf(object: SideObject): { readonly uid: unknown; readonly resourceVersion: unknown } {
  if (!object.readable) return object;
  return (JSON.parse(object.line.toString("utf8")) as { metadata: { uid: unknown; resourceVersion: unknown } })
    .metadata;
}

function isSelected(
  { selection, type }: TypeWalk,
  one: SideObject | undefined,
  other: SideObject | undefined,
): boolean {
  return [one, other].some((object) => {
    if (object === undefined) return false;
    return object.readable ? selection.takes(type, object.key, object.line) : selection.takesKey(type, object.key);
  });
}

/** Several objects of a type that are not compared for one reason are one line. */
function merged(all: readonly NotCompared[]): readonly NotCompared[] {
  const counts = new Map<string, { readonly first: NotCompared; count: number }>();
  for (const one of all) {
    const entry = counts.get(one.reason) ?? { first: one, count: 0 };
    entry.count++;
    counts.set(one.reason, entry);
  }
  return [...counts.values()].map(({ first, count }) => ({
    ...first,
    reason: `${count} ${count === 1 ? "object" : "objects"} ${first.reason}`,
  }));
}

function reportOf({ before, after }: DiffOptions, gathered: Gathered, differences: Differences): DiffReport {
  const withheld: readonly NotCompared[] =
    gathered.withheld === 0
      ? []
      : [{ resource: "secrets", because: "left-out", reason: withheldReason(gathered.withheld) }];
  return {
    before: before.description,
    after: after.description,
    ...differences.counts(),
    notCompared: [...gathered.notCompared, ...withheld],
    leftOut: Object.fromEntries([...gathered.leftOut].sort(([left], [right]) => compareUtf8(left, right))),
  };
}

function withheldReason(count: number): string {
  return `the values of ${count} of them are not in one of the backups: only their keys were compared`;
}

function plain({ group, version, resource, kind, namespaced }: ComparedType): ComparedType {
  return { group, version, resource, kind, namespaced };
}

function add(counts: Map<string, number>, reason: string, count: number): void {
  counts.set(reason, (counts.get(reason) ?? 0) + count);
}

async function* stream<Item>(items: readonly Item[]): AsyncIterable<Item> {
  yield* items;
}
