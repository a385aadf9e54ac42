import { type KubeApi, KubeError, type ListEnd, type Listing, type ListRequest, listSorted } from "@kubeferry/kube";
import { type Call, type ResourceType, type SecretsMode, typeName } from "@kubeferry/model";
import type { CapturedObject, SnapshotWriter, TypeSummary } from "@kubeferry/snapshot";
import { capturedAs } from "./capture-line.ts";
import type { Cut } from "./consistency.ts";
import { isOwned, ownerRuleApplies } from "./owner-rule.ts";

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
  /** Undefined: each type is listed as of its own moment. */
  readonly cut: Cut | undefined;
  /** Names of the types read so far in this run. */
  readonly read: ReadonlySet<string>;
  /** Called for every object that is captured. */
  readonly onObject: (object: CapturedObject) => void;
}

/** What one type gave, and how many of its objects their controllers make again. */
export interface CollectedType extends TypeSummary {
  readonly owned: number;
  /** Why its list is not of the revision that was asked for, or not of one. */
  readonly apart?: string;
}

/**
 * Lists one type into the snapshot. A list that expires before it ended is started again, one at the revision of a cut
 * then as of now; one whose items come out of order is listed once more and sorted in memory.
 * @throws KubeError when the type cannot be read; the snapshot then has nothing of it
 */
export async function collectType(type: ResourceType, context: CollectContext, call: Call): Promise<CollectedType> {
  let way = firstWay(type, context);
  for (let start = 1; ; start++) {
    try {
      return await collectOnce(type, way, context, call);
    } catch (error) {
      const next = error instanceof KubeError ? nextWay(way, error) : undefined;
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
  /** Why the list is not at the revision of the cut. */
  readonly apart?: string;
}

function firstWay(type: ResourceType, { pageSize, strict, cut }: CollectContext): Way {
  const request = { pageSize, strict };
  if (cut === undefined) return { request, sorted: false };
  if (cut.types.has(typeName(type))) return { request: { ...request, revision: cut.revision }, sorted: false };
  return { request, sorted: false, apart: "its revisions are not those of the cut: another store or server keeps it" };
}

/** Undefined where no other way helps. */
function nextWay(way: Way, error: KubeError): Way | undefined {
  if (error.kind === "unordered") return { ...way, sorted: true };
  const { revision, ...request } = way.request;
  const leavesCut = revision !== undefined && (error.kind === "expired" || error.kind === "invalid");
  if (leavesCut) return { ...way, request, apart: `it could not be listed at revision ${revision}: ${error.kind}` };
  return error.kind === "expired" ? way : undefined;
}

async function collectOnce(type: ResourceType, way: Way, context: CollectContext, call: Call): Promise<CollectedType> {
  const { kube, writer } = context;
  const listing = way.sorted ? listSorted(kube, type, way.request, call) : kube.list(type, way.request, call);
  const tally = { owned: 0 };
  const objects = captured(type, listing, context, tally);
  const summary = await writer.addType(type, objects, () => ending(listing.end()), call);
  const apart = way.apart ?? (listing.end().consistent ? undefined : "its pages are of more than one revision");
  return { ...summary, owned: tally.owned, ...(apart === undefined ? {} : { apart }) };
}

async function* captured(
  type: ResourceType,
  listing: Listing,
  context: CollectContext,
  tally: { owned: number },
): AsyncIterable<CapturedObject> {
  const ownerRule = ownerRuleApplies(type);
  for await (const object of listing) {
    if (ownerRule && isOwned(object, context.read)) {
      tally.owned++;
      continue;
    }
    context.onObject(object);
    yield capturedAs(type, object, context.secrets);
  }
}

function ending(end: ListEnd): { revision: string; consistent: boolean } {
  return { revision: end.resourceVersion, consistent: end.consistent };
}
