import { randomBytes } from "node:crypto";
import type { Call, LogFields } from "@kubeferry/model";
import { silentLog } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, describe, expect, it, vi } from "vitest";
import { bodyOf, bytes, call, namesIn, textAt } from "../contract/open-store.contract.ts";
import type { ObjectStore } from "../store.ts";
import type { S3StoreOptions } from "./options.ts";
import { createS3Store, type S3Runtime } from "./s3.ts";
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from "./testing/fault-proxy.ts";
import { optionsFor } from "./testing/open-s3.ts";

interface Faulty {
  /** Goes through the proxy. */
  readonly store: ObjectStore;
  /** Goes to the server itself. */
  readonly direct: ObjectStore;
  readonly proxy: FaultProxy;
  /** The pauses between tries, in order; they are not waited for. */
  readonly pauses: readonly number[];
}

const SLOW_DOWN = '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>private text</Message></Error>';
const closing: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function openFaulty(
  plan: (request: SeenRequest, index: number) => Fault | undefined,
  changes: Partial<S3StoreOptions> = {},
  runtime: Partial<S3Runtime> = {},
): Promise<Faulty> {
  const server = await servers.minio();
  const bucket = await server.freshBucket();
  const proxy = await startFaultProxy(server.endpoint, plan);
  closing.push(() => proxy.close());
  const pauses: number[] = [];
  const options = optionsFor(server, bucket, { endpoint: proxy.endpoint, ...changes });
  const store = createS3Store(options, { sleep: async (ms) => void pauses.push(ms), ...runtime });
  return { store, direct: createS3Store(optionsFor(server, bucket)), proxy, pauses };
}

/** The first requests go wrong like this, all others go through. */
function first(...faults: Array<Fault | undefined>): (request: SeenRequest, index: number) => Fault | undefined {
  return (_, index) => faults[index];
}

const slowDown: Fault = { type: "answer", status: 503, body: SLOW_DOWN };
const ifAbsent = { condition: { ifAbsent: true } } as const;

describe.skipIf(missingServers("minio"))("a put whose answer was lost", () => {
  it("counts as done when it had been stored: ifAbsent", async () => {
    const { store, direct, proxy } = await openFaulty(first({ type: "lose-answer" }));
    const { etag } = await store.put("commit", bytes("mine"), ifAbsent, call);
    expect(await direct.head("commit", call)).toMatchObject({ etag });
    expect(await textAt(direct, "commit")).toBe("mine");
    expect(proxy.seen.map(({ method }) => method)).toEqual(["PUT", "PUT", "HEAD"]);
  });

  it("counts as done when it had been stored: ifMatch", async () => {
    const { store, direct } = await openFaulty(first({ type: "lose-answer" }));
    const old = await direct.put("lease", bytes("old"), {}, call);
    const { etag } = await store.put("lease", bytes("new"), { condition: { ifMatch: old.etag } }, call);
    expect(await direct.head("lease", call)).toMatchObject({ etag });
  });

  it("is a conflict when another writer came first, also with the very same bytes", async () => {
    const { store, direct } = await openFaulty(first({ type: "drop" }));
    await direct.put("commit", bytes("same"), ifAbsent, call);
    await expect(store.put("commit", bytes("same"), ifAbsent, call)).rejects.toMatchObject({ kind: "conflict" });
  });

  it("is put again when nothing had been stored", async () => {
    const { store, direct } = await openFaulty(first({ type: "drop" }, { type: "drop" }));
    await store.put("commit", bytes("mine"), ifAbsent, call);
    expect(await textAt(direct, "commit")).toBe("mine");
  });

  it("stays unavailable when no try was answered", async () => {
    const lost: Fault = { type: "lose-answer" };
    const { store, proxy } = await openFaulty((request) => (request.method === "PUT" ? lost : undefined));
    await expect(store.put("key", bytes("x"), {}, call)).rejects.toMatchObject({ kind: "unavailable" });
    expect(proxy.seen).toHaveLength(3);
  });
});

