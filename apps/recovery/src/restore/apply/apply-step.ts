import type { KubeApi, KubeWriter } from "@kubeferry/kube";
import { type Call, finishing, type JsonObject, typeName } from "@kubeferry/model";
import type { ReadableObject, Snapshot } from "@kubeferry/snapshot";
import type { PlanEntry } from "../restore-plan.ts";
import { forEachInFlight } from "./in-flight.ts";
import type { Ledger, Outcome } from "./ledger.ts";
import type { OwnerLinks } from "./linked-owners.ts";
import { lookAt, type MarkOf, type Seen } from "./look.ts";
import { untilGone } from "./removing.ts";
import { isWritten, objectName, type Step } from "./steps.ts";
import { tryEntry, whetherGone, writeEntry } from "./write-entry.ts";

/** What a step is carried out with. */
export interface StepTools {
  readonly snapshot: Snapshot;
  readonly kube: KubeApi;
  readonly writer: KubeWriter;
  readonly markOf: MarkOf;
  readonly bodyOf: (captured: ReadableObject, entry: PlanEntry) => JsonObject | undefined;
  readonly links: OwnerLinks;
  readonly ledger: Ledger;
  readonly concurrency: number;
  readonly waitTimeoutMs: number;
  /** The plan is old: what it asked the API server is asked again. */
  readonly recheck: boolean;
}

/**
 * Writes the objects of one step. Those that the API server has not been asked about, or long ago, are all tried first,
 * so that what it does not take is known before the first of the step is written.
 */
export async function applyStep({ wave, entries }: Step, tools: StepTools, call: Call): Promise<void> {
  const { ledger, concurrency } = tools;
  const mayBeGone = entries.filter(({ action }) => action === "unchanged");
  const seen = await lookAt([...entries.filter(isWritten), ...mayBeGone], tools, call);
  const toWrite: PlanEntry[] = [];
  for (const entry of entries) {
    const outcome = isWritten(entry) ? notTried(entry, tools) : asPlanned(entry);
    if (outcome === undefined) toWrite.push(entry);
    else if (outcome.kind !== "unchanged") ledger.note(entry, outcome);
    // A namespace that is going has to come back; whatever else is going takes its time.
    else if (wave === "namespaces" && seen.get(objectName(entry.object))?.terminating === true) toWrite.push(entry);
    else ledger.note(entry, seen.has(objectName(entry.object)) ? outcome : await whetherGone(entry, tools, call));
  }
  // What is there although the plan makes it new is looked at, not tried: an earlier run may have made it.
  const isThere = (entry: PlanEntry) => entry.action === "create" && seen.has(objectName(entry.object));
  const unsure = toWrite.filter((entry) => (entry.checked === "later" || tools.recheck) && !isThere(entry));
  await forEachBody(unsure, tools, call, async (entry, wanted) => {
    const refused = await tryEntry(entry, wanted, tools, call);
    if (refused !== undefined) ledger.note(entry, refused);
  });
  const left = toWrite.filter((entry) => !ledger.hasFailed(entry));
  await forEachBody(left, tools, call, async (entry, wanted) => {
    ledger.note(entry, await writeWhenGone(entry, wanted, seen.get(objectName(entry.object)), tools, call));
  });

  async function forEachBody(
    some: readonly PlanEntry[],
    { snapshot, bodyOf, links }: StepTools,
    stop: Call,
    work: (entry: PlanEntry, wanted: JsonObject) => Promise<void>,
  ): Promise<void> {
    if (some.length === 0) return;
    const wantedOf = new Map(some.map((entry) => [`${typeName(entry.object)}/${entry.from ?? ""}`, entry]));
    const types = new Set(some.map(({ object }) => typeName(object)));
    const objects = snapshot.objects((type) => types.has(typeName(type)), stop);
    await forEachInFlight(
      objects,
      async (captured) => {
        const id = `${typeName(captured.type)}/${captured.key}`;
        const entry = wantedOf.get(id);
        if (entry === undefined) return;
        wantedOf.delete(id);
        const body = captured.readable ? bodyOf(captured, entry) : undefined;
        if (body === undefined) return ledger.note(entry, unusable("it cannot be read in the snapshot any more"));
        const linked = await links.link(body, entry, stop);
        if ("missing" in linked) return ledger.note(entry, unusable(`its owner ${linked.missing} is not there`));
        await work(entry, linked.object);
      },
      concurrency,
      stop,
    );
    for (const entry of wantedOf.values()) ledger.note(entry, unusable("it is not in the snapshot"));
  }
}

/** Why an object is not even tried: what it needs has failed. */
function notTried(entry: PlanEntry, { ledger }: StepTools): Outcome | undefined {
  const missing = ledger.missingFor(entry);
  if (missing === undefined) return undefined;
  const message = `not tried: ${missing}, which it needs, is not there; see what is said of that`;
  return { kind: "failed", failure: { kind: "dependency", message } };
}

/** What becomes of an entry that the plan does not write, as long as it is there. */
function asPlanned({ action, reason = "" }: PlanEntry): Outcome {
  return action === "skipped" || action === "blocked" ? { kind: action, reason } : { kind: "unchanged" };
}

async function writeWhenGone(
  entry: PlanEntry,
  wanted: JsonObject,
  seen: Seen | undefined,
  tools: StepTools,
  call: Call,
): Promise<Outcome> {
  // Several requests, of which the last says what became of the object.
  const last = finishing(call);
  if (seen?.terminating !== true) return writeEntry(entry, wanted, seen, tools, last);
  const stillThere = await untilGone(entry, tools, call);
  return stillThere ?? writeEntry({ ...entry, action: "create" }, wanted, undefined, tools, last);
}

function unusable(message: string): Outcome {
  return { kind: "failed", failure: { kind: "unusable", message } };
}
