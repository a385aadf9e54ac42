import { setTimeout as sleep } from "node:timers/promises";
import { type KubeApi, KubeError, type KubeWriter } from "@kubeferry/kube";
import { type Call, type JsonObject, labelOf, objectsAt, textAt } from "@kubeferry/model";
import { objectName } from "../apply/steps.ts";
import { targetOf } from "../apply/target-of.ts";
import { isDefinitions } from "../plan/candidate.ts";
import { DRILL_LABEL } from "./drill-mark.ts";
import type { DrillCleanup } from "./drill-report.ts";
import { anyObjectOf, isMadeByUs, type LabelledObject } from "./made-objects.ts";

const POLL_MS = 250;

/** What removing needs. */
export interface RemovingMade {
  readonly kube: KubeApi;
  readonly writer: KubeWriter;
  /** For the namespaces together, and once more for the definitions. */
  readonly waitTimeoutMs: number;
}

type Removal = Pick<DrillCleanup, "removed" | "left">;

/**
 * Removes what drills made, namespaces first, and waits until it is gone. Each is looked at once more before: only what a
 * drill made, and is still labelled as it was, goes; a definition only when nobody has objects of it.
 * @throws KubeError when the cluster itself does not answer
 */
export async function removeMade(
  labelled: readonly LabelledObject[],
  removing: RemovingMade,
  call: Call,
): Promise<Removal> {
  const definitions = labelled.filter(({ object }) => isDefinitions(object));
  const namespaces = labelled.filter(({ object }) => !isDefinitions(object));
  const first = await removeAll(namespaces, removing, call);
  const second = await removeAll(definitions, removing, call);
  return { removed: [...first.removed, ...second.removed], left: [...first.left, ...second.left] };
}

async function removeAll(some: readonly LabelledObject[], removing: RemovingMade, call: Call): Promise<Removal> {
  const left: { object: string; because: string }[] = [];
  const going: LabelledObject[] = [];
  for (const one of some) {
    const because = await removeOne(one, removing, call);
    if (because === undefined) going.push(one);
    else left.push({ object: objectName(one.object), because });
  }
  const removed: string[] = [];
  const deadline = AbortSignal.timeout(removing.waitTimeoutMs);
  for (const one of going) {
    const because = await untilGone(one, removing.writer, deadline, call);
    if (because === undefined) removed.push(objectName(one.object));
    else left.push({ object: objectName(one.object), because });
  }
  return { removed, left };
}

/** @returns why it stays; undefined when it goes */
async function removeOne(
  { object, uid, run }: LabelledObject,
  { kube, writer }: RemovingMade,
  call: Call,
): Promise<string | undefined> {
  const target = targetOf(object);
  const live = await writer.read(target, call);
  if (live === undefined || textAt(live, "metadata", "uid") !== uid) return undefined;
  if (labelOf(live, DRILL_LABEL) !== run || !isMadeByUs(live)) return "it was not made by a drill";
  const used = isDefinitions(object) ? await anyObjectOf(kube, live, call) : undefined;
  if (used !== undefined) return `there are objects of it, such as ${used}`;
  try {
    await writer.remove(target, { dryRun: false, precondition: { uid } }, call);
    return undefined;
  } catch (error) {
    if (!(error instanceof KubeError) || error.kind === "unauthorized" || error.kind === "unavailable") throw error;
    return error.problem;
  }
}

/** @returns what keeps it; undefined when it is gone */
async function untilGone(
  { object, uid }: LabelledObject,
  writer: KubeWriter,
  deadline: AbortSignal,
  call: Call,
): Promise<string | undefined> {
  for (;;) {
    const live = await writer.read(targetOf(object), call);
    if (live === undefined || textAt(live, "metadata", "uid") !== uid) return undefined;
    if (deadline.aborted) return keptBy(live);
    await sleep(POLL_MS, undefined, { signal: call.signal });
  }
}

function keptBy(live: JsonObject): string {
  const told = objectsAt(live, "status", "conditions")
    .filter(({ type, status }) => status === "True" && /Remaining|Failure|Terminating/.test(String(type)))
    .flatMap(({ message }) => (typeof message === "string" ? [message] : []));
  return told.length === 0 ? "it is being removed, and still there" : `it is being removed: ${told.join("; ")}`;
}
