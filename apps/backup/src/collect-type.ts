import { type KubeApi, KubeError, type Listing, type ListRequest, listSorted } from "@kubeferry/kube";
import { type Call, type ObjectKey, type ResourceType, type SecretsMode, typeName } from "@kubeferry/model";
import type { CapturedObject, ReadStatus, SnapshotWriter, TypeSize, TypeSummary } from "@kubeferry/snapshot";
import { capturedAs } from "./capture-line.ts";
import type { Cut } from "./consistency.ts";
import type { ObjectFilter } from "./filter/object-filter.ts";
import { isOwned, ownerRuleApplies, type ReadTypes } from "./filter/owner-rule.ts";
import type { ObjectReason } from "./filter/reason.ts";
import { listNamespaces } from "./list-namespaces.ts";
import { movedObjects } from "./moved-objects.ts";
import type { Outages } from "./outage.ts";
import { type EarlierCaptures, openEarlier } from "./status-only.ts";

/** A list whose continue token expires again and again is given up after this many starts. */
const MAX_STARTS = 3;

/** What collecting one type needs beside the type. */
export interface CollectContext {
  readonly kube: KubeApi;
  readonly writer: SnapshotWriter;
  readonly secrets: SecretsMode;
  readonly pageSize: number;
  /** A list whose pages would be of more than one revision is started again. */
  readonly strict: boolean;
  readonly outages: Outages;
  /** Undefined: each type is listed as of its own moment. */
  readonly cut: Cut | undefined;
  /** Which of its objects are taken. */
  readonly filter: ObjectFilter;
  /** Pods and ReplicaSets whose controllers these types hold are left out; undefined: the rule is off. */
  readonly owners: ReadTypes | undefined;
  /** Keeps what the parent has of objects of which only the status moved; it was captured in this way. */
  readonly carryStatusOnly: { readonly capture: string } | undefined;
  /** Ends the list, but not what is on its way to the store. */
  readonly listSignal: AbortSignal;
  /** Called before objects are captured. @throws to end the list */
  readonly onTaken: (objects: number, bytes: number) => void;
  /** Called for the key of every object that is captured, twice where its type is listed a second time. */
  readonly onKey: (key: ObjectKey) => void;
  readonly onLeftOut: (object: CapturedObject, reason: ObjectReason) => void;
}

/** What one type gave, and how many of its objects were left out by which rule. */
export interface CollectedType extends TypeSummary {
  readonly leftOut: ReadonlyMap<ObjectReason, number>;
  /** Why its list is not of the revision that was asked for, or not of one. */
  readonly apart?: string;
}

/**
 * Lists one type into the snapshot. A list that expires before it ended is started again, one at the revision of a cut
 * then as of now; one whose items come out of order is listed once more and sorted in memory; one that may not be
 * listed in the whole cluster is listed in each of the namespaces that are named.
 * @throws KubeError when the type cannot be read; the snapshot then has nothing of it
 */
export async function collectType(type: ResourceType, context: CollectContext, call: Call): Promise<CollectedType> {
  return (await collectUnmoved(type, context, call)) ?? collectListed(type, context, call);
}

/** Less than this is listed whole at once: its metadata would take as long. */
const MIN_KNOWN_BYTES = 64 * 1024;

/**
 * Names what the parent has of a type again where its metadata alone says that it did not move, and asks for what did:
 * bytes that nobody needs are not sent. Where much moved, the type is listed whole. Any trouble on the way is left to the
 * whole list, which knows what to do about it.
 */
async function collectUnmoved(
  type: ResourceType,
  context: CollectContext,
  call: Call,
): Promise<CollectedType | undefined> {
  const known = context.writer.known(type);
  // Of what ticks there is always something that moved.
  if (known === undefined || known.rawBytes < MIN_KNOWN_BYTES || context.carryStatusOnly !== undefined)
    return undefined;
  const way = firstWay(type, context);
  const open = openType(type, { ...way, request: { ...way.request, metadataOnly: true } }, context, call);
  const ending = ({ objects, rawBytes }: TypeSize) => {
    context.onTaken(objects, rawBytes - objects);
    return open.ending();
  };
  const versions = filtered(type, open, context, (object) => object);
  try {
    const moved = movedObjects(type, context, call);
    const summary = await context.writer.nameAgain(type, versions, ending, moved);
    return summary && open.collected(summary);
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    call.log.debug("metadata could not be listed", { operation: "resource_list", resource: typeName(type), error });
    return undefined;
  }
}

async function collectListed(type: ResourceType, context: CollectContext, call: Call): Promise<CollectedType> {
  const patience = context.outages.begin();
  let way = firstWay(type, context);
  for (let start = 1; ; start++) {
    try {
      const collected = await collectOnce(type, way, context, call);
      patience.over();
      return collected;
    } catch (error) {
      if (error instanceof KubeError && (await patience.sitOut(error, context.listSignal))) {
        start--;
        continue;
      }
      const next = error instanceof KubeError ? nextWay(way, error, context.filter) : undefined;
      if (next === undefined || start >= MAX_STARTS) throw error;
      call.log.warn("list is started again", { resource: typeName(type), operation: "resource_list", error });
      way = next;
    }
  }
}

