import type { ResourceType } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import type { KubeApi } from "../kube-api.ts";
import { type Fault, startFaultProxy } from "../testing/fault-proxy.ts";
import { configMapPage, sendJson, sendStatus, startFaultyApi } from "../testing/faulty-api.ts";
import { openTestApi } from "../testing/test-api.ts";
import { callWithWarnings, testCall } from "../testing/test-call.ts";

const type = (resource: string, kind: string): ResourceType => ({
  group: "",
  version: "v1",
  resource,
  kind,
  namespaced: true,
  verbs: ["list"],
});
const configMaps = type("configmaps", "ConfigMap");
const BREAKER = { failures: 4, openMs: 1_500 };

describe.skipIf(missingServers("kube-apiserver"))("a real API server behind a network with faults", () => {
  it.each<[string, Fault]>([
    ["slow answers", { kind: "latency", ms: 300 }],
    ["a connection that is reset", { kind: "reset" }],
    ["a connection on which no answer comes", { kind: "half-open" }],
    ["503 of a proxy in between", { kind: "status", status: 503 }],
    ["429 with Retry-After", { kind: "status", status: 429, headers: { "retry-after": "1" } }],
    ["an answer that is cut", { kind: "truncate", bytes: 400 }],
  ])("is listed whole and once in spite of %s", { timeout: 60_000 }, async (_, fault) => {
    const server = await servers.kubeApi();
    const namespace = await server.freshNamespace();
    for (const name of ["a", "b", "c", "d"]) {
      await server.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { name } });
    }
    const proxy = await startFaultProxy(server);
    // Every other request meets it.
    proxy.inject((_path, number) => (number % 2 === 1 ? fault : undefined));
    const { api } = openTestApi({ kubeconfig: proxy.kubeconfig, requestTimeoutMs: 1_000 });
    expect(await namesIn(api, namespace, 2)).toEqual(["a", "b", "c", "d"].map((name) => `${namespace}/${name}`));
  });

  it("that is gone is left alone, probed once, and asked again when it is back", { timeout: 60_000 }, async () => {
    const server = await servers.kubeApi();
    const proxy = await startFaultProxy(server);
    const { api } = openTestApi({ kubeconfig: proxy.kubeconfig }, {}, { now: 0 }, BREAKER);
    const { call, warnings } = callWithWarnings();
    proxy.inject(() => ({ kind: "reset" }));
    await expect(api.get("/version", call)).rejects.toMatchObject({ kind: "unavailable", unanswered: "no-answer" });
    await expect(api.get("/version", call)).rejects.toMatchObject({ kind: "unavailable", unanswered: "not-sent" });
    expect(proxy.asked).toHaveLength(BREAKER.failures);
    expect(warnings).toContain("the API server does not answer and is left alone");
    const refused = api.get("/version", call);
    await expect(refused).rejects.toThrow(
      /^kube: get \/version: unavailable: not sent: 4 requests in a row had no answer, breaker open, next try in [12] s; check that the API server runs/,
    );
    expect(proxy.asked).toHaveLength(BREAKER.failures);

    // One goes through to see; it finds the server still gone.
    await new Promise((resolve) => setTimeout(resolve, BREAKER.openMs + 50));
    const others = await Promise.allSettled(Array.from({ length: 8 }, () => api.get("/version", call)));
    expect(others.map(({ status }) => status)).toEqual(Array(8).fill("rejected"));
    expect(proxy.asked).toHaveLength(BREAKER.failures + 1);

    proxy.inject(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, BREAKER.openMs + 50));
    await Promise.all(Array.from({ length: 8 }, () => api.get("/version", call)));
    expect(proxy.asked).toHaveLength(BREAKER.failures + 1 + 8);
  });

  it("is not left alone for refusing: 503, 403 and 404 are answers", { timeout: 60_000 }, async () => {
    const server = await servers.kubeApi();
    const proxy = await startFaultProxy(server);
    const { api } = openTestApi({ kubeconfig: proxy.kubeconfig }, {}, { now: 0 }, BREAKER);
    proxy.inject(() => ({ kind: "status", status: 503 }));
    for (let round = 0; round < 4; round++) {
      await expect(api.get("/version", testCall)).rejects.toMatchObject({ status: 503, unanswered: undefined });
    }
    expect(proxy.asked).toHaveLength(12);
  });
});

