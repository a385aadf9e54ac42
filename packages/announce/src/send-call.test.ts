import { Secret, silentLog, webhookKeyText } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { readEvent } from "./read-event.ts";
import { createCallSender, type SenderOptions } from "./send-call.ts";
import { EVENT } from "./testing/completed.ts";
import { receiverThat } from "./testing/receiver.ts";
import { checkCall } from "./verify.ts";

const KEYS = [1, 2].map((seed) => new Secret(webhookKeyText(Buffer.alloc(32, seed))));
const NOW = new Date("2026-03-01T02:00:08Z");

/** A sender whose waits take no time and are written down. */
function senderTo(url: string, changes: Partial<SenderOptions> = {}) {
  const waits: number[] = [];
  const pace = { now: () => NOW, random: () => 0, wait: async (ms: number) => void waits.push(ms) };
  const tls = {};
  const network = { noProxy: [] };
  const options = { url, keys: KEYS, timeoutMs: 2_000, attempts: 4, tls, network, pace, ...changes };
  return { sender: createCallSender(options), waits };
}

const call = () => ({ signal: new AbortController().signal, log: silentLog });
const failsAs = (kind: string) => expect.objectContaining({ kind });

describe("making a call", () => {
  it("sends the event signed with every key, and the trace it belongs to", async () => {
    await using receiver = await receiverThat({ status: 202 });
    await senderTo(receiver.url).sender.send(EVENT, call());
    const [arrived] = receiver.calls;
    const { headers = {}, body = Buffer.alloc(0) } = arrived ?? {};
    expect(readEvent(headers, body)).toEqual(EVENT);
    expect(headers.traceparent).toBe(EVENT.traceparent);
    for (const key of KEYS) {
      expect(checkCall({ headers, body, keys: [key], now: NOW, toleranceMs: 1_000 })).toEqual({ id: EVENT.id });
    }
  });

  it("tries again with the same id when there is no answer, waiting longer each time", async () => {
    await using receiver = await receiverThat("cut", { status: 503 }, { status: 200 });
    const { sender, waits } = senderTo(receiver.url);
    await sender.send(EVENT, call());
    expect(receiver.calls.map(({ headers }) => headers["webhook-id"])).toEqual([EVENT.id, EVENT.id, EVENT.id]);
    expect(waits).toEqual([1_000, 2_000]);
  });

  it.each([
    ["in seconds", "7", 7_000],
    ["as a date", "Sun, 01 Mar 2026 02:00:20 GMT", 12_000],
  ])("waits as long as a busy receiver asks for, %s", async (_, header, waitMs) => {
    await using receiver = await receiverThat({ status: 429, headers: { "retry-after": header } }, { status: 202 });
    const { sender, waits } = senderTo(receiver.url);
    await sender.send(EVENT, call());
    expect(waits).toEqual([waitMs]);
  });

  it("does not wait for one that wants to be left alone for long", async () => {
    await using receiver = await receiverThat({ status: 503, headers: { "retry-after": "3600" } });
    const { sender, waits } = senderTo(receiver.url);
    await expect(sender.send(EVENT, call())).rejects.toThrow(failsAs("unavailable"));
    expect([receiver.calls.length, waits]).toEqual([1, []]);
  });

  it.each([400, 401, 403, 404, 413, 302])("does not repeat what is refused: %i", async (status) => {
    await using receiver = await receiverThat({ status });
    await expect(senderTo(receiver.url).sender.send(EVENT, call())).rejects.toThrow(failsAs("refused"));
    expect(receiver.calls).toHaveLength(1);
  });

  it("gives up after the configured tries", async () => {
    await using receiver = await receiverThat({ status: 500 });
    const { sender } = senderTo(receiver.url, { attempts: 3 });
    await expect(sender.send(EVENT, call())).rejects.toThrow("the receiver answered 500");
    expect(receiver.calls).toHaveLength(3);
  });

  it("does not call a receiver that is away once more for every cluster", async () => {
    await using receiver = await receiverThat("cut");
    const { sender } = senderTo(receiver.url);
    for (const _ of [1, 2, 3, 4, 5]) {
      await expect(sender.send(EVENT, call())).rejects.toThrow(failsAs("unavailable"));
    }
    expect(receiver.calls).toHaveLength(8);
  });

  it("gives up one try after its time", async () => {
    await using receiver = await receiverThat("silent");
    const { sender } = senderTo(receiver.url, { timeoutMs: 50, attempts: 1 });
    await expect(sender.send(EVENT, call())).rejects.toThrow("no answer within 0.05 s");
  });

  it("stops when it is told to, also between two tries", async () => {
    await using receiver = await receiverThat({ status: 503 });
    const stop = new AbortController();
    const wait = async () => stop.abort(new Error("told to stop"));
    const { sender } = senderTo(receiver.url, { pace: { now: () => NOW, random: () => 0, wait } });
    await expect(sender.send(EVENT, { signal: stop.signal, log: silentLog })).rejects.toThrow("told to stop");
    expect(receiver.calls).toHaveLength(1);
  });

  it("refuses a proxy that is none without repeating it: it can hold a password", () => {
    const proxy = new Secret("ftp//user:hunter2@proxy");
    const open = () => senderTo("http://127.0.0.1:1/", { network: { proxy, noProxy: [] } });
    expect(open).toThrow(failsAs("key"));
    expect(open).not.toThrow("hunter2");
  });

  it("names a file of a certificate that cannot be read", () => {
    const open = () => senderTo("https://127.0.0.1:1/", { tls: { caFile: "/nowhere/ca.pem" } });
    expect(open).toThrow("/nowhere/ca.pem");
  });
});