describe.skipIf(missingServers("minio"))("a server under load", () => {
  it("is asked again after 503, twice, and nothing is printed", async () => {
    const { store, proxy, pauses } = await openFaulty(first(slowDown, slowDown), {
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
    const { store, proxy } = await openFaulty(() => slowDown);
    const failure = store.get("key", call);
    await expect(failure).rejects.toMatchObject({
      kind: "rate-limited",
      message: expect.not.stringContaining("private"),
    });
    expect(proxy.seen).toHaveLength(3);
  });

  it("is waited for as long as it asks, up to a minute", async () => {
    const asking = (seconds: string): Fault => ({ type: "answer", status: 503, headers: { "retry-after": seconds } });
    const { store, pauses } = await openFaulty(first(asking("7"), asking("86400")));
    await store.put("key", bytes("x"), {}, call);
    expect(pauses).toEqual([7_000, 60_000]);
  });

  it.each([500, 502, 504])("is unavailable when it answers %i", async (status) => {
    const { store } = await openFaulty(() => ({ type: "answer", status }));
    await expect(store.head("key", call)).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("gets no more connections than configured", async () => {
    const { store, proxy } = await openFaulty(() => undefined, { maxConnections: 4 });
    await Promise.all(Array.from({ length: 60 }, (_, index) => store.put(`key-${index}`, bytes("x"), {}, call)));
    expect(proxy.seen).toHaveLength(60);
    expect(proxy.mostConnections()).toBeLessThanOrEqual(4);
  });
});

describe.skipIf(missingServers("minio"))("a store that is away", () => {
  const away: Fault = { type: "answer", status: 503 };
  const retry = { attempts: 2, delayMs: 1 };

  it("is not asked any more after five operations have failed with all their tries", async () => {
    const { store, proxy } = await openFaulty(() => away, { retry });
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
    const state = { away: true };
    const plan = () => (state.away ? away : undefined);
    const { store, proxy } = await openFaulty(plan, { retry }, { outagePauseMs: 200 });
    const failing = async () => expect(store.head("key", call)).rejects.toMatchObject({ kind: "unavailable" });
    for (let count = 0; count < 5; count++) await failing();
    await new Promise((resolve) => setTimeout(resolve, 250));
    await failing();
    expect(proxy.seen).toHaveLength(12);
    await failing();
    expect(proxy.seen).toHaveLength(12);
    state.away = false;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await Promise.all([store.head("a", call), store.head("b", call)])).toEqual([undefined, undefined]);
  });

  it("does not become so by conflicts, refusals and missing keys", async () => {
    const { store } = await openFaulty(() => undefined, { retry });
    await store.put("taken", bytes("x"), {}, call);
    for (let count = 0; count < 8; count++) {
      await expect(store.put("taken", bytes("y"), ifAbsent, call)).rejects.toMatchObject({ kind: "conflict" });
      expect(await store.head("missing", call)).toBeUndefined();
    }
  });

  it("for a moment only costs a try, also when fifty requests meet it at once", async () => {
    const met = new Set<string>();
    const onFirst = ({ path }: SeenRequest) => (met.size < met.add(path).size ? away : undefined);
    const { store, direct } = await openFaulty(onFirst, { retry });
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.put(`key-${index}`, bytes("x"), {}, call)));
    expect(await namesIn(direct, "")).toHaveLength(50);
  });
});

describe.skipIf(missingServers("minio"))("a connection that breaks", () => {
  it.each(["reset", "close"] as const)("in a long body is an error and not a short body (%s)", async (end) => {
    const { store, direct } = await openFaulty((request) =>
      request.method === "GET" ? { type: "cut", afterBytes: 2_000_000, end } : undefined,
    );
    await direct.put("long", randomBytes(5_000_000), {}, call);
    const object = await store.get("long", call);
    await expect(bodyOf(object)).rejects.toMatchObject({ name: "StorageError", kind: "unavailable" });
  });

  it.each(["reset", "close"] as const)("in a short body is read again as a whole (%s)", async (end) => {
    const { store, direct } = await openFaulty(first({ type: "cut", afterBytes: 3, end }));
    await direct.put("short", bytes("all of it"), {}, call);
    expect(await textAt(store, "short")).toBe("all of it");
  });

  it("in the middle of a listing's page is asked for again", async () => {
    const { store, direct } = await openFaulty(first({ type: "cut", afterBytes: 200, end: "close" }));
    await direct.put("a", bytes("x"), {}, call);
    await direct.put("b", bytes("x"), {}, call);
    expect(await namesIn(store, "")).toEqual(["a", "b"]);
  });

  it("because it was idle for too long costs neither a try nor a pause", async () => {
    const { store, proxy, pauses } = await openFaulty(first(undefined, { type: "drop" }), {
      retry: { attempts: 1, delayMs: 10 },
    });
    await store.put("one", bytes("x"), {}, call);
    await store.put("two", bytes("x"), {}, call);
    expect(proxy.seen).toHaveLength(3);
    expect(pauses).toEqual([]);
  });
});

describe.skipIf(missingServers("minio"))("a server that does not answer", () => {
  it("is unavailable after the request timeout", async () => {
    const { store, proxy } = await openFaulty(() => ({ type: "hang" }), { requestTimeoutMs: 100 });
    await expect(store.get("key", call)).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("did not answer in time"),
    });
    expect(proxy.seen).toHaveLength(3);
  });

  it("is not blamed for a caller that takes its time over a body", async () => {
    const { store, direct } = await openFaulty(() => undefined, { requestTimeoutMs: 100 });
    await direct.put("long", new Uint8Array(20_000_000), {}, call);
    const object = await store.get("long", call);
    let read = 0;
    for await (const chunk of object?.body ?? []) {
      if (read === 0) await new Promise((resolve) => setTimeout(resolve, 400));
      read += chunk.length;
    }
    expect(read).toBe(20_000_000);
  });

  it("is left as soon as the run stops", async () => {
    const { store } = await openFaulty(() => ({ type: "hang" }));
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
    const { store, direct } = await openFaulty(() => undefined);
    await direct.put("long", new Uint8Array(20_000_000), {}, call);
    const { stopping, context } = stoppable();
    const object = await store.get("long", context);
    setTimeout(() => stopping.abort(), 50);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(bodyOf(object)).rejects.toMatchObject({ name: "AbortError" });
  });

  it("is not waited for between tries once the run stops", async () => {
    const server = await servers.minio();
    const proxy = await startFaultProxy(server.endpoint, () => slowDown);
    closing.push(() => proxy.close());
    const options = optionsFor(server, "bucket", {
      endpoint: proxy.endpoint,
      retry: { attempts: 3, delayMs: 3_600_000 },
    });
    const { stopping, context } = stoppable();
    const request = createS3Store(options).head("key", context);
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
    const { store } = await openFaulty(() => ({ type: "answer", status, body }));
    await expect(namesIn(store, "")).rejects.toMatchObject({ name: "StorageError", kind });
  });

  it("gives no missing key: 404 for key and bucket alike is a missing bucket", async () => {
    const { store } = await openFaulty(() => ({ type: "answer", status: 404, body: "nothing here" }));
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
    const { store } = await openFaulty(first(...pages));
    await expect(namesIn(store, "")).rejects.toMatchObject({ kind: "invalid" });
  });

  it("is cut to what comes after `startAfter` when the server starts earlier", async () => {
    const { store } = await openFaulty(first(page(["a", "a/x", "b"])));
    expect(await namesIn(store, "", { startAfter: "a/x" })).toEqual(["b"]);
  });
});

function stoppable(): { readonly stopping: AbortController; readonly context: Call } {
  const stopping = new AbortController();
  return { stopping, context: { signal: stopping.signal, log: silentLog } };
}
