import type { Call, LogFields } from "@kubeferry/model";
import { silentLog } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { bodyOf, bytes, call, namesIn } from "../contract/open-store.contract.ts";
import { realSleep } from "./retry.ts";
import type { Fault, SeenRequest } from "./testing/fault-proxy.ts";
import { type FaultyStores, faultyStores, first } from "./testing/faulty-stores.ts";

const SLOW_DOWN = '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>private text</Message></Error>';
let faulty: FaultyStores;
beforeAll(async () => {
  if (missingServers("minio") === undefined) faulty = faultyStores(await servers.minio());
});
afterEach(() => faulty?.close());

const slowDown: Fault = { type: "answer", status: 503, body: SLOW_DOWN };
const ifAbsent = { condition: { ifAbsent: true } } as const;

describe.skipIf(missingServers("minio"))("a server under load", () => {
  it("is asked again after 503, twice, and nothing is printed", async () => {
    const { store, proxy, pauses } = await faulty.open(first(slowDown, slowDown), {
      retry: { attempts: 3, delayMs: 100 },
    });
    const spies = (["log", "warn", "error", "info"] as const).map((name) => vi.spyOn(console, name));
    const told: LogFields[] = [];
    const log = { ...silentLog, warn: (_: string, fields?: LogFields) => void told.push(fields ?? {}) };
    await store.put("key", bytes("x"), {}, { ...call, log });
    expect(proxy.seen).toHaveLength(3);
    expect(pauses).toHaveLength(2);
    for (const pause of pauses) expect(pause >= 50 && pause <= 150).toBe(true);
    expect(told.map(({ attempt, code, kind }) => ({ attempt, code, kind }))).toEqual([
      { attempt: 1, code: "SlowDown", kind: "rate-limited" },
      { attempt: 2, code: "SlowDown", kind: "rate-limited" },
    ]);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it("is given up after the configured tries, and its text is not repeated", async () => {
    const { store, proxy } = await faulty.open(() => slowDown);
    const failure = store.get("key", call);
    await expect(failure).rejects.toMatchObject({
      kind: "rate-limited",
      message: expect.not.stringContaining("private"),
    });
    expect(proxy.seen).toHaveLength(3);
  });

  it.each([
    ["MinIO's disks are full", 507, "XMinioStorageFull", "unavailable", "disks are full"],
    ["a server says so without a code", 507, undefined, "unavailable", "no room (HTTP 507)"],
    ["MinIO's quota is used up", 400, "XMinioAdminBucketQuotaExceeded", "invalid", "quota"],
    ["Ceph's quota is used up", 403, "QuotaExceeded", "invalid", "quota"],
  ])("has no room, and says so, where %s", async (_what, status, code, kind, said) => {
    const body = code === undefined ? "" : SLOW_DOWN.replace("SlowDown", code);
    const { store } = await faulty.open(() => ({ type: "answer", status, body }));
    const message = expect.stringMatching(/make room.*kubeferry snapshots prune/);
    await expect(store.put("key", bytes("x"), {}, call)).rejects.toMatchObject({ kind, message });
    await expect(store.put("key", bytes("x"), {}, call)).rejects.toThrow(said);
  });

  it("is waited for as long as it asks, up to a minute", async () => {
    const asking = (seconds: string): Fault => ({ type: "answer", status: 503, headers: { "retry-after": seconds } });
    const { store, pauses } = await faulty.open(first(asking("7"), asking("86400")));
    await store.put("key", bytes("x"), {}, call);
    expect(pauses).toEqual([7_000, 60_000]);
  });

  it.each([500, 502, 504])("is unavailable when it answers %i", async (status) => {
    const { store } = await faulty.open(() => ({ type: "answer", status }));
    await expect(store.head("key", call)).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("gets no more connections than configured", async () => {
    const { store, proxy } = await faulty.open(() => undefined, { maxConnections: 4 });
    await Promise.all(Array.from({ length: 60 }, (_, index) => store.put(`key-${index}`, bytes("x"), {}, call)));
    expect(proxy.seen).toHaveLength(60);
    expect(proxy.mostConnections()).toBeLessThanOrEqual(4);
  });
});

describe.skipIf(missingServers("minio"))("a store that is away", () => {
  const away: Fault = { type: "answer", status: 503 };
  const retry = { attempts: 2, delayMs: 1 };

  it("is not asked any more after five operations have failed with all their tries", async () => {
    const { store, proxy } = await faulty.open(() => away, { retry });
    for (let count = 0; count < 5; count++) {
      await expect(store.head(`key-${count}`, call)).rejects.toMatchObject({ kind: "unavailable" });
    }
    expect(proxy.seen).toHaveLength(10);
    await expect(store.head("key", call)).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringMatching(/head key: .* was not asked: the last 5 operations there failed/),
    });
    expect(proxy.seen).toHaveLength(10);
  });

  it("is tried by one operation when the pause is over, and used again when that succeeds", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const state = { away: true };
    const plan = () => (state.away ? away : undefined);
    const { store, proxy } = await faulty.open(plan, { retry }, { outagePauseMs: 30_000 });
    const failing = async () => expect(store.head("key", call)).rejects.toMatchObject({ kind: "unavailable" });
    for (let count = 0; count < 5; count++) await failing();
    vi.setSystemTime(Date.now() + 30_000);
    await failing();
    expect(proxy.seen).toHaveLength(12);
    await failing();
    expect(proxy.seen).toHaveLength(12);
    state.away = false;
    vi.setSystemTime(Date.now() + 30_000);
    expect(await Promise.all([store.head("a", call), store.head("b", call)])).toEqual([undefined, undefined]);
  });

  it("does not become so by conflicts, refusals and missing keys", async () => {
    const { store } = await faulty.open(() => undefined, { retry });
    await store.put("taken", bytes("x"), {}, call);
    for (let count = 0; count < 8; count++) {
      await expect(store.put("taken", bytes("y"), ifAbsent, call)).rejects.toMatchObject({ kind: "conflict" });
      expect(await store.head("missing", call)).toBeUndefined();
    }
  });

  it("for a moment only costs a try, also when fifty requests meet it at once", async () => {
    const met = new Set<string>();
    const onFirst = ({ path }: SeenRequest) => (met.size < met.add(path).size ? away : undefined);
    const { store, direct } = await faulty.open(onFirst, { retry });
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.put(`key-${index}`, bytes("x"), {}, call)));
    expect(await namesIn(direct, "")).toHaveLength(50);
  });
});

