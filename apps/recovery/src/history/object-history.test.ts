import { createCleaner } from "@kubeferry/clean";
import { type JsonObject, objectKey } from "@kubeferry/model";
import type { ObjectReader, ObjectStore } from "@kubeferry/object-store";
import { openSeries } from "@kubeferry/snapshot";
import { beforeEach, describe, expect, it } from "vitest";
import { freshKeys } from "../testing/protection.ts";
import { freshStore, quietCall, takeSnapshot } from "../testing/take-snapshot.ts";
import { type HistoryEvent, objectHistory } from "./object-history.ts";

const DEPLOYMENTS = { group: "apps", version: "v1", resource: "deployments", kind: "Deployment", namespaced: true };
const SECRETS = { group: "", version: "v1", resource: "secrets", kind: "Secret", namespaced: true };
const key = objectKey("shop", "web");

function web(replicas: number, resourceVersion: string, rest: JsonObject = {}): JsonObject {
  const metadata = { name: "web", namespace: "shop", resourceVersion };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas }, ...rest };
}

const OTHER: JsonObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "shop" } };

let store: ObjectStore;
beforeEach(async () => {
  store = await freshStore();
});

async function history(from: ObjectReader = store, type = DEPLOYMENTS): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  const options = { series: openSeries(from, "default"), type, key, cleaner: createCleaner() };
  for await (const event of objectHistory(options, quietCall)) events.push(event);
  return events;
}

async function told(): Promise<unknown[]> {
  return (await history()).map(({ sequence, what, fields }) => [sequence, what, ...fields.map(({ path }) => path)]);
}

describe("the history of an object", () => {
  it("begins where it is first seen, and tells what changed, what is gone and what came again", async () => {
    await takeSnapshot(store, [web(1, "1")]);
    await takeSnapshot(store, [web(3, "2")]);
    await takeSnapshot(store, [OTHER]);
    await takeSnapshot(store, [web(3, "9")]);
    expect(await told()).toEqual([
      [1, "first-seen"],
      [2, "changed", "/spec/replicas"],
      [3, "removed"],
      [4, "added"],
    ]);
  });

  it("leaves out snapshots in which only its status or its version ticked", async () => {
    await takeSnapshot(store, [web(1, "1")]);
    await takeSnapshot(store, [web(1, "2", { status: { readyReplicas: 1 } })]);
    await takeSnapshot(store, [web(1, "2", { status: { readyReplicas: 1 } }), OTHER]);
    expect(await told()).toEqual([[1, "first-seen"]]);
  });

  it("says that it was added where an earlier snapshot knows that it was not there", async () => {
    await takeSnapshot(store, [OTHER]);
    await takeSnapshot(store, [OTHER, web(1, "1")]);
    expect(await told()).toEqual([[2, "added"]]);
  });

  it("tells an object that was deleted and made again from one that was changed, also when it looks the same", async () => {
    const made = (uid: string, replicas: number, resourceVersion: string) => {
      const { metadata, ...rest } = web(replicas, resourceVersion);
      return { ...rest, metadata: { ...(metadata as JsonObject), uid } };
    };
    await takeSnapshot(store, [made("u-1", 1, "1")]);
    await takeSnapshot(store, [made("u-2", 1, "2")]);
    await takeSnapshot(store, [made("u-3", 2, "3")]);
    expect(await told()).toEqual([
      [1, "first-seen"],
      [2, "recreated"],
      [3, "recreated", "/spec/replicas"],
    ]);
  });

  it("says once that snapshots cannot tell, and goes on with what was known before", async () => {
    const [denied, timedOut] = [{ unread: "forbidden" }, { unread: "timed out" }];
    await takeSnapshot(store, [web(1, "1")], denied);
    await takeSnapshot(store, [web(1, "1")]);
    await takeSnapshot(store, [web(1, "1")], denied);
    await takeSnapshot(store, [web(1, "1")], denied);
    await takeSnapshot(store, [web(1, "1")], timedOut);
    await takeSnapshot(store, [web(2, "2")]);
    const events = await history();
    expect(events.map(({ sequence, what, reason }) => [sequence, what, reason])).toEqual([
      [1, "unknown", "unread: forbidden"],
      [2, "first-seen", undefined],
      [3, "unknown", "unread: forbidden"],
      [5, "unknown", "unread: timed out"],
      [6, "changed", undefined],
    ]);
    expect(events.at(-1)?.fields).toEqual([{ path: "/spec/replicas", kind: "changed", before: 1, after: 2 }]);
  });

  it("does not call an object removed that is gone after snapshots that could not tell, before one that can", async () => {
    await takeSnapshot(store, [web(1, "1")]);
    await takeSnapshot(store, [web(1, "1")], { unread: "forbidden" });
    expect(await told()).toEqual([
      [1, "first-seen"],
      [2, "unknown"],
    ]);
    await takeSnapshot(store, [OTHER]);
    expect((await told()).at(-1)).toEqual([3, "removed"]);
  });

  it("reads a segment only where something near the object moved", async () => {
    await takeSnapshot(store, [web(1, "1")]);
    for (let run = 0; run < 3; run++) await takeSnapshot(store, [web(1, "1")]);
    await takeSnapshot(store, [web(2, "2")]);
    const read: string[] = [];
    const watched: ObjectReader = {
      ...store,
      get: (at, ...rest) => {
        read.push(at);
        return store.get(at, ...rest);
      },
    };
    expect(await history(watched)).toHaveLength(2);
    expect(read.filter((at) => at.includes("/segments/"))).toHaveLength(2);
    expect(read.filter((at) => at.includes("/state/"))).toHaveLength(2);
  });

  it("says of an encrypted object that it changed, and not how", async () => {
    const { writer, reader } = await freshKeys();
    const secret = (resourceVersion: string, data: JsonObject): JsonObject => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "web", namespace: "shop", resourceVersion },
      data,
    });
    await takeSnapshot(store, [secret("1", { a: "YQ==" })], { secrets: "encrypt", protection: writer });
    await takeSnapshot(store, [secret("2", { a: "Yg==" })], { secrets: "encrypt", protection: writer });
    const tellWith = async (protection: typeof reader) => {
      const events: HistoryEvent[] = [];
      const series = openSeries(store, "default", protection);
      const options = { series, type: SECRETS, key, cleaner: createCleaner() };
      for await (const event of objectHistory(options, quietCall)) events.push(event);
      return events.map(({ what, fields, encrypted }) => ({ what, fields, encrypted }));
    };
    expect(await tellWith(reader)).toEqual([
      { what: "first-seen", fields: [] },
      { what: "changed", fields: [], encrypted: true },
    ]);
    expect((await tellWith(writer))[1]).toEqual({
      what: "changed",
      fields: [{ path: "/data/a", kind: "changed", hidden: true }],
    });
  });
});
