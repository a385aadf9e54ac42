import { expect, it, onTestFinished } from "vitest";
import { serveMetrics } from "./serve-metrics.ts";

const PLACE = { host: "127.0.0.1", port: 0, path: "/metrics" };

it("serves what is rendered at that moment, at its path only and for reading only", async () => {
  let scrapes = 0;
  const server = await serveMetrics(PLACE, async () => `scrapes ${++scrapes}\n`);
  onTestFinished(() => server.close());
  expect(await (await fetch(server.url)).text()).toBe("scrapes 1\n");
  expect(await (await fetch(`${server.url}?name=x`)).text()).toBe("scrapes 2\n");
  expect((await fetch(server.url, { method: "POST" })).status).toBe(405);
  const elsewhere = await fetch(server.url.replace("/metrics", "/other"));
  expect([elsewhere.status, await elsewhere.text()]).toEqual([404, "metrics are at /metrics\n"]);
});

it("answers 500 when nothing can be rendered, and goes on", async () => {
  let broken = true;
  const render = async () => (broken ? Promise.reject(new Error("broken")) : "fine\n");
  const server = await serveMetrics(PLACE, render);
  onTestFinished(() => server.close());
  expect((await fetch(server.url)).status).toBe(500);
  broken = false;
  expect(await (await fetch(server.url)).text()).toBe("fine\n");
});

it("says that the port is taken", async () => {
  const first = await serveMetrics(PLACE, async () => "");
  onTestFinished(() => first.close());
  const port = Number(new URL(first.url).port);
  await expect(serveMetrics({ ...PLACE, port }, async () => "")).rejects.toMatchObject({ kind: "port-taken" });
});