describe("lists at the same time", () => {
  it("are halved when the server has too much to do, and come back one by one", async () => {
    let inFlight = 0;
    let most = 0;
    let tooMuch = true;
    const { kubeconfig } = await startFaultyApi((_, response) => {
      if (tooMuch) return sendStatus(response, 429, { reason: "TooManyRequests" }, { "retry-after": "1" });
      inFlight++;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight--;
        sendJson(response, 200, configMapPage(["a"]));
      }, 10);
    });
    const { api } = openTestApi({ kubeconfig, connections: 8, retry: { attempts: 1, delayMs: 1 } });
    const sixteen = () => Promise.allSettled(Array.from({ length: 16 }, () => namesIn(api, "shop", 500)));
    await sixteen();
    tooMuch = false;
    await sixteen();
    // Eight were refused together: that halves once. The eight behind them were refused again.
    expect(most).toBeLessThanOrEqual(4);
    most = 0;
    for (let round = 0; round < 6; round++) await sixteen();
    expect(most).toBe(8);
  });

  it("ask for half as many objects a page after the server needed too long for one", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response, number) => {
      if (number === 1) return sendStatus(response, 504, { reason: "Timeout" });
      sendJson(response, 200, configMapPage([`a-${number}`], number === 2 ? "next" : ""));
    });
    await namesIn(openTestApi({ kubeconfig }).api, "shop", 500);
    expect(asked.map(({ query }) => query.get("limit"))).toEqual(["500", "250", "250"]);
  });
});

describe("every wait", () => {
  const stopped = new Error("the operator pressed Ctrl-C");

  it("for a turn to list ends at once when the caller stops", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => {
      response.writeHead(200).write('{"metadata":{},"items":[');
    });
    const { api } = openTestApi({ kubeconfig, connections: 1 });
    const holder = new AbortController();
    const first = namesIn(api, "shop", 500, { ...testCall, signal: holder.signal });
    const controller = new AbortController();
    const second = namesIn(api, "shop", 500, { ...testCall, signal: controller.signal });
    setTimeout(() => controller.abort(stopped), 20);
    await expect(second).rejects.toBe(stopped);
    holder.abort(stopped);
    await expect(first).rejects.toBe(stopped);
  });

  it("for the rate of requests ends at once, and requests keep their distance", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => sendJson(response, 200, {}));
    const { api, waits } = openTestApi({ kubeconfig, requestsPerSecond: 4 });
    await Promise.all(Array.from({ length: 4 }, () => api.get("/version", testCall)));
    expect(waits).toEqual([250, 500, 750]);
    expect(asked).toHaveLength(4);
    await expect(api.get("/version", { ...testCall, signal: AbortSignal.abort(stopped) })).rejects.toBe(stopped);
  });

  it("for another request's probe ends at once", async () => {
    const { kubeconfig } = await startFaultyApi((_, response, number) => {
      if (number <= 3) response.destroy();
    });
    const { api } = openTestApi({ kubeconfig }, {}, { now: 0 }, { failures: 3, openMs: 50 });
    await expect(api.get("/version", testCall)).rejects.toMatchObject({ unanswered: "no-answer" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const holder = new AbortController();
    const probe = api.get("/version", { ...testCall, signal: holder.signal });
    const controller = new AbortController();
    const behind = api.get("/version", { ...testCall, signal: controller.signal });
    setTimeout(() => controller.abort(stopped), 20);
    await expect(behind).rejects.toBe(stopped);
    holder.abort(stopped);
    await expect(probe).rejects.toBe(stopped);
  });
});

async function namesIn(api: KubeApi, namespace: string, pageSize: number, call = testCall): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of api.list(configMaps, { pageSize, namespace }, call)) {
    if (key.startsWith(`${namespace}/`)) names.push(key);
  }
  return names;
}
