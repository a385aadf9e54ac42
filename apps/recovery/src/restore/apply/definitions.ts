import { setTimeout as sleep } from "node:timers/promises";
import type { KubeApi, KubeWriter } from "@kubeferry/kube";
import { type Call, isJsonObject, type JsonObject, typeName } from "@kubeferry/model";
import type { PlanEntry } from "../restore-plan.ts";
import type { Ledger } from "./ledger.ts";
import { targetOf } from "./target-of.ts";

const POLL_MS = 250;
const NEEDED = ["Established", "NamesAccepted"];

/** What waiting needs. */
export interface Waiting {
  readonly kube: KubeApi;
  readonly writer: KubeWriter;
  readonly ledger: Ledger;
  readonly waitTimeoutMs: number;
}

/**
 * Waits until the API server serves what these CustomResourceDefinitions define: established, their names accepted, and
 * in what it says of itself. One that does not come in time has failed, and with it the objects of its type.
 */
export async function untilServed(definitions: readonly PlanEntry[], waiting: Waiting, call: Call): Promise<void> {
  const { ledger, waitTimeoutMs } = waiting;
  const deadline = AbortSignal.timeout(waitTimeoutMs);
  let left = definitions.filter((entry) => !ledger.hasFailed(entry));
  while (left.length > 0) {
    const served = await servedTypes(waiting.kube, call);
    const waits: { readonly entry: PlanEntry; readonly because: string }[] = [];
    for (const entry of left) {
      const because = await notReady(entry, served, waiting.writer, call);
      if (because !== undefined) waits.push({ entry, because });
    }
    left = waits.map(({ entry }) => entry);
    if (deadline.aborted) {
      for (const { entry, because } of waits) {
        const message = `not served after ${Math.round(waitTimeoutMs / 1_000)} s: ${because}; its objects were not tried`;
        ledger.note(entry, { kind: "failed", failure: { kind: "unavailable", message } });
      }
      return;
    }
    if (left.length > 0) await sleep(POLL_MS, undefined, { signal: call.signal });
  }
}

async function servedTypes(kube: KubeApi, call: Call): Promise<ReadonlySet<string>> {
  const { types } = await kube.discover(call);
  return new Set(types.map(typeName));
}

async function notReady(
  { object }: PlanEntry,
  served: ReadonlySet<string>,
  writer: KubeWriter,
  call: Call,
): Promise<string | undefined> {
  const live = await writer.read(targetOf(object), call);
  if (live === undefined) return "it is gone";
  for (const type of NEEDED) {
    const condition = conditionOf(live, type);
    if (condition?.status !== "True")
      return `${type}: ${String(condition?.message ?? condition?.status ?? "not yet said")}`;
  }
  return served.has(object.name) ? undefined : "the API server does not list its type yet";
}

function conditionOf(live: JsonObject, type: string): JsonObject | undefined {
  const { status } = live;
  const conditions = isJsonObject(status) ? status.conditions : undefined;
  return Array.isArray(conditions) ? conditions.filter(isJsonObject).find((one) => one.type === type) : undefined;
}
