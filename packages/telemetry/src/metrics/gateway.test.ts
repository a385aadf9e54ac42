import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Secret, silentLog } from "@kubeferry/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Gateway, pushMetrics } from "./gateway.ts";
import { readPushed, readPushedGroup } from "./read-pushed.ts";

const call = { signal: new AbortController().signal, log: silentLog };
const LABELS = { cluster: "example.internal/small", series: "nightly run" };

describe("a gateway that takes pushes", () => {
  const seen: { method?: string | undefined; url?: string | undefined; authorization?: string | undefined }[] = [];
  const answer = { status: 200, body: "" };
  let server: Server;
  let gateway: Gateway;

  beforeEach(async () => {
    seen.length = 0;
    Object.assign(answer, { status: 200, body: "" });
    server = createServer(({ method, url, headers: { authorization } }, response) => {
      seen.push({ method, url, authorization });
      response.writeHead(answer.status).end(answer.body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    gateway = { url, job: "kube ferry", username: "bot", password: new Secret("hunter2!") };
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it("is sent what this job, cluster and series has, without touching its other metrics", async () => {
    await pushMetrics(gateway, LABELS, "x 1\n", call);
    const cluster = Buffer.from(LABELS.cluster).toString("base64url");
    const url = `/metrics/job/kube%20ferry/cluster@base64/${cluster}/series/nightly%20run`;
    expect(seen).toEqual([
      { method: "POST", url, authorization: `Basic ${Buffer.from("bot:hunter2!").toString("base64")}` },
    ]);
  });

  it("says no: the error names what to check, and neither the password nor what was answered", async () => {
    Object.assign(answer, { status: 401, body: "hunter2! is wrong" });
    const error = await pushMetrics(gateway, LABELS, "x 1\n", call).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "refused", next: "check metrics.push.username and metrics.push.password" });
    expect(String(error)).not.toContain("hunter2!");
  });

  it.each([
    ["is no Pushgateway", "<html>"],
    [
      "has nothing of this cluster",
      '{"data":[{"labels":{"job":"kube ferry","cluster":"other","series":"nightly run"}}]}',
    ],
  ])("%s: nothing is known of earlier pushes", async (_name, body) => {
    Object.assign(answer, { body });
    expect(await readPushed(gateway, LABELS, call)).toBeUndefined();
  });

  it("knows what became of messages, by channel, and passes over outcomes that it does not know", async () => {
    const counted = (channel: string, outcome: string, value: string) => ({ labels: { channel, outcome }, value });
    const metrics = [counted("ops", "sent", "3"), counted("ops", "failed", "1"), counted("boss", "eaten", "9")];
    const group = { labels: { job: "kube ferry", ...LABELS }, kubeferry_notifications_total: { metrics } };
    Object.assign(answer, { body: JSON.stringify({ data: [group] }) });
    expect((await readPushedGroup(gateway, LABELS, call))?.notifications).toEqual({ ops: { sent: 3, failed: 1 } });
  });
});
