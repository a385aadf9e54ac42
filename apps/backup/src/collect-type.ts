import { type KubeApi, KubeError, type ListEnd, type Listing, listSorted } from "@kubeferry/kube";
import { type Call, type ResourceType, type SecretsMode, typeName } from "@kubeferry/model";
import type { CapturedObject, SnapshotWriter, TypeSummary } from "@kubeferry/snapshot";
import { capturedAs } from "./capture-line.ts";
import { isOwned, ownerRuleApplies } from "./owner-rule.ts";

/** A list whose continue token expires again and again is given up after this many starts. */
const MAX_STARTS = 3;

/** What collecting one type needs beside the type. */
export interface CollectContext {
  readonly kube: KubeApi;
  readonly writer: SnapshotWriter;
  readonly secrets: SecretsMode;
  readonly pageSize: number;
  /** Names of the types read so far in this run. */
  readonly read: ReadonlySet<string>;
  /** Called for every object that is captured. */
  readonly onObject: (object: CapturedObject) => void;
}

/** What one type gave, and how many of its objects their controllers make again. */
export interface CollectedType extends TypeSummary {
  readonly owned: number;
}

/**
 * Lists one type into the snapshot. A list that expires before it ended is started again; one whose items come out of
 * order is listed once more and sorted in memory.
 * @throws KubeError when the type cannot be read; the snapshot then has nothing of it
 */
export async function collectType(type: ResourceType, context: CollectContext, call: Call): Promise<CollectedType> {
  let list: ListOnce = (kube, pageSize) => kube.list(type, { pageSize }, call);
  for (let start = 1; ; start++) {
    try {
      return await collectOnce(type, list, context, call);
    } catch (error) {
      if (!(error instanceof KubeError) || start >= MAX_STARTS) throw error;
      if (error.kind === "unordered") list = (kube, pageSize) => listSorted(kube, type, { pageSize }, call);
      else if (error.kind !== "expired") throw error;
      call.log.warn("list is started again", { resource: typeName(type), operation: "resource_list", error });
    }
  }
}

type ListOnce = (kube: KubeApi, pageSize: number) => Listing;

async function collectOnce(
  type: ResourceType,
  list: ListOnce,
  context: CollectContext,
  call: Call,
): Promise<CollectedType> {
  const listing = list(context.kube, context.pageSize);
  const tally = { owned: 0 };
  const objects = captured(type, listing, context, tally);
  const summary = await context.writer.addType(type, objects, () => ending(listing.end()), call);
  return { ...summary, owned: tally.owned };
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
