import { type KubeApi, KubeError, type KubeWriter } from "@kubeferry/kube";
import { type Call, isJsonObject, type JsonObject, type ObjectKey, parseJson, typeName } from "@kubeferry/model";
import pMap from "p-map";
import type { LiveMark, PlanEntry, PlannedObject } from "../restore-plan.ts";
import { keyOf, objectName } from "./steps.ts";
import { targetOf } from "./target-of.ts";

/** What is in the target under the name of an entry. */
export interface Seen {
  readonly mark: LiveMark;
  readonly resourceVersion: string;
  /** It is being removed. */
  readonly terminating: boolean;
}

/** Marks an object of the target, as the plan did. */
export type MarkOf = (live: JsonObject, planned: PlannedObject) => LiveMark;

/** What looking needs. */
export interface Looking {
  readonly kube: KubeApi;
  readonly writer: Pick<KubeWriter, "read">;
  readonly markOf: MarkOf;
  /** Lists read at the same time. */
  readonly concurrency: number;
}

/** Objects a page. */
const PAGE = 500;

/**
 * What is in the target under the names of these entries, by `objectName`. One list for each namespace and type, which
 * costs the API server less than asking for each object; nothing of what it brings is kept but marks. Who may not list
 * a type is told of its objects one by one; what may not be read either is not in the answer.
 * @throws KubeError as a list does; a type that is not served has nothing
 */
export async function lookAt(
  entries: readonly PlanEntry[],
  { kube, writer, markOf, concurrency }: Looking,
  call: Call,
): Promise<ReadonlyMap<string, Seen>> {
  const seen = new Map<string, Seen>();
  await pMap(groupsOf(entries), (group) => lookAtGroup(group), { concurrency, signal: call.signal });
  return seen;

  async function lookAtGroup({ type, namespace, wanted }: Group): Promise<void> {
    const request = { pageSize: PAGE, anyOrder: true, ...(namespace === undefined ? {} : { namespace }) };
    try {
      for await (const { key, line } of kube.list(type, request, call)) {
        const planned = wanted.get(key);
        if (planned !== undefined) seen.set(objectName(planned), seenOf(line, planned, markOf));
      }
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.kind === "forbidden") return askForEach(wanted.values());
      if (error.kind !== "not-found") throw error;
    }
  }

  async function askForEach(objects: Iterable<PlannedObject>): Promise<void> {
    for (const planned of objects) {
      try {
        const live = await writer.read(targetOf(planned), call);
        if (live !== undefined) seen.set(objectName(planned), seenOf(live, planned, markOf));
      } catch (error) {
        if (!(error instanceof KubeError) || error.kind !== "forbidden") throw error;
      }
    }
  }
}

interface Group {
  readonly type: Parameters<KubeApi["list"]>[0];
  readonly namespace: string | undefined;
  readonly wanted: Map<ObjectKey, PlannedObject>;
}

function groupsOf(entries: readonly PlanEntry[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { object } of entries) {
    const { namespace, name: _, ...named } = object;
    const id = `${typeName(object)} ${namespace ?? ""}`;
    const type = { ...named, namespaced: namespace !== undefined, verbs: ["list"] };
    const group = groups.get(id) ?? { type, namespace, wanted: new Map() };
    group.wanted.set(keyOf(object), object);
    groups.set(id, group);
  }
  return [...groups.values()];
}

/** Reads what matters of a live object. */
export function seenOf(line: Uint8Array | JsonObject, planned: PlannedObject, markOf: MarkOf): Seen {
  const live = line instanceof Uint8Array ? parseJson(Buffer.from(line).toString("utf8")) : line;
  if (!isJsonObject(live)) throw new TypeError("a listed object is an object");
  const metadata = isJsonObject(live.metadata) ? live.metadata : {};
  return {
    mark: markOf(live, planned),
    resourceVersion: String(metadata.resourceVersion),
    terminating: metadata.deletionTimestamp !== undefined,
  };
}
