import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { receiverCheckEvent } from "@kubeferry/announce";
import { expect, it, vi } from "vitest";
import { systemClock } from "../clock.ts";
import { eventOf, freshKey, type SignedRequest, signed } from "../testing/calls.ts";
import { openReceiver } from "../testing/open-receiver.ts";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function send(url: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, request);
  return { status: response.status, body: await response.json() };
}

function unsigned({ headers, ...request }: SignedRequest, name: string): SignedRequest {
  const { [name]: _dropped, ...rest } = headers;
  return { ...request, headers: rest };
}

it("takes a signed call, structured or binary, and answers before the run", async () => {
  const { url, key, runs } = await openReceiver();
  await vi.waitFor(() => expect(runs).toHaveLength(1));
  expect(await send(url, signed(key))).toEqual({ status: 202, body: { run: "queued" } });
  await vi.waitFor(() => expect(runs.map(({ trigger }) => trigger)).toEqual(["start", "call"]));
  const { data, specversion, type, id, source, time, subject } = eventOf();
  const ce = { specversion, type, id, source, time, subject };
  const headers = Object.fromEntries(Object.entries(ce).map(([name, value]) => [`ce-${name}`, value]));
  const binary = signed(key, {
    body: JSON.stringify(data),
    headers: { ...headers, "content-type": "application/json" },
  });
  expect((await send(url, binary)).status).toBe(202);
  await vi.waitFor(() => expect(runs).toHaveLength(3));
});

it("starts nothing for a call that only asks whether it is let in, which the right key alone is", async () => {
  const { url, key, runs } = await openReceiver();
  await vi.waitFor(() => expect(runs).toHaveLength(1));
  const body = JSON.stringify(receiverCheckEvent({ id: randomUUID(), now: new Date() }));
  expect(await send(url, signed(key, { body }))).toEqual({ status: 202, body: { run: "none" } });
  expect((await send(url, signed(freshKey(), { body }))).status).toBe(401);
  expect(await send(url, signed(key))).toMatchObject({ body: { run: "queued" } });
  await vi.waitFor(() => expect(runs.map(({ trigger }) => trigger)).toEqual(["start", "call"]));
});

it("refuses what is not signed by a key of ours, and says it to whoever guards the system", async () => {
  const { url, key, runs, log } = await openReceiver();
  const good = signed(key);
  const refused = [
    unsigned(good, "webhook-id"),
    unsigned(good, "webhook-timestamp"),
    unsigned(good, "webhook-signature"),
    signed(freshKey()),
    { ...good, body: good.body.replace("wrl62", "wrl63") },
  ];
  for (const request of refused) expect((await send(url, request)).status).toBe(401);
  expect(runs).toHaveLength(1);
  const events = log.filter(({ operation }) => operation === "security_event");
  expect(events.map(({ event, reason, target }) => `${event} ${reason} ${target}`)).toEqual([
    "call-refused unsigned 127.0.0.1",
    "call-refused unsigned 127.0.0.1",
    "call-refused unsigned 127.0.0.1",
    "call-refused forged 127.0.0.1",
    "call-refused forged 127.0.0.1",
  ]);
});

it.each([
  ["late", -301_000],
  ["early", 301_000],
])("refuses a call that is %s", async (_when, shiftMs) => {
  const { url, key } = await openReceiver();
  const answer = await send(url, signed(key, { timestamp: new Date(Date.now() + shiftMs) }));
  expect(answer.status).toBe(401);
});

it("takes calls that any of two keys signed", async () => {
  const [first, second] = [freshKey(), freshKey()];
  const { url } = await openReceiver({ settings: { keys: [first, second] } });
  expect((await send(url, signed(first))).status).toBe(202);
  expect((await send(url, signed(second))).status).toBe(202);
});

it("takes the next try of a call as done, without a second run", async () => {
  const { url, key, runs, log } = await openReceiver();
  const id = randomUUID();
  const body = JSON.stringify(eventOf());
  await send(url, signed(key, { id, body, timestamp: new Date(Date.now() - 5_000) }));
  await vi.waitFor(() => expect(runs).toHaveLength(2));
  expect(await send(url, signed(key, { id, body }))).toEqual({ status: 202, body: { run: "known" } });
  expect(log.filter(({ operation }) => operation === "security_event")).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(runs).toHaveLength(2);
});