/** How a type is listed; changes as its server shows what it cannot do. */
interface Way {
  readonly request: ListRequest;
  readonly sorted: boolean;
  /** Listed one by one; undefined: the whole cluster at once. */
  readonly namespaces?: readonly string[];
  /** Why the list is not at the revision of the cut. */
  readonly apart?: string;
}

function firstWay(type: ResourceType, { pageSize, strict, cut, filter }: CollectContext): Way {
  const labelSelector = filter.scope?.labelSelector;
  const request = { pageSize, strict, ...(labelSelector === undefined ? {} : { labelSelector }) };
  if (cut === undefined) return { request, sorted: false };
  if (cut.types.has(typeName(type))) return { request: { ...request, revision: cut.revision }, sorted: false };
  return { request, sorted: false, apart: "its revisions are not those of the cut: another store or server keeps it" };
}

/** Undefined where no other way helps. */
function nextWay(way: Way, error: KubeError, { plainNamespaces }: ObjectFilter): Way | undefined {
  if (error.kind === "forbidden" && way.namespaces === undefined && plainNamespaces !== undefined) {
    return { ...way, namespaces: plainNamespaces };
  }
  if (error.kind === "unordered") return { ...way, sorted: true };
  const { revision, ...request } = way.request;
  const leavesCut = revision !== undefined && (error.kind === "expired" || error.kind === "invalid");
  if (leavesCut) return { ...way, request, apart: `it could not be listed at revision ${revision}: ${error.kind}` };
  return error.kind === "expired" ? way : undefined;
}

async function collectOnce(type: ResourceType, way: Way, context: CollectContext, call: Call): Promise<CollectedType> {
  const open = openType(type, way, context, call);
  const capture = (object: CapturedObject): CapturedObject => {
    context.onTaken(1, object.line.length);
    return capturedAs(type, object, context.secrets);
  };
  const taken = withEarlier(type, filtered(type, open, context, capture), { ...context, ...open }, call);
  return open.collected(await context.writer.addType(type, taken, open.ending, call));
}

/** A list of one type under way. */
interface OpenType {
  readonly listing: Listing;
  readonly tally: Tally;
  /** How it was read; callable after its end. */
  readonly ending: () => Omit<ReadStatus, "status">;
  readonly collected: (summary: TypeSummary) => CollectedType;
}

/** What is counted while a list runs. */
interface Tally {
  readonly leftOut: Map<ObjectReason, number>;
  statusOnly: number;
}

function openType(type: ResourceType, way: Way, context: CollectContext, call: Call): OpenType {
  const listing = listed(type, way, context, { ...call, signal: context.listSignal });
  const tally: Tally = { leftOut: new Map(), statusOnly: 0 };
  const { scope } = context.filter;
  return {
    listing,
    tally,
    ending() {
      const { resourceVersion: revision, consistent } = listing.end();
      const { statusOnly } = tally;
      return { revision, consistent, ...(scope && { scope }), ...(statusOnly > 0 && { statusOnly }) };
    },
    collected(summary) {
      const apart = way.apart ?? (listing.end().consistent ? undefined : "its pages are of more than one revision");
      return { ...summary, leftOut: tally.leftOut, ...(apart === undefined ? {} : { apart }) };
    },
  };
}

function listed(type: ResourceType, way: Way, { kube }: CollectContext, call: Call): Listing {
  const { request, namespaces } = way;
  if (namespaces === undefined)
    return way.sorted ? listSorted(kube, type, request, call) : kube.list(type, request, call);
  const sorted: Pick<KubeApi, "list"> = { list: (...args) => listSorted(kube, ...args) };
  return listNamespaces(way.sorted ? sorted : kube, { type, namespaces, request }, call);
}

/** The objects that are taken; what decides about one is in its metadata. */
async function* filtered(
  type: ResourceType,
  { listing, tally: { leftOut } }: OpenType,
  { filter, owners, onKey, onLeftOut }: CollectContext,
  take: (object: CapturedObject) => CapturedObject,
): AsyncIterable<CapturedObject> {
  const rule = ownerRuleApplies(type) ? owners : undefined;
  for await (const object of listing) {
    const reason = filter.leftOut(object) ?? (rule !== undefined && isOwned(object, rule) ? "owned" : undefined);
    if (reason === undefined) {
      onKey(object.key);
      yield take(object);
    } else {
      leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
      onLeftOut(object, reason);
    }
  }
}

function withEarlier(
  type: ResourceType,
  objects: AsyncIterable<CapturedObject>,
  { writer, carryStatusOnly, tally }: CollectContext & Pick<OpenType, "tally">,
  call: Call,
): AsyncIterable<CapturedObject> {
  const earlier = carryStatusOnly && openEarlier(writer.parent, type, carryStatusOnly.capture, call);
  return earlier === undefined ? objects : keptFrom(earlier, objects, tally);
}

async function* keptFrom(
  earlier: EarlierCaptures,
  objects: AsyncIterable<CapturedObject>,
  tally: Tally,
): AsyncIterable<CapturedObject> {
  try {
    for await (const object of objects) {
      const kept = await earlier.unlessMoved(object);
      if (kept !== undefined) tally.statusOnly++;
      yield kept ?? object;
    }
  } finally {
    await earlier.close();
  }
}
