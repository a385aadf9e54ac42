import { loadConfig } from "@kubeferry/shared-config";
import { expect, it } from "vitest";
import { writeConfig } from "../testing/workspace.ts";
import { createLineCounts } from "./line-counts.ts";

const CHANNEL = { type: "webhook", url: "http://127.0.0.1:9/" };

async function countsWith(notifications: object) {
  const file = await writeConfig({ store: { type: "folder", path: "/nowhere" }, notifications });
  const { config } = await loadConfig({ files: [file], env: {} });
  return createLineCounts(config);
}

async function channelLines(text: Promise<string>): Promise<readonly string[]> {
  return (await text).split("\n").filter((line) => line.startsWith("kubeferry_notifications_total"));
}

it("messages of a run are added to what earlier runs pushed; a channel that nothing went through is zero", async () => {
  const counts = await countsWith({ enabled: true, channels: { ops: CHANNEL, boss: CHANNEL } });
  counts.see({ operation: "notify", channel: "ops", outcome: "failure", status: "failed" });
  expect(await channelLines(counts.render({ notifications: { ops: { sent: 4, failed: 1 } } }))).toEqual([
    'kubeferry_notifications_total{channel="ops",outcome="sent"} 4',
    'kubeferry_notifications_total{channel="ops",outcome="failed"} 2',
    'kubeferry_notifications_total{channel="ops",outcome="held-back"} 0',
    'kubeferry_notifications_total{channel="boss",outcome="sent"} 0',
    'kubeferry_notifications_total{channel="boss",outcome="failed"} 0',
    'kubeferry_notifications_total{channel="boss",outcome="held-back"} 0',
  ]);
});

it("nothing is said of messages where nobody is told", async () => {
  const counts = await countsWith({ enabled: false, channels: { ops: CHANNEL } });
  expect(await channelLines(counts.render(undefined))).toEqual([]);
  expect(await counts.render(undefined)).toContain('kubeferry_security_events_total{kind="api-denied"} 0\n');
});
