import { spawnSync } from "node:child_process";
import { missingServers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { processNotifications } from "../notification-counts.ts";
import { NO_GITOPS_RUNS } from "./count-gitops-run.ts";
import { renderGitOpsMetrics } from "./gitops-samples.ts";
import { renderDriftMetrics } from "./render-drift-metrics.ts";
import { renderDrill } from "./render-drill.ts";
import { measureProcess } from "./render-process-metrics.ts";

const LABELS = { cluster: "example.internal/small", series: "default" };

describe.skipIf(missingServers("prometheus"))("what is served and pushed, by promtool check metrics", () => {
  it.each([
    [
      "of a process",
      async () => {
        processNotifications.expect(["ops"]);
        return (await measureProcess("1.2.3"))();
      },
    ],
    [
      "of a drift check",
      () =>
        renderDriftMetrics({
          labels: LABELS,
          checkedMs: 1_000,
          comparisons: [
            { against: "git", objects: { missing: 1, changed: 2, unmanaged: 0 }, unreadTypes: 0 },
            { against: "snapshot", objects: { missing: 0, changed: 0, unmanaged: 3 }, unreadTypes: 1 },
          ],
          applications: [{ name: "shop-prod", sync: "Synced", health: "Healthy" }],
        }),
    ],
    [
      "of a drill",
      () => renderDrill({ labels: LABELS, ageSeconds: 60, durationSeconds: 1.5, differences: 0, lastSuccessMs: 1_000 }),
    ],
    [
      "of stage 2 and its receiver",
      () =>
        renderGitOpsMetrics(
          [
            {
              repository: "git.example.com/acme/fleet.git",
              counters: NO_GITOPS_RUNS,
              objects: 3,
              blockedObjects: 0,
              blockedSecrets: 0,
              frozenFolders: 0,
              heldBackRemovals: 0,
              openRequests: 1,
              lastSuccessMs: 1_000,
              snapshots: [{ cluster: "example.internal/small", takenMs: 1_000 }],
            },
          ],
          { calls: { accepted: 1 }, waiting: 0, running: false },
        ),
    ],
  ])("is what Prometheus' conventions want: metrics %s", async (_name, render) => {
    const input = await render();
    const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input, encoding: "utf8" });
    expect(stdout + stderr).toBe("");
    expect(status).toBe(0);
  });
});
