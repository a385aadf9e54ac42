import { inSpan, Secret, silentLog } from "@kubeferry/model";
import { type OtlpReceiver, otlpReceiver } from "@kubeferry/testbed";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { redact } from "../redactor.ts";
import { openTraces } from "./open-traces.ts";

const SERVICE = { version: "1.2.3" };
const PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

afterEach(() => vi.unstubAllEnvs());

async function receiver(answer?: number | "never"): Promise<OtlpReceiver> {
  const opened = await otlpReceiver(answer);
  onTestFinished(() => opened.close());
  return opened;
}

describe("spans that nobody collects", () => {
  it("have ids all the same: one trace from parent to child", async () => {
    const traces = await openTraces({}, {}, SERVICE);
    const span = traces.start("run", { parent: PARENT });
    expect(span.traceId).toBe("4bf92f3577b34da6a3ce929d0e0e4736");
    expect(span.child("step").traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
    expect(traces.start("another").traceId).not.toBe(span.traceId);
    expect(traces.start("misled", { parent: "00-zz" }).traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(await traces.close(1)).toBeUndefined();
  });

  it.each([
    ["switched off", { enabled: false }, {}],
    ["OTEL_SDK_DISABLED", {}, { OTEL_SDK_DISABLED: "True" }],
    ["OTEL_TRACES_EXPORTER", {}, { OTEL_TRACES_EXPORTER: "none" }],
  ])("are not sent, wherever an endpoint is written: %s", async (_name, settings, env) => {
    const { url, text } = await receiver();
    const traces = await openTraces(
      { endpoint: url, ...settings },
      { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...env },
      SERVICE,
    );
    traces.start("run").end();
    await traces.close(5_000);
    expect(text()).toBe("");
  });
});

describe("spans that are sent", () => {
  it("arrive with their names, their place, and what went wrong", async () => {
    const otlp = await receiver();
    const traces = await openTraces({ endpoint: otlp.url }, {}, SERVICE);
    const span = traces.start("cluster_backup", { parent: PARENT, attributes: { cluster: "a/b" }, links: [PARENT] });
    const call = { signal: new AbortController().signal, log: silentLog, span };
    const step = inSpan(call, "list_type", { objects: 3 }, () => Promise.reject(new Error("it broke")));
    await expect(step).rejects.toThrow("it broke");
    span.end();
    expect(await traces.close(5_000)).toBeUndefined();
    const [list, backup] = otlp.spans;
    const [, traceId, spanId] = PARENT.split("-");
    expect(backup).toMatchObject({ name: "cluster_backup", traceId, parentSpanId: spanId, failed: false });
    expect(backup).toMatchObject({ attributes: { cluster: "a/b" }, links: [traceId] });
    expect(list).toMatchObject({ name: "list_type", traceId, parentSpanId: backup?.spanId, failed: true });
    expect(span.traceparent).toBe(`00-${traceId}-${backup?.spanId}-01`);
    expect(otlp.resource).toMatchObject({ "service.name": "kubeferry", "service.version": "1.2.3" });
  });

  it("go where OpenTelemetry's variables say, under the name that they say", async () => {
    const [otlp, other] = [await receiver(), await receiver()];
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: other.url,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${otlp.url}/v1/traces`,
      OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=tenant-of-this-test",
      OTEL_SERVICE_NAME: "backups",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=prod",
    };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const traces = await openTraces({ endpoint: other.url, headers: new Secret("x-tenant=other") }, env, SERVICE);
    traces.start("run").end();
    await traces.close(5_000);
    expect(otlp.spans.map(({ name }) => name)).toEqual(["run"]);
    expect(otlp.headers["x-tenant"]).toBe("tenant-of-this-test");
    expect(otlp.resource).toMatchObject({ "service.name": "backups", "deployment.environment.name": "prod" });
    expect(other.text()).toBe("");
  });

  it("are none where the sampler takes none, and whoever goes on with the trace is told so", async () => {
    const { url, text } = await receiver();
    const traces = await openTraces({ endpoint: url }, { OTEL_TRACES_SAMPLER: "parentbased_always_off" }, SERVICE);
    const span = traces.start("run");
    expect(span.child("step").traceparent).toMatch(/-00$/);
    span.end();
    await traces.close(5_000);
    expect(text()).toBe("");
  });

  it("carry no secret, and send those of their headers only to the receiver", async () => {
    const otlp = await receiver();
    redact(new Secret("pl4nted-value"));
    const headers = new Secret("authorization=Bearer%20pl4nted-token");
    const traces = await openTraces({ endpoint: otlp.url, headers }, {}, SERVICE);
    const span = traces.start("run", { attributes: { one: "x pl4nted-value" } });
    span.set({ two: "https://bot:hunter2@host/pl4nted-token" });
    span.end(new Error("three pl4nted-value", { cause: new Error("four pl4nted-value") }));
    await traces.close(5_000);
    expect(otlp.headers.authorization).toBe("Bearer pl4nted-token");
    expect(otlp.spans[0]).toMatchObject({ attributes: { one: "x ***" }, failed: true });
    expect(otlp.text()).not.toMatch(/pl4nted|hunter2/);
  });
});

describe("a receiver that takes no spans", () => {
  it.each([
    ["refuses them", 400 as const, 60_000, "Bad Request"],
    // Sooner than the exporter itself would give up.
    ["does not answer", "never" as const, 300, "no answer within 0.3 s"],
  ])("costs a bounded time at the end, and is told once: it %s", async (_name, answer, withinMs, message) => {
    const { url } = await receiver(answer);
    const traces = await openTraces({ endpoint: url }, {}, SERVICE);
    traces.start("one").end();
    traces.start("two").end();
    const told = { url: `${url}/v1/traces`, spans: 2, error: expect.objectContaining({ message }) };
    expect(await traces.close(withinMs)).toMatchObject(told);
  });
});