it("gives a message that is played back no second run, and reports it", async () => {
  const { url, key, runs, log } = await openReceiver();
  const request = signed(key);
  await send(url, request);
  await vi.waitFor(() => expect(runs).toHaveLength(2));
  expect(await send(url, request)).toEqual({ status: 202, body: { run: "known" } });
  expect(log.filter(({ event }) => event === "call-refused").map(({ reason }) => reason)).toEqual(["replayed"]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(runs).toHaveLength(2);
});

it("remembers a call whose time is ahead for as long as it counts", async () => {
  const clock = { ...systemClock, aheadMs: 0 };
  const shifted = {
    ...clock,
    now: () => new Date(Date.now() + clock.aheadMs),
    monotonicMs: () => systemClock.monotonicMs() + clock.aheadMs,
  };
  const { url, key } = await openReceiver({ clock: shifted });
  const request = signed(key, { timestamp: new Date(Date.now() + 290_000) });
  expect((await send(url, request)).body).toEqual({ run: "queued" });
  clock.aheadMs = 500_000;
  expect((await send(url, request)).body).toEqual({ run: "known" });
  clock.aheadMs = 595_000;
  expect((await send(url, request)).status).toBe(401);
});

it("refuses a call that is too large, whether it says so or not", async () => {
  const { url, key, runs } = await openReceiver({ settings: { maxBodyBytes: 2_000 } });
  const body = JSON.stringify(eventOf("crc.testing/wrl62", { runId: "x".repeat(2_000) }));
  const said = signed(key, { body });
  expect(await send(url, said)).toEqual({ status: 413, body: { error: "the body is larger than 2000 bytes" } });
  const chunked = new Blob([said.body]).stream();
  const streamed = { ...said, body: chunked, duplex: "half" } as RequestInit;
  expect((await send(url, streamed)).status).toBe(413);
  expect(runs).toHaveLength(1);
});

it("says what is wrong with a signed call that is no event, and repeats nothing of it", async () => {
  const { url, key, runs, log } = await openReceiver();
  const other = JSON.stringify({ ...eventOf(), type: "io.example.planted-text" });
  const wrong = [
    signed(key, { body: other }),
    signed(key, { body: "planted-text" }),
    signed(key, { body: "" }),
    signed(key, { headers: { "content-type": "text/planted-text" } }),
    signed(key, { headers: { "content-type": "application/json" } }),
  ];
  for (const request of wrong) {
    const { status, body } = await send(url, request);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toContain("planted-text");
  }
  expect(runs).toHaveLength(1);
  expect(log.filter(({ operation }) => operation === "security_event")).toEqual([]);
  expect(log.filter(({ level, operation }) => level === "warn" && operation === "serve_call")).toHaveLength(5);
});

it("refuses a sender that calls too often", async () => {
  const { url, key, log } = await openReceiver({ settings: { callsPerMinute: 3 } });
  const statuses: number[] = [];
  for (let call = 0; call < 5; call++) statuses.push((await send(url, signed(key))).status);
  expect(statuses).toEqual([202, 202, 202, 429, 429]);
  expect(log.filter(({ event }) => event === "call-refused").map(({ reason }) => reason)).toEqual([
    "too-many",
    "too-many",
  ]);
});

it("shows nothing but health beside the calls", async () => {
  const { webhook, url } = await openReceiver();
  expect((await fetch(`${webhook}/healthz`)).status).toBe(200);
  expect((await fetch(`${webhook}/readyz`)).status).toBe(200);
  for (const path of ["/metrics", "/v1/runs", "/"]) expect((await fetch(`${webhook}${path}`)).status).toBe(404);
  expect((await fetch(url)).status).toBe(404);
});

it("takes a call in HTTP/1.0", async () => {
  const { webhook, key } = await openReceiver();
  const { headers, body } = signed(key);
  const lines = Object.entries({ ...headers, "content-length": Buffer.byteLength(body) }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const answer = await raw(webhook, `POST /v1/backup-complete HTTP/1.0\r\n${lines.join("")}\r\n${body}`);
  expect(answer).toMatch(/^HTTP\/1\.1 202 [\s\S]*\{"run":"queued"\}$/);
});

it("ends a connection that sends its headers or its body too slowly", async () => {
  const patience = { handshakeMs: 200, headersMs: 200, requestMs: 300, keepAliveMs: 200 };
  const { webhook } = await openReceiver({ patience });
  const head = "POST /v1/backup-complete HTTP/1.1\r\nhost: x\r\n";
  expect(await raw(webhook, head)).toContain("408");
  expect(
    await raw(webhook, `${head}content-type: application/cloudevents+json\r\ncontent-length: 9\r\n\r\n{`),
  ).toContain("408");
});

/** Sends bytes and waits for the other side to end the connection. */
async function raw(url: string, bytes: string): Promise<string> {
  const { port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(bytes);
  return text(socket);
}
