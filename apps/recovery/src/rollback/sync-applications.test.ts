import { testCall } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import type { ApplicationState, ArgoCd } from "./applications.ts";
import { syncApplications } from "./sync-applications.ts";

const REVISION = "a".repeat(40);
const OLD = { phase: "Succeeded", revision: "b".repeat(40), startedAt: "2026-11-21T06:00:00Z", message: "" };
const IDLE: ApplicationState = {
  name: "shop-prod",
  busy: false,
  last: OLD,
  sync: "OutOfSync",
  revision: REVISION,
  health: "Healthy",
  outOfSync: { objects: 2, toBePruned: 0 },
  object: {},
};
const OURS = { ...OLD, revision: REVISION, startedAt: "2026-11-21T07:00:00Z" };

/** An Argo CD that says one state after the other, the last one for good; a look costs a second. */
function saying(...states: readonly (ApplicationState | undefined)[]) {
  const seen = { looks: 0, requests: [] as string[], nowMs: 0 };
  const argo: ArgoCd = {
    patience: {
      timeoutMs: 10_000,
      pollMs: 1_000,
      now: () => seen.nowMs,
      sleep: async (ms) => {
        seen.nowMs += ms;
      },
    },
    check: async () => undefined,
    read: async () => states[Math.min(seen.looks++, states.length - 1)],
    requestSync: async ({ name }, { revision, prune }) => {
      seen.requests.push(`${name} ${revision.slice(0, 4)}${prune ? " prune" : ""}`);
      return true;
    },
  };
  return { argo, seen };
}

async function sync(argo: ArgoCd, prune = false) {
  const [report] = await syncApplications([{ name: "shop-prod", prune }], REVISION, argo, testCall);
  return report;
}

describe("an Application", () => {
  it("is asked once for a sync to the commit, and waited for until it is Synced and Healthy", async () => {
    const under = { ...IDLE, busy: true };
    const { argo, seen } = saying(IDLE, under, { ...IDLE, last: OURS }, { ...IDLE, last: OURS, sync: "Synced" });
    expect(await sync(argo, true)).toEqual({ name: "shop-prod", outcome: "synced", sync: "Synced", health: "Healthy" });
    expect(seen.requests).toEqual(["shop-prod aaaa prune"]);
  });

  it("that is there already is asked for nothing", async () => {
    const { argo, seen } = saying({ ...IDLE, sync: "Synced" });
    expect(await sync(argo)).toMatchObject({ outcome: "synced" });
    expect(seen.requests).toEqual([]);
  });

  it("is not asked while another sync is under way", async () => {
    const { argo, seen } = saying({ ...IDLE, busy: true });
    expect(await sync(argo)).toMatchObject({ outcome: "timeout", message: "another sync was under way all the time" });
    expect(seen.requests).toEqual([]);
  });

  it("whose sync failed is told with what Argo CD says, and not waited for any longer", async () => {
    const failed = { ...IDLE, last: { ...OURS, phase: "Failed", message: "one or more objects failed to apply" } };
    const { argo, seen } = saying(IDLE, failed);
    expect(await sync(argo)).toMatchObject({ outcome: "failed", message: "one or more objects failed to apply" });
    expect(seen.nowMs).toBe(1_000);
  });

  it("whose earlier sync failed is asked again, and that failure is not taken for this one's", async () => {
    const before = { ...IDLE, last: { ...OLD, revision: REVISION, phase: "Failed", message: "old" } };
    const { argo, seen } = saying(before, before, { ...IDLE, last: OURS, sync: "Synced" });
    expect(await sync(argo)).toMatchObject({ outcome: "synced" });
    expect(seen.requests).toHaveLength(1);
  });

  it("that does not become healthy in time is a timeout with what it says", async () => {
    const { argo, seen } = saying(IDLE, { ...IDLE, last: OURS, sync: "Synced", health: "Progressing" });
    expect(await sync(argo)).toMatchObject({ outcome: "timeout", sync: "Synced", health: "Progressing" });
    expect(seen.nowMs).toBe(10_000);
  });

  it("that does not prune is done when nothing but what is to be pruned is out of sync", async () => {
    const { argo } = saying(IDLE, { ...IDLE, last: OURS, outOfSync: { objects: 1, toBePruned: 1 } });
    expect(await sync(argo)).toMatchObject({
      outcome: "synced",
      sync: "OutOfSync",
      message: "1 no longer in Git and still in the cluster: this Application does not prune",
    });
  });

  it("that Argo CD does not have is missing", async () => {
    const { argo } = saying(undefined);
    expect(await sync(argo)).toEqual({ name: "shop-prod", outcome: "missing", sync: "", health: "" });
  });
});
