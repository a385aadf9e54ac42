import { KubeferryError, noteSecurityEvent } from "@kubeferry/model";
import { expect, it } from "vitest";
import { measureProcess } from "./index.ts";
import { processSecurityEvents } from "./security-events.ts";
import { openLog } from "./testing/open-log.ts";

class TestError extends KubeferryError<"denied"> {}

function denied(): TestError {
  const parts = { kind: "denied", who: "kube", operation: "list secrets", problem: "the server answered 403" } as const;
  return new TestError({ ...parts, security: "api-denied" });
}

it("a security event counts also below the level that is written, and on no other line", async () => {
  const { log, text } = openLog({ level: "error" });
  const before = processSecurityEvents.counts()["lease-conflict"] ?? 0;
  log.child({ cluster: "a/b" }).warn("taken over", { operation: "security_event", event: "lease-conflict" });
  log.warn("taken over", { operation: "lease", event: "lease-conflict" });
  await log.close();
  expect(text()).toBe("");
  expect(processSecurityEvents.counts()["lease-conflict"]).toBe(before + 1);
});

it("an error is one security event, however often it is told, also as the cause of another", async () => {
  const { log, json } = openLog();
  const call = { signal: new AbortController().signal, log };
  const error = denied();
  noteSecurityEvent(error, call);
  noteSecurityEvent(new Error("the run failed", { cause: error }), call);
  noteSecurityEvent(new Error("something else"), call);
  await log.close();
  expect(json()).toMatchObject([
    {
      level: "warn",
      operation: "security_event",
      data: { event: "api-denied", target: "kube: list secrets", reason: "the server answered 403" },
    },
  ]);
});

it("a process tells every kind from the beginning, its version, and what it takes of the machine", async () => {
  const text = await (await measureProcess("1.2.3"))();
  expect(text).toContain('kubeferry_build_info{version="1.2.3"} 1\n');
  expect(text).toMatch(/^kubeferry_security_events_total\{kind="path-escape"\} \d+$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
});
