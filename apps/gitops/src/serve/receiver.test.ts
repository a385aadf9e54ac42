import { createServer } from "node:net";
import { StorageError } from "@kubeferry/object-store";
import { expect, it, onTestFinished, vi } from "vitest";
import type { ReceiverNumbers } from "./receiver.ts";
import { eventOf, signed } from "./testing/calls.ts";
import { completedReport } from "./testing/completed-report.ts";
import { openReceiver } from "./testing/open-receiver.ts";

it("tells of its runs inside the cluster: who called, what was read, what came of it", async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const { url, key, document } = await openReceiver({ run: async () => ({ report: completedReport(), traceId }) });
  await fetch(url, signed(key, { body: JSON.stringify(eventOf("crc.testing/wrl62")) }));
  await vi.waitFor(async () => expect((await document()).runs).toHaveLength(2));
  await vi.waitFor(async () => expect((await document()).next?.trigger).toBe("interval"));
  const { format, runs } = await document();
  expect(format).toBe(1);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(runs[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    trigger: "call",
    calls: 1,
    clusters: ["crc.testing/wrl62"],
    queuedAt: time,
    startedAt: time,
    finishedAt: time,
    status: "complete",
    snapshots: ["backups/a/one/_snapshots/default/0000000001.json", "backups/a/two/_snapshots/default/0000000007.json"],
    commit: "0123456789abcdef0123456789abcdef01234567",
    requests: ["https://git.example.com/acme/fleet/pulls/1"],
    traceId,
    error: null,
  });
});

it("tells of names that came from a bucket without a character that steers a terminal", async () => {
  const snapshot = "a/evil\u009b2J\u001b[2J\n\u2028/_snapshots/default/0000000001.json";
  const { inner } = await openReceiver({ run: async () => ({ report: { ...completedReport(), snapshot } }) });
  const answer = async () => (await fetch(`${inner}/v1/runs`)).text();
  await vi.waitFor(async () => expect(await answer()).toContain("complete"));
  expect(await answer()).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);
  expect(JSON.parse(await answer()).runs[0].snapshots).toEqual([snapshot]);
});

it("is not ready before the store answered once, takes calls all the same, and stays ready afterwards", async () => {
  const store = { here: false };
  const gone = new StorageError({ kind: "denied", who: "s3", operation: "list", problem: "no" });
  const snapshots = async () => (store.here ? "one" : Promise.reject(gone));
  const settings = { intervalMs: 20 };
  const receiver = await openReceiver({ world: { snapshots, branches: async () => undefined }, settings });
  const ready = async (base: string) => (await fetch(`${base}/readyz`)).status;
  expect([await ready(receiver.inner), await ready(receiver.webhook)]).toEqual([503, 503]);
  expect((await fetch(`${receiver.inner}/healthz`)).status).toBe(200);
  expect((await fetch(receiver.url, signed(receiver.key))).status).toBe(202);
  store.here = true;
  await vi.waitFor(async () => expect(await ready(receiver.inner)).toBe(200));
  store.here = false;
  await vi.waitFor(() => expect(receiver.runs.length).toBeGreaterThan(1));
  expect(await ready(receiver.webhook)).toBe(200);
});

it("told to go, takes no more calls, is not ready, and lets the run end", async () => {
  const run = Promise.withResolvers<{ report: ReturnType<typeof completedReport> }>();
  const receiver = await openReceiver({ run: () => run.promise, shutdownTimeoutMs: 60_000 });
  await vi.waitFor(() => expect(receiver.runs).toHaveLength(1));
  const ended = receiver.stop();
  await vi.waitFor(() => expect(fetch(receiver.url, signed(receiver.key))).rejects.toThrow());
  expect((await fetch(`${receiver.inner}/readyz`)).status).toBe(503);
  run.resolve({ report: completedReport() });
  expect(await ended).toEqual({ cutOff: false });
  await expect(fetch(`${receiver.inner}/healthz`)).rejects.toThrow();
});

it("says which of its ports is taken, and leaves the other one free", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as { port: number };
  const inner = { host: "127.0.0.1", port, configuredBy: "metrics" };
  await expect(openReceiver({ inner })).rejects.toMatchObject({
    kind: "port-taken",
    message: `serve: listen on 127.0.0.1:${port}: port-taken: another program listens there; set metrics.port to a free one`,
  });
});

it("serves metrics inside only, and none where there are none", async () => {
  const metrics = { path: "/metrics", render: async (numbers: ReceiverNumbers) => JSON.stringify(numbers) };
  const { inner, webhook, url, key } = await openReceiver({ metrics, settings: { quietPeriodMs: 60_000 } });
  await fetch(url, { method: "POST" });
  const call = signed(key);
  for (const request of [call, call, signed(key)]) await fetch(url, request);
  expect(await (await fetch(`${inner}/metrics`)).json()).toEqual({
    calls: { refused: 1, accepted: 2, repeated: 1 },
    waiting: 2,
    running: false,
  });
  expect((await fetch(`${webhook}/metrics`)).status).toBe(404);
  expect((await fetch(`${(await openReceiver()).inner}/metrics`)).status).toBe(404);
});
