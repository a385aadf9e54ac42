import type { Buffer } from "node:buffer";
import { compareUtf8 } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSeries } from "../series.ts";
import type { CapturedObject, Snapshot } from "../snapshots.ts";
import { configMaps, deployments, listed, object, viewOf } from "../testing/cluster.ts";
import { freshPair } from "../testing/keys.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { DOCUMENTS, detailsOf } from "../testing/runs.ts";
import { call } from "../testing/stores.ts";
import type { Sealing } from "../writer/sealing.ts";
import { createSnapshotWriter } from "../writer/writer.ts";
import { compareSnapshots } from "./compare.ts";

/** Looks like a credential, so that its object is encrypted where there is anybody to encrypt it to. */
const CREDENTIAL = `AGE-SECRET-KEY-1${"A".repeat(58)}`;

describe("two snapshots side by side", () => {
  it("differ in what the states of each differ in, whatever the segments are", async () => {
    const { sealing } = await freshPair();
    const one = fc.record({ name: fc.nat(40), version: fc.nat(2), size: fc.nat(400), found: fc.boolean() });
    const found = fc.uniqueArray(one, { selector: ({ name }) => name, maxLength: 30 });
    const side = fc.record({ maps: found, workloads: found });
    await fc.assert(
      fc.asyncProperty(side, side, async (before, after) => {
        const store = memoryStore(new Map<string, Buffer>());
        const snapshots: Snapshot[] = [];
        for (const { maps, workloads } of [before, after]) {
          snapshots.push(await taken(store, { maps: maps.map(mapOf), workloads: workloads.map(workloadOf) }, sealing));
        }
        const [older, newer] = snapshots;
        if (older === undefined || newer === undefined) throw new Error("nothing was taken");
        const everything = await paired(older, newer);
        const differences = everything.filter(([, left, right]) => left !== right);
        expect(await compared(older, newer, "everything")).toEqual(everything);
        expect(await compared(older, newer, "differences")).toEqual(differences);
      }),
      { numRuns: 60 },
    );
  });
});

interface Found {
  readonly name: number;
  readonly version: number;
  readonly size: number;
  readonly found: boolean;
}

function mapOf({ name, version, size, found }: Found): CapturedObject {
  return object(configMaps, `shop/m${name}`, `${version + 1}`, found ? CREDENTIAL : "x".repeat(size));
}

function workloadOf({ name, version, size }: Found): CapturedObject {
  return object(deployments, `shop/w${name}`, `${version + 1}`, "x".repeat(size));
}

/** In segments of a few objects each. */
async function taken(
  store: ObjectStore,
  { maps, workloads }: { readonly maps: readonly CapturedObject[]; readonly workloads: readonly CapturedObject[] },
  sealing: Sealing,
): Promise<Snapshot> {
  const parent = await openSeries(store, "default").newest(call);
  const how = { view: viewOf("view-1"), capture: "capture-1", uploads: 1, sealing, segmentBytes: 600 };
  const writer = createSnapshotWriter({ store, series: "default", parent, ...how });
  await writer.setApi("api-1", async () => DOCUMENTS, call);
  const end = () => ({ revision: "900", consistent: true });
  await writer.addType(configMaps, listed(maps), end, call);
  await writer.addType(deployments, listed(workloads), end, call);
  return writer.commit(detailsOf(), call);
}

type Pair = readonly [key: string, before: string, after: string];

async function compared(older: Snapshot, newer: Snapshot, breadth: "differences" | "everything"): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for await (const { key, before, after } of compareSnapshots(older, newer, breadth, call)) {
    const type = (before ?? after)?.type.resource;
    pairs.push([`${type} ${key}`, JSON.stringify(before?.state) ?? "", JSON.stringify(after?.state) ?? ""]);
  }
  return pairs;
}

/** The same from all states of each, held in memory. */
async function paired(older: Snapshot, newer: Snapshot): Promise<Pair[]> {
  const [before, after] = [await statesOf(older), await statesOf(newer)];
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort(compareUtf8);
  return keys.map((key) => [key, before.get(key) ?? "", after.get(key) ?? ""]);
}

async function statesOf(snapshot: Snapshot): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  for await (const { type, ...state } of snapshot.states(() => true, call)) {
    states.set(`${type.resource} ${state.key}`, JSON.stringify(state));
  }
  return states;
}
