import { type Call, type LogFields, Secret, silentLog } from "@kubeferry/model";
import type { NotificationsConfig } from "@kubeferry/shared-config";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createProcessMemory } from "./memory/process-memory.ts";
import type { Notification } from "./notification.ts";
import { createNotifier } from "./notifier.ts";
import { type HttpAnswer, type HttpReceiver, startHttpReceiver } from "./testing/http-receiver.ts";
import { around } from "./testing/surroundings.ts";

const news: Notification = {
  subject: { component: "backup", target: "crc.testing/wrl62" },
  outcome: "failure",
  title: "backup of crc.testing/wrl62 failed",
  text: "s3: put: denied: password hunter2\r\nsecond line",
  sameAs: "StorageError s3 denied",
  runId: "run-1",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
};

async function receiver(...answers: readonly (HttpAnswer | Promise<HttpAnswer>)[]): Promise<HttpReceiver> {
  const one = await startHttpReceiver(answers);
  onTestFinished(one.close);
  return one;
}

function notifierFor(urls: Readonly<Record<string, string>>, changes: Partial<NotificationsConfig> = {}) {
  const channels = Object.entries(urls).map(([name, url]) => [
    name,
    { type: "webhook" as const, url: new Secret(url), on: ["failure" as const], escalation: name === "boss" },
  ]);
  const settings: NotificationsConfig = {
    enabled: true,
    channels: Object.fromEntries(channels),
    escalateAfter: 2,
    repeatAfterMs: 3_600_000,
    timeoutMs: 10_000,
    ...changes,
  };
  const redact = (text: string) => text.replaceAll("hunter2", "***");
  return createNotifier({ settings, network: around.network, redact, now: around.now });
}

function listening(): { readonly call: Call; readonly lines: LogFields[] } {
  const lines: LogFields[] = [];
  const keep = (_message: string, fields: LogFields = {}): void => {
    lines.push(fields);
  };
  const log = { ...silentLog, debug: keep, info: keep, warn: keep };
  return { call: { signal: new AbortController().signal, log }, lines };
}

describe("telling", () => {
  it("sends the news without secrets, with its run and its trace", async () => {
    const ops = await receiver();
    await notifierFor({ ops: ops.url }).tell(news, createProcessMemory(), listening().call);
    expect(JSON.parse(ops.posted[0]?.body ?? "")).toMatchObject({
      event: "failure",
      title: "backup of crc.testing/wrl62 failed",
      text: "s3: put: denied: password ***\nsecond line",
      runId: "run-1",
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      failuresInARow: 1,
    });
  });

  it("goes on to the others where a channel fails, which is a warning that names it and not its URL", async () => {
    const [ops, broken] = [await receiver(), await receiver({ status: 404 })];
    const { call, lines } = listening();
    const urls = { broken: `${broken.url}/planted`, ops: ops.url };
    const deliveries = await notifierFor(urls).tell(news, createProcessMemory(), call);
    expect(deliveries.map(({ channel, error }) => [channel, error === undefined])).toEqual([
      ["broken", false],
      ["ops", true],
    ]);
    expect(ops.posted).toHaveLength(1);
    const warning = lines.find(({ status }) => status === "failed");
    expect(warning).toMatchObject({ operation: "notify", channel: "broken", outcome: "failure" });
    expect(String(warning?.error)).not.toContain("planted");
  });

  it("tells a channel that failed again at the next run, and the others not", async () => {
    const [ops, broken] = [await receiver(), await receiver({ status: 404 })];
    const memory = createProcessMemory();
    const notifier = notifierFor({ ops: ops.url, broken: broken.url });
    for (const _ of [1, 2, 3]) await notifier.tell(news, memory, listening().call);
    expect([ops.posted.length, broken.posted.length]).toEqual([1, 2]);
  });

  it("says what became of each message: held back is what a channel wants and was told not long ago", async () => {
    const [ops, boss] = [await receiver(), await receiver()];
    const memory = createProcessMemory();
    const { call, lines } = listening();
    const notifier = notifierFor({ ops: ops.url, boss: boss.url });
    for (const outcome of ["failure", "failure", "partial", "success"] as const) {
      await notifier.tell({ ...news, outcome }, memory, call);
    }
    expect(lines.map(({ channel, outcome, status }) => `${channel} ${outcome} ${status}`)).toEqual([
      "ops failure sent",
      "ops failure held-back",
      "boss escalated sent",
      "boss recovered sent",
    ]);
  });

  it("tries again what may get through, as late as the other end asks, with the same id", async () => {
    const ops = await receiver(
      { status: 503, headers: { "retry-after": "0" } },
      { status: 429, headers: { "retry-after": "0" } },
    );
    await notifierFor({ ops: ops.url }).tell(news, createProcessMemory(), listening().call);
    expect(ops.posted).toHaveLength(3);
    expect(new Set(ops.posted.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  });

  it("takes no longer than its time, with several channels that say nothing too", async () => {
    const [one, two] = [await receiver("silence"), await receiver("silence")];
    const notifier = notifierFor({ one: one.url, two: two.url }, { timeoutMs: 400 });
    const deliveries = await notifier.tell(news, createProcessMemory(), listening().call);
    const tooSlow = { error: { kind: "unavailable", message: expect.stringContaining("no answer within 0.4 s") } };
    expect(deliveries).toMatchObject([tooSlow, tooSlow]);
  });

  it("tells channels side by side: one that is slow keeps no other waiting", { timeout: 30_000 }, async () => {
    const otherWasTold = Promise.withResolvers<HttpAnswer>();
    const [slow, other] = [await receiver(otherWasTold.promise), await receiver()];
    const notifier = notifierFor({ slow: slow.url, other: other.url }, { timeoutMs: 20_000 });
    const telling = notifier.tell(news, createProcessMemory(), listening().call);
    await vi.waitFor(() => expect(other.posted).toHaveLength(1), { timeout: 15_000 });
    otherWasTold.resolve({ status: 200 });
    expect((await telling).map(({ error }) => error)).toEqual([undefined, undefined]);
  });

  it("does not wait for a receiver that wants to be left alone for longer than there is time", async () => {
    const ops = await receiver({ status: 429, headers: { "retry-after": "3600" } });
    const [delivery] = await notifierFor({ ops: ops.url }).tell(news, createProcessMemory(), listening().call);
    expect(delivery?.error).toMatchObject({ kind: "unavailable" });
    expect(ops.posted).toHaveLength(1);
  });

  it("says how many failures there were in a row where it escalates", async () => {
    const boss = await receiver();
    const memory = createProcessMemory();
    const notifier = notifierFor({ boss: boss.url });
    for (const _ of [1, 2, 3]) await notifier.tell(news, memory, listening().call);
    expect(boss.posted.map(({ body }) => JSON.parse(body))).toMatchObject([
      {
        event: "escalated",
        title: "escalated: backup of crc.testing/wrl62 failed",
        text: expect.stringMatching(/^2 failures in a row since 2026-03-01T02:00:00.000Z\n/),
      },
    ]);
  });

  it("stops when it is told to", async () => {
    const ops = await receiver("silence");
    const stop = new AbortController();
    const telling = notifierFor({ ops: ops.url }).tell(news, createProcessMemory(), {
      signal: stop.signal,
      log: silentLog,
    });
    stop.abort(new Error("stopped"));
    await expect(telling).rejects.toThrow("stopped");
  });
});