describe.skipIf(missingServers("minio"))("a server that does not answer", () => {
  it("is unavailable after the request timeout", async () => {
    const { store, proxy } = await faulty.open(() => ({ type: "hang" }), { requestTimeoutMs: 100 });
    await expect(store.get("key", call)).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("did not answer in time"),
    });
    expect(proxy.seen).toHaveLength(3);
  });

  it("is not blamed for a caller that takes its time over a body", { timeout: 30_000 }, async () => {
    const { store, direct } = await faulty.open(() => undefined, { requestTimeoutMs: 1_500 });
    await direct.put("long", new Uint8Array(20_000_000), {}, call);
    const object = await store.get("long", call);
    let read = 0;
    for await (const chunk of object?.body ?? []) {
      if (read === 0) await new Promise((resolve) => setTimeout(resolve, 2_500));
      read += chunk.length;
    }
    expect(read).toBe(20_000_000);
  });

  it("is left as soon as the run stops", async () => {
    const { store } = await faulty.open(() => ({ type: "hang" }));
    const { stopping, context } = stoppable();
    const requests = [
      store.put("key", new Uint8Array(5_000_000), {}, context),
      store.get("key", context),
      store.head("key", context),
      namesIn({ ...store, list: (prefix, options) => store.list(prefix, options, context) }, ""),
    ];
    setTimeout(() => stopping.abort(), 50);
    for (const outcome of await Promise.allSettled(requests)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { name: "AbortError" } });
    }
  });

  it("is left in the middle of a body as soon as the run stops", async () => {
    const { store, direct } = await faulty.open(() => undefined);
    await direct.put("long", new Uint8Array(20_000_000), {}, call);
    const { stopping, context } = stoppable();
    const object = await store.get("long", context);
    setTimeout(() => stopping.abort(), 50);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(bodyOf(object)).rejects.toMatchObject({ name: "AbortError" });
  });

  it("is not waited for between tries once the run stops", async () => {
    const retry = { attempts: 3, delayMs: 3_600_000 };
    const { store } = await faulty.open(() => slowDown, { retry }, { sleep: realSleep });
    const { stopping, context } = stoppable();
    const request = store.head("key", context);
    setTimeout(() => stopping.abort(), 50);
    await expect(request).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe.skipIf(missingServers("minio"))("something that is no S3 server", () => {
  it.each([
    [200, "<html><body>It works!</body></html>", "invalid"],
    [200, "not even that <", "invalid"],
    [400, "Client sent an HTTP request to an HTTPS server.", "invalid"],
    [404, "<html><body>404</body></html>", "not-found"],
    [400, "<Error><Code>constructor</Code></Error>", "invalid"],
  ])("that answers %i %j gives no empty listing", async (status, body, kind) => {
    const { store } = await faulty.open(() => ({ type: "answer", status, body }));
    await expect(namesIn(store, "")).rejects.toMatchObject({ name: "StorageError", kind });
  });

  it("gives no missing key: 404 for key and bucket alike is a missing bucket", async () => {
    const { store } = await faulty.open(() => ({ type: "answer", status: 404, body: "nothing here" }));
    await expect(store.get("key", call)).rejects.toMatchObject({ kind: "not-found" });
    await expect(store.head("key", call)).rejects.toMatchObject({ kind: "not-found" });
  });
});

describe.skipIf(missingServers("minio"))("a listing that cannot be right", () => {
  const page = (keys: readonly string[], token?: string): Fault => ({
    type: "answer",
    status: 200,
    body: `<ListBucketResult><IsTruncated>${token !== undefined}</IsTruncated>${keys
      .map(
        (key) =>
          `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`,
      )
      .join(
        "",
      )}${token === undefined ? "" : `<NextContinuationToken>${token}</NextContinuationToken>`}</ListBucketResult>`,
  });

  it.each([
    ["repeats a key on the next page", [page(["a", "b"], "1"), page(["b", "c"])]],
    ["goes backwards", [page(["c"], "1"), page(["a"])]],
    ["sends the same page for ever", [page([], "1"), page([], "1"), page([], "1")]],
  ])("is an error when it %s", async (_, pages) => {
    const { store } = await faulty.open(first(...pages));
    await expect(namesIn(store, "")).rejects.toMatchObject({ kind: "invalid" });
  });

  it("is cut to what comes after `startAfter` when the server starts earlier", async () => {
    const { store } = await faulty.open(first(page(["a", "a/x", "b"])));
    expect(await namesIn(store, "", { startAfter: "a/x" })).toEqual(["b"]);
  });
});

function stoppable(): { readonly stopping: AbortController; readonly context: Call } {
  const stopping = new AbortController();
  return { stopping, context: { signal: stopping.signal, log: silentLog } };
}
