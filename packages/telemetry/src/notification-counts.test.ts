import { expect, it } from "vitest";
import { measureProcess } from "./index.ts";
import { addNotifications, createNotificationCounter, processNotifications } from "./notification-counts.ts";
import { openLog } from "./testing/open-log.ts";

const told = { operation: "notify", channel: "ops", outcome: "failure" } as const;

it("a message counts by channel and by what became of it, and no other line of its operation does", () => {
  const counter = createNotificationCounter();
  counter.expect(["ops", "constructor"]);
  for (const status of ["sent", "sent", "failed", "held-back", "lost"]) counter.see({ ...told, status });
  counter.see({ operation: "notify" });
  counter.see({ ...told, operation: "announce", status: "sent" });
  expect(counter.counts()).toEqual({ ops: { sent: 2, failed: 1, "held-back": 1 }, constructor: {} });
});

it("what earlier processes counted is added channel by channel, and what one of both lacks is the other's", () => {
  expect(
    addNotifications({ ops: { sent: 2 }, gone: { failed: 1 } }, { ops: { sent: 1, failed: 1 }, constructor: {} }),
  ).toEqual({ ops: { sent: 3, failed: 1 }, gone: { failed: 1 }, constructor: {} });
});

it("a process tells each channel and outcome from the beginning, and counts below the level that is written", async () => {
  processNotifications.expect(["pager"]);
  const { log, text } = openLog({ level: "error" });
  log.debug("the same was told", { ...told, channel: "pager", status: "held-back" });
  await log.close();
  expect(text()).toBe("");
  const metrics = await (await measureProcess("1.2.3"))();
  expect(metrics.split("\n").filter((line) => line.includes('channel="pager"'))).toEqual([
    'kubeferry_notifications_total{channel="pager",outcome="sent"} 0',
    'kubeferry_notifications_total{channel="pager",outcome="failed"} 0',
    'kubeferry_notifications_total{channel="pager",outcome="held-back"} 1',
  ]);
});
